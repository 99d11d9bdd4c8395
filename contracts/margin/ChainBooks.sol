// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FUTURE_LEG} from "../interfaces/ClearingTypes.sol";
import {IMargin} from "../interfaces/IMargin.sol";
import {LadderLayout} from "./LadderLayout.sol";
import {ChainBook, STRIKE_BYTES} from "./MarginTypes.sol";
import {VolScale} from "./VolScale.sol";

/// @title One chain of an account: its positions beside what the ladder says of their strikes
/// @notice Put and call of a strike become one quantity of the posted put and a forward (parity), before any value is read.
/// @dev A strike is a record of seven words in memory: strike (USD wad), puts, calls (lots), net (lots of the posted put that all of it is worth, in units of the
/// chain's exponent), vol at the post (bps), exponent above the chain's, number of the strike in its chain.
library ChainBooks {
    uint256 private constant WAD = 1e18;
    /// @dev Header and the longest table.
    uint256 private constant HEAD_BYTES = 22 * 32;
    uint256 private constant BOOK_BYTES = 59 * 32;
    uint256 private constant NO_LEG = type(uint256).max;

    /// @notice Empty books, as many as there are words.
    function room(uint256 count) internal pure returns (ChainBook[] memory books) {
        assembly ("memory-safe") {
            books := mload(0x40)
            mstore(books, count)
            let place := add(books, 32)
            let end := add(place, shl(5, count))
            let book := end
            for {} lt(place, end) { place := add(place, 32) } {
                mstore(place, book)
                book := add(book, BOOK_BYTES)
            }
            calldatacopy(end, calldatasize(), sub(book, end))
            mstore(0x40, book)
        }
    }

    /// @notice Room for the head of one blob after another.
    function headRoom() internal pure returns (uint256 head) {
        assembly ("memory-safe") {
            head := mload(0x40)
            mstore(0x40, add(head, HEAD_BYTES))
        }
    }

    /// @notice Reads the header, and the positions beside their strikes.
    /// @param book Empty.
    /// @param head From {headRoom}.
    /// @param record Storage word of the chain.
    /// @param chain Its number, for errors.
    /// @param first Index of the chain's first word in `pages`.
    function read(
        ChainBook memory book,
        uint256 head,
        uint256 record,
        uint256 chain,
        uint256[] calldata pages,
        uint256 first,
        uint256 positions
    ) internal view {
        unchecked {
            if (first + (positions + 4) / 5 > pages.length) revert IMargin.Margin_PageMissing(chain, pages.length);
            book.expiry = uint40(record >> 16);
            book.status = uint8(record >> 80);
            address blob = address(uint160(record >> 96));
            book.blob = blob;
            uint256 strikes = NO_LEG;
            assembly ("memory-safe") {
                // Nothing is copied of an address without code: zeros.
                extcodecopy(blob, head, 1, HEAD_BYTES)
            }
            if (blob != address(0)) strikes = _header(book, head);
            uint256 unknown = _positions(book, head, pages, first, positions, strikes);
            if (unknown != NO_LEG) revert IMargin.Margin_UnknownLeg(chain, unknown, strikes);
            _fold(book);
        }
    }

    /// @notice Adds what depends on the time and on the parameters.
    function revive(ChainBook memory book, uint256 volScanUp, uint256 volScanDown) internal view {
        unchecked {
            uint256 time = book.expiry > block.timestamp ? book.expiry - block.timestamp : 0;
            uint256 scale = VolScale.scaleOf(time);
            book.time = time;
            book.upFactor = VolScale.upFactor(volScanUp, scale);
            book.downFactor = VolScale.downFactor(volScanDown, scale);
            book.credit = creditOf(time);
        }
    }

    /// @notice Gives the strikes of a chain without a ladder, so that it can be valued at its settlement price.
    function list(ChainBook memory book, uint256 chain, uint128[] memory strikes, uint256 kind) internal pure {
        unchecked {
            book.kind = kind;
            for (uint256 s = book.strikes; s < book.end; s += STRIKE_BYTES) {
                uint256 index;
                assembly ("memory-safe") {
                    index := mload(add(s, 192))
                }
                if (index >= strikes.length) revert IMargin.Margin_UnknownLeg(chain, index, strikes.length);
                uint256 strike = strikes[index];
                assembly ("memory-safe") {
                    mstore(s, strike)
                }
            }
            _fold(book);
        }
    }

    /// @notice 0.97 e^(-0.05 T), wad, rounded down: what a positive stressed value is worth as backing (risk-policy B6).
    /// @dev Seven terms of the series, for at most ten years: they leave 2e-7. No chain is listed for more than three.
    function creditOf(uint256 time) internal pure returns (uint256) {
        unchecked {
            // The alternating sum stays positive for x < 1.
            uint256 x = time * 0.05e18 / 365 days;
            uint256 sum = WAD - x / 7;
            for (uint256 n = 6; n > 0; --n) {
                sum = WAD - x * sum / WAD / n;
            }
            return sum * 97 / 100;
        }
    }

    /// @notice Room for the entries of one chain after another.
    function entriesRoom(ChainBook[] memory books) internal view returns (uint256 place) {
        unchecked {
            uint256 longest;
            for (uint256 i; i < books.length; ++i) {
                // Entries begin behind the table, the code ends behind the entries.
                uint256 length = books[i].blob.code.length;
                if (length > longest) longest = length;
            }
            assembly ("memory-safe") {
                place := mload(0x40)
                mstore(0x40, add(place, longest))
            }
        }
    }

    /// @notice Copies the entries of the strikes held, each to its number times the length of an entry behind `to`: all between the first and the last at once
    /// where that costs less than one by one.
    function copyEntries(ChainBook memory book, uint256 to) internal view {
        address blob = book.blob;
        (uint256 from, uint256 strikes, uint256 end, uint256 span) = (book.entries, book.strikes, book.end, book.span);
        uint256 size = entryBytes(book);
        assembly ("memory-safe") {
            let count := div(sub(end, strikes), STRIKE_BYTES)
            // A copy costs 100 and 3 a word.
            switch lt(shr(5, mul(span, mul(3, size))), mul(count, add(100, shr(5, mul(3, size)))))
            case 0 {
                for { let s := strikes } lt(s, end) { s := add(s, STRIKE_BYTES) } {
                    let offset := mul(mload(add(s, 192)), size)
                    extcodecopy(blob, add(to, offset), add(from, offset), size)
                }
            }
            default {
                let offset := mul(mload(add(strikes, 192)), size)
                extcodecopy(blob, add(to, offset), add(from, offset), mul(span, size))
            }
        }
    }

    /// @notice Length of one entry of the blob.
    function entryBytes(ChainBook memory book) internal pure returns (uint256) {
        return 32 * LadderLayout.entryWords(book.nodes);
    }

    /// @return strikes How many the ladder has.
    function _header(ChainBook memory book, uint256 head) private pure returns (uint256 strikes) {
        unchecked {
            (uint256 w0, uint256 w1, uint256 w2) = (_load(head), _load(head + 32), _load(head + 64));
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
            strikes = uint8(w1 >> 232);
            book.entries = 1 + 32 * (LadderLayout.HEADER_WORDS + LadderLayout.tableWords(strikes));
        }
    }

    /// @param limit Strikes that there are.
    /// @return unknown Number of a strike beyond them, or NO_LEG.
    function _positions(ChainBook memory book, uint256 head, uint256[] calldata pages, uint256 first, uint256 positions, uint256 limit)
        private
        pure
        returns (uint256 unknown)
    {
        int256 futures;
        int256 puts;
        int256 calls;
        uint256 start;
        uint256 end;
        uint256 span;
        assembly ("memory-safe") {
            unknown := not(0)
            start := mload(0x40)
            end := start
            // Of an empty head all of it is zero.
            let tick := and(mload(add(head, 96)), 0xffffffffffffffffffffffffffffffff)
            let unit := byte(0, mload(add(head, 32)))
            let page := add(pages.offset, shl(5, first))
            let word := 0
            let left := 0
            let last := not(0)
            for {} positions { positions := sub(positions, 1) } {
                if iszero(left) {
                    word := calldataload(page)
                    page := add(page, 32)
                    left := 5
                }
                left := sub(left, 1)
                let leg := and(word, 0xff)
                let lots := signextend(4, shr(8, word))
                word := shr(48, word)
                if eq(leg, FUTURE_LEG) {
                    futures := add(futures, lots)
                    continue
                }
                let index := shr(1, leg)
                if sub(index, last) {
                    if iszero(lt(index, limit)) {
                        unknown := index
                        break
                    }
                    // Out of order.
                    if slt(index, last) { span := not(0) }
                    last := index
                    let fields := shr(shl(6, and(index, 3)), mload(add(add(head, 128), shl(5, shr(2, index)))))
                    mstore(end, mul(and(fields, 0xffffffff), tick))
                    mstore(add(end, 32), 0)
                    mstore(add(end, 64), 0)
                    mstore(add(end, 128), and(shr(32, fields), 0xffffff))
                    mstore(add(end, 160), sub(and(shr(56, fields), 0xff), unit))
                    mstore(add(end, 192), index)
                    end := add(end, STRIKE_BYTES)
                }
                switch and(leg, 1)
                case 0 {
                    puts := add(puts, lots)
                    let place := sub(end, 192)
                    mstore(place, add(mload(place), lots))
                }
                default {
                    calls := add(calls, lots)
                    let place := sub(end, 160)
                    mstore(place, add(mload(place), lots))
                }
            }
            mstore(0x40, end)
            if and(iszero(span), gt(end, start)) { span := add(sub(last, mload(add(start, 192))), 1) }
        }
        (book.strikes, book.end, book.span, book.futures) = (start, end, span, futures);
        unchecked {
            book.shortLots = (puts < 0 ? uint256(-puts) : 0) + (calls < 0 ? uint256(-calls) : 0);
        }
    }

    /// @dev Parity: a vanilla call is its put and F - K, a digital one a dollar less its put.
    function _fold(ChainBook memory book) private pure {
        (uint256 start, uint256 end, uint256 kind) = (book.strikes, book.end, book.kind);
        int256 slope;
        int256 cost;
        int256 atZero;
        uint256 gross;
        uint256 lots;
        assembly ("memory-safe") {
            for { let s := start } lt(s, end) { s := add(s, STRIKE_BYTES) } {
                let puts := mload(add(s, 32))
                let calls := mload(add(s, 64))
                let net := 0
                switch kind
                case 0 {
                    let strike := mload(s)
                    net := add(puts, calls)
                    atZero := add(atZero, mul(puts, strike))
                    slope := add(slope, calls)
                    cost := add(cost, mul(calls, strike))
                }
                default {
                    net := sub(puts, calls)
                    atZero := add(atZero, mul(puts, WAD))
                    cost := sub(cost, mul(calls, WAD))
                }
                net := shl(mload(add(s, 160)), net)
                mstore(add(s, 96), net)
                let sign := sar(255, net)
                gross := add(gross, sub(xor(net, sign), sign))
                sign := sar(255, puts)
                lots := add(lots, sub(xor(puts, sign), sign))
                sign := sar(255, calls)
                lots := add(lots, sub(xor(calls, sign), sign))
            }
        }
        (book.slope, book.cost, book.atZero, book.gross) = (slope, cost, atZero, gross);
        unchecked {
            book.notionalLots = lots + uint256(book.futures < 0 ? -book.futures : book.futures);
        }
    }

    function _load(uint256 place) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(place)
        }
    }
}
