// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FUTURE_LEG} from "../interfaces/ClearingTypes.sol";
import {IMargin} from "../interfaces/IMargin.sol";
import {LadderLayout} from "./LadderLayout.sol";
import {ChainBook, StrikeBook} from "./MarginTypes.sol";
import {VolScale} from "./VolScale.sol";

/// @title One chain of an account: its positions beside what the ladder says of their strikes
/// @notice Put and call of a strike become one quantity of the posted put and a forward (parity), before any value is read.
library ChainBooks {
    uint256 private constant WAD = 1e18;
    /// @dev Header and the longest table.
    uint256 private constant HEAD_BYTES = 22 * 32;

    /// @notice Reads the header, the positions and the entries that they need.
    /// @param record Storage word of the chain.
    /// @param chain Its number, for errors.
    /// @param first Index of the chain's first word in `pages`.
    function read(uint256 record, uint256 chain, uint256[] memory pages, uint256 first, uint256 positions)
        internal
        view
        returns (ChainBook memory book)
    {
        book.market = uint16(record);
        book.expiry = uint40(record >> 16);
        book.status = uint8(record >> 80);
        address blob = address(uint160(record >> 96));
        uint256 head = _free();
        if (blob != address(0)) {
            book.hasLadder = true;
            _reserve(HEAD_BYTES);
            assembly ("memory-safe") {
                extcodecopy(blob, head, 1, HEAD_BYTES)
            }
            _header(book, head);
        }
        _positions(book, head, chain, pages, first, positions);
        if (book.hasLadder) _entries(book, blob, head);
    }

    /// @notice Adds what depends on the time and on the parameters.
    function revive(ChainBook memory book, uint256 volScanUp, uint256 volScanDown) internal view {
        unchecked {
            book.time = book.expiry > block.timestamp ? book.expiry - block.timestamp : 0;
            uint256 scale = VolScale.scaleOf(book.time);
            book.upFactor = VolScale.upFactor(volScanUp, scale);
            book.downFactor = VolScale.downFactor(volScanDown, scale);
            book.credit = creditOf(book.time);
        }
    }

    /// @notice Gives the strikes of a chain without a ladder, so that it can be valued at its settlement price.
    function list(ChainBook memory book, uint256 chain, uint128[] memory strikes, uint256 kind) internal pure {
        unchecked {
            book.kind = kind;
            (book.slope, book.cost, book.gross) = (0, 0, 0);
            for (uint256 i; i < book.strikes.length; ++i) {
                StrikeBook memory s = book.strikes[i];
                if (s.words >= strikes.length) revert IMargin.Margin_UnknownLeg(chain, s.words, strikes.length);
                s.strike = strikes[s.words];
            }
            _fold(book);
        }
    }

    /// @notice 0.97 e^(-0.05 T), wad, rounded down: what a positive stressed value is worth as backing (risk-policy B6).
    /// @dev Seven terms of the series; up to ten years they leave 2e-7.
    function creditOf(uint256 time) internal pure returns (uint256) {
        unchecked {
            // At most 2^40 s: x below 2^76, and the alternating sum stays positive for x < 1.
            uint256 x = time * 0.05e18 / 365 days;
            if (x > WAD) x = WAD;
            uint256 sum = WAD - x / 7;
            for (uint256 n = 6; n > 0; --n) {
                sum = WAD - x * sum / WAD / n;
            }
            return sum * 97 / 100;
        }
    }

    function _header(ChainBook memory book, uint256 head) private pure {
        unchecked {
            (uint256 w0, uint256 w1, uint256 w2, uint256 w3) = (_load(head), _load(head + 32), _load(head + 64), _load(head + 96));
            book.base = uint128(w0);
            book.forwardRatio = uint64(w0 >> 128);
            book.atmVol = w0 >> 192;
            book.version = uint32(w1);
            book.asOf = uint40(w1 >> 32);
            book.upScale = uint48(w1 >> 136);
            book.downScale = uint48(w1 >> 184);
            book.nodes = uint8(w1 >> 240);
            book.unitExponent = int256(w1 >> 248) - LadderLayout.BIAS;
            book.first = int32(uint32(w2));
            book.spacing = uint32(w2 >> 32);
            book.nearSpacing = uint32(w2 >> 64);
            book.kind = uint8(w2 >> 96);
            book.lowest = uint64(w2 >> 104);
            book.ratio = uint64(w2 >> 168);
            book.validUntil = uint40(w3 >> 168);
        }
    }

    function _positions(ChainBook memory book, uint256 head, uint256 chain, uint256[] memory pages, uint256 first, uint256 positions)
        private
        pure
    {
        unchecked {
            if (first + (positions + 4) / 5 > pages.length) revert IMargin.Margin_PageMissing(chain, pages.length);
            StrikeBook[] memory strikes = new StrikeBook[](positions);
            uint256 count;
            uint256 last = type(uint256).max;
            int256 puts;
            int256 calls;
            for (uint256 i; i < positions; ++i) {
                uint256 field = pages[first + i / 5] >> 48 * (i % 5);
                uint256 leg = uint8(field);
                int256 lots = int40(int256(field >> 8));
                if (leg == FUTURE_LEG) {
                    book.futures += lots;
                    continue;
                }
                if (leg >> 1 != last) {
                    last = leg >> 1;
                    _strike(strikes[count++], book, head, chain, last);
                }
                if (leg & 1 == 0) {
                    strikes[count - 1].puts += lots;
                    puts += lots;
                } else {
                    strikes[count - 1].calls += lots;
                    calls += lots;
                }
            }
            assembly ("memory-safe") {
                // Never longer than it was allocated.
                mstore(strikes, count)
            }
            book.strikes = strikes;
            book.shortLots = (puts < 0 ? uint256(-puts) : 0) + (calls < 0 ? uint256(-calls) : 0);
            _fold(book);
        }
    }

    function _strike(StrikeBook memory s, ChainBook memory book, uint256 head, uint256 chain, uint256 index) private pure {
        unchecked {
            if (!book.hasLadder) {
                s.words = index;
                return;
            }
            uint256 strikes = uint8(_load(head + 32) >> 232);
            if (index >= strikes) revert IMargin.Margin_UnknownLeg(chain, index, strikes);
            uint256 fields = _load(head + 128 + 32 * (index >> 2)) >> 64 * (index & 3);
            s.strike = uint32(fields) * uint256(uint128(_load(head + 96)));
            s.volBps = uint24(fields >> 32);
            s.shift = uint256(int256(uint256(uint8(fields >> 56))) - LadderLayout.BIAS - book.unitExponent);
            s.words = index;
        }
    }

    /// @dev Parity: a vanilla call is its put and F - K, a digital one a dollar less its put.
    function _fold(ChainBook memory book) private pure {
        unchecked {
            for (uint256 i; i < book.strikes.length; ++i) {
                StrikeBook memory s = book.strikes[i];
                int256 net;
                if (book.kind == 0) {
                    net = s.puts + s.calls;
                    book.slope += s.calls;
                    book.cost += s.calls * int256(s.strike);
                } else {
                    net = s.puts - s.calls;
                    book.cost -= s.calls * int256(WAD);
                }
                s.net = net << s.shift;
                book.gross += uint256(s.net < 0 ? -s.net : s.net);
            }
        }
    }

    function _entries(ChainBook memory book, address blob, uint256 head) private view {
        unchecked {
            uint256 strikes = uint8(_load(head + 32) >> 232);
            uint256 size = 32 * LadderLayout.entryWords(book.nodes);
            uint256 start = 1 + 32 * (LadderLayout.HEADER_WORDS + LadderLayout.tableWords(strikes));
            for (uint256 i; i < book.strikes.length; ++i) {
                StrikeBook memory s = book.strikes[i];
                uint256 from = start + s.words * size;
                uint256 to = _free();
                _reserve(size);
                assembly ("memory-safe") {
                    extcodecopy(blob, to, from, size)
                }
                s.words = to;
            }
        }
    }

    function _free() private pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := mload(0x40)
        }
    }

    function _reserve(uint256 size) private pure {
        assembly ("memory-safe") {
            mstore(0x40, add(mload(0x40), size))
        }
    }

    function _load(uint256 place) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(place)
        }
    }
}
