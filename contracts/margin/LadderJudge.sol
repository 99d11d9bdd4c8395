// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILadderJudge} from "../interfaces/ILadderJudge.sol";
import {LadderForm} from "./LadderForm.sol";
import {LadderHeader, LadderLayout} from "./LadderLayout.sol";
import {LadderFrame, LadderStrike, LadderWords} from "./LadderWords.sol";

/// @title Judge of a ladder's words
contract LadderJudge is ILadderJudge {
    struct Ladder {
        bytes data; // the blob without its first byte
        LadderHeader header;
        LadderFrame frame;
        uint256 words; // of an entry
    }

    /// @inheritdoc ILadderJudge
    function requireShapes(address blob) external view {
        Ladder memory l = _read(blob);
        uint256 nearRatio = LadderWords.nearRatioOf(l.header);
        uint256[] memory words = new uint256[](l.words);
        uint256 size = 32 * l.words;
        uint256 from = 32 * (1 + LadderLayout.entryAt(l.header.strikes, l.header.nodes, 0)); // behind the length
        bytes memory data = l.data;
        for (uint256 entry = 0; entry < l.header.strikes; ++entry) {
            assembly ("memory-safe") {
                mcopy(add(words, 32), add(data, add(from, mul(entry, size))), size)
            }
            (uint256 place, uint256 fault) = LadderForm.faultOf(l.frame, _strikeOf(l, entry), words, l.header.ratio, nearRatio);
            if (place < words.length) revert LadderJudge_Shape(entry, place, fault);
        }
    }

    /// @inheritdoc ILadderJudge
    function requireWords(address blob, uint256 from, uint256 to) external view {
        Ladder memory l = _read(blob);
        if (from > to || to > l.header.strikes) revert LadderJudge_OutOfRange(to, 0, l.header.strikes, l.words);
        for (uint256 entry = from; entry < to; ++entry) {
            LadderStrike memory strike = _strikeOf(l, entry);
            for (uint256 word = 0; word < l.words; ++word) {
                uint256 lane = LadderWords.faultOf(l.frame, strike, word, _entryWord(l, entry, word));
                if (lane != LadderWords.LANES) revert LadderJudge_WordOff(entry, word, lane);
            }
        }
    }

    /// @inheritdoc ILadderJudge
    function laneOff(address blob, uint256 entry, uint256 word) external view returns (uint256 lane) {
        Ladder memory l = _read(blob);
        if (entry >= l.header.strikes || word >= l.words) revert LadderJudge_OutOfRange(entry, word, l.header.strikes, l.words);
        return LadderWords.faultOf(l.frame, _strikeOf(l, entry), word, _entryWord(l, entry, word));
    }

    function _read(address blob) private view returns (Ladder memory l) {
        uint256 size = blob.code.length - 1;
        bytes memory data = new bytes(size);
        assembly ("memory-safe") {
            extcodecopy(blob, add(data, 32), 1, size)
        }
        l.data = data;
        l.header = LadderLayout.unpack(_word(data, 0), _word(data, 1), _word(data, 2), _word(data, 3));
        l.frame = LadderWords.frameOf(l.header);
        l.words = LadderLayout.entryWords(l.header.nodes);
    }

    function _strikeOf(Ladder memory l, uint256 entry) private pure returns (LadderStrike memory) {
        return LadderWords.strikeOf(l.frame, l.header.tick, _word(l.data, LadderLayout.HEADER_WORDS + entry / 4), entry);
    }

    function _entryWord(Ladder memory l, uint256 entry, uint256 word) private pure returns (uint256) {
        return _word(l.data, LadderLayout.entryAt(l.header.strikes, l.header.nodes, entry) + word);
    }

    function _word(bytes memory data, uint256 i) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(data, add(32, shl(5, i))))
        }
    }
}
