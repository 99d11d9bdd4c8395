// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ChainBooks} from "./ChainBooks.sol";
import {ChainBook, STRIKE_BYTES} from "./MarginTypes.sol";

/// @title Values of a chain off its ladder's lanes
/// @notice Pure. The twin is `risk/margin/contract/ladderSums.ts`.
/// @dev A lane has 15 bits. Quantities are brought to 45 bits in sum, their weights of down and up word to at most five times that: 63 bits with the sign, so
/// four lanes of 64 bits add up in one word whatever an account holds (contract-rules B14). What is cut off is 2^-44 of the gross quantity a strike, downwards.
///
/// Strikes at or above 40 % vol, at the post and now, stand in one ratio to their words: they are plain sums, weighted once a cell. Where there are others, they
/// are weighted one by one, and the plain sums once a node.
library LadderSums {
    /// @dev Bits that the sum of quantities is brought to.
    uint256 private constant QUANTITY_BITS = 45;
    uint256 private constant LANES = 0x000000000000ffff000000000000ffff000000000000ffff000000000000ffff;
    uint256 private constant LANE = 0xffffffffffffffff;
    /// @dev 2^63 in every lane: what keeps negative sums from borrowing of their neighbours.
    uint256 private constant BIAS = 0x8000000000000000800000000000000080000000000000008000000000000000;
    /// @dev That of one lane of both words.
    uint256 private constant ROW_BIAS = 0x800000000000000000000000000000008000000000000000;
    uint256 private constant FAR_LANES = 0x00000000ffffffff000000000000000000000000ffffffff;
    uint256 private constant WAD = 1e18;
    uint256 private constant FLOOR = 4_000;
    uint256 private constant UP_FLOOR = 4_000e12;
    /// @dev Weights of the up word, 64 binary digits: a live vol outside the anchors is read a little beyond them, not without end.
    int256 private constant LEAST_WEIGHT = -1 << 64;
    int256 private constant MOST_WEIGHT = 3 << 64;
    /// @dev Sums of 48 nodes: up and down word by turns.
    uint256 private constant SUM_BYTES = 2 * 12 * 32;

    /// @notice Room for the sums of one chain after another; before it stands the mask of four lanes, which the compiler would fetch from code wherever it is used.
    function room() internal pure returns (uint256 sums) {
        assembly ("memory-safe") {
            let mask := mload(0x40)
            mstore(mask, LANES)
            sums := add(mask, 32)
            mstore(0x40, add(sums, SUM_BYTES))
        }
    }

    /// @notice Least vol at the post, bps, of a strike whose vols stand in the chain's ratio to its words.
    function plainFrom(ChainBook memory book) internal pure returns (uint256) {
        unchecked {
            uint256 drift = book.drift;
            if (drift == 0) return type(uint256).max;
            uint256 least = (UP_FLOOR + drift - 1) / drift;
            return least < FLOOR ? FLOOR : least;
        }
    }

    /// @notice Adds up the lanes.
    /// @param entries As {ChainBooks.copyEntries} has left them.
    /// @param sums From {room}.
    function sum(ChainBook memory book, uint256 entries, uint256 sums) internal pure {
        unchecked {
            uint256 bits = book.gross == 0 ? 0 : Math.log2(book.gross) + 1;
            book.exponent = book.unitExponent + int256(bits) - int256(QUANTITY_BITS);
            // 64 binary digits of a weight, and `bits` down to QUANTITY_BITS.
            uint256 cut = 64 + bits - QUANTITY_BITS;
            uint256 length = 16 * book.nodes;
            _clear(sums, length);
            (bool plain, bool others) = _addPlain(book, entries, sums, cut);
            _setWeights(book, plain);
            if (others) {
                if (plain) _weighSums(book, sums, length);
                (book.upWeight, book.downWeight) = (1 << 64, 0);
                _addOthers(book, entries, sums, cut);
            }
            _setRows(book, sums, length);
            _addEdges(book, entries);
        }
    }

    /// @notice Units of 2^exponent USD a lot with 32 binary digits, as USD wad; rounded down.
    function toWad(int256 units, int256 exponent) internal pure returns (int256) {
        unchecked {
            // 63 + 33 bits of units, 47 of the factor: an exponent up to 100 fits.
            int256 value = units * 1e14;
            return exponent > 32 ? value << uint256(exponent - 32) : value >> uint256(32 - exponent);
        }
    }

    /// @return plain Whether the chain has strikes that its ratio holds for.
    /// @return others Whether it has others.
    function _addPlain(ChainBook memory book, uint256 entries, uint256 sums, uint256 cut) private pure returns (bool plain, bool others) {
        uint256 least = plainFrom(book);
        (uint256 start, uint256 end) = (book.strikes, book.end);
        uint256 span = 2 * book.nodes;
        uint256 size = ChainBooks.entryBytes(book);
        assembly ("memory-safe") {
            let mask := mload(sub(sums, 32))
            for { let s := start } lt(s, end) { s := add(s, STRIKE_BYTES) } {
                let q := mload(add(s, 96))
                if iszero(q) { continue }
                if lt(mload(add(s, 128)), least) {
                    others := 1
                    continue
                }
                plain := 1
                q := sar(cut, shl(64, q))
                let sum_ := sums
                let entry := add(entries, mul(mload(add(s, 192)), size))
                for { let last := add(entry, span) } lt(entry, last) { entry := add(entry, 32) } {
                    let u := mload(entry)
                    let v := mload(add(entry, span))
                    mstore(sum_, add(mload(sum_), mul(and(u, mask), q)))
                    sum_ := add(sum_, 32)
                    mstore(sum_, add(mload(sum_), mul(and(v, mask), q)))
                    sum_ := add(sum_, 32)
                    mstore(sum_, add(mload(sum_), mul(and(shr(16, u), mask), q)))
                    sum_ := add(sum_, 32)
                    mstore(sum_, add(mload(sum_), mul(and(shr(16, v), mask), q)))
                    sum_ := add(sum_, 32)
                    mstore(sum_, add(mload(sum_), mul(and(shr(32, u), mask), q)))
                    sum_ := add(sum_, 32)
                    mstore(sum_, add(mload(sum_), mul(and(shr(32, v), mask), q)))
                    sum_ := add(sum_, 32)
                    mstore(sum_, add(mload(sum_), mul(and(shr(48, u), mask), q)))
                    sum_ := add(sum_, 32)
                    mstore(sum_, add(mload(sum_), mul(and(shr(48, v), mask), q)))
                    sum_ := add(sum_, 32)
                }
            }
        }
    }

    /// @dev Quantities of the up and the down word, by live vol up and down.
    function _addOthers(ChainBook memory book, uint256 entries, uint256 sums, uint256 cut) private pure {
        unchecked {
            uint256 least = plainFrom(book);
            uint256 span = 2 * book.nodes;
            uint256 size = ChainBooks.entryBytes(book);
            for (uint256 s = book.strikes; s < book.end; s += STRIKE_BYTES) {
                (uint256 vol, int256 net, uint256 index) = _strike(s);
                if (vol >= least || net == 0) continue;
                (int256 a, int256 b) = _weights(book, vol);
                int256 q = (net << 64) >> cut;
                a = (net * a) >> cut;
                b = (net * b) >> cut;
                _addOther(sums, entries + index * size, span, a, q - a, b, q - b);
            }
        }
    }

    function _addOther(uint256 sums, uint256 entry, uint256 span, int256 a, int256 c, int256 b, int256 d) private pure {
        assembly ("memory-safe") {
            let mask := mload(sub(sums, 32))
            for { let last := add(entry, span) } lt(entry, last) { entry := add(entry, 32) } {
                let u := mload(entry)
                let v := mload(add(entry, span))
                for { let end := add(sums, 256) } lt(sums, end) {} {
                    let x := and(u, mask)
                    let y := and(v, mask)
                    mstore(sums, add(mload(sums), add(mul(x, a), mul(y, c))))
                    sums := add(sums, 32)
                    mstore(sums, add(mload(sums), add(mul(x, b), mul(y, d))))
                    sums := add(sums, 32)
                    u := shr(16, u)
                    v := shr(16, v)
                }
            }
        }
    }

    function _strike(uint256 s) private pure returns (uint256 vol, int256 net, uint256 index) {
        assembly ("memory-safe") {
            vol := mload(add(s, 128))
            net := mload(add(s, 96))
            index := mload(add(s, 192))
        }
    }

    /// @dev Weights of the up word of a strike whose vols stand in no ratio.
    function _weights(ChainBook memory book, uint256 vol) private pure returns (int256 up, int256 down) {
        unchecked {
            // 24 bits of vol, 48 of scale, 60 of a factor, 56 of drift.
            uint256 live = vol * book.drift;
            uint256 lowest = vol * book.downScale;
            uint256 highest = (vol < FLOOR ? FLOOR : vol) * book.upScale;
            uint256 liveDown = live * book.downFactor / WAD;
            uint256 liveUp = (live < UP_FLOOR ? UP_FLOOR : live) * book.upFactor / WAD;
            if (liveUp > highest || liveDown < lowest) book.outside = true;
            up = _weight(liveUp, lowest, highest);
            down = _weight(liveDown, lowest, highest);
        }
    }

    function _weight(uint256 vol, uint256 down, uint256 up) private pure returns (int256 weight) {
        unchecked {
            // Equal only with anchors of zero.
            if (up <= down) return 1 << 64;
            weight = (int256(vol) - int256(down) << 64) / int256(up - down);
            if (weight < LEAST_WEIGHT) return LEAST_WEIGHT;
            if (weight > MOST_WEIGHT) return MOST_WEIGHT;
        }
    }

    /// @notice Shorts at far multiple `i`, in units of the chain's exponent, not positive.
    function farAt(ChainBook memory book, uint256 i) internal pure returns (int256 sum_) {
        uint256 far = book.far;
        assembly ("memory-safe") {
            // Multiple i is half i / 4 of word i % 4.
            sum_ := sub(0, and(shr(shl(5, and(i, 4)), mload(add(far, shl(5, and(i, 3))))), 0xffffffffffffffffffffffffffffffff))
        }
    }

    /// @dev What is known beyond the nodes, against either side.
    function _addEdges(ChainBook memory book, uint256 entries) private pure {
        (uint256 start, uint256 end, uint256 nodes) = (book.strikes, book.end, book.nodes);
        uint256 size = ChainBooks.entryBytes(book);
        uint256 far;
        int256[3] memory sums; // longs at the first node, shorts at the first, at the last
        int256[4] memory held; // long lots and their cost, short ones
        assembly ("memory-safe") {
            far := mload(0x40)
            calldatacopy(far, calldatasize(), 128)
            mstore(0x40, add(far, 128))
            let span := shl(1, nodes)
            for { let s := start } lt(s, end) { s := add(s, STRIKE_BYTES) } {
                let net := mload(add(s, 96))
                let plain := sar(mload(add(s, 160)), net)
                let cost := mul(plain, mload(s))
                let entry := add(entries, mul(mload(add(s, 192)), size))
                if sgt(net, 0) {
                    mstore(sums, add(mload(sums), mul(net, and(mload(add(entry, span)), 0xffff))))
                    mstore(held, add(mload(held), plain))
                    mstore(add(held, 32), add(mload(add(held, 32)), cost))
                    continue
                }
                mstore(add(held, 64), add(mload(add(held, 64)), plain))
                mstore(add(held, 96), add(mload(add(held, 96)), cost))
                let place := add(sums, 32)
                mstore(place, add(mload(place), mul(net, and(mload(entry), 0xffff))))
                place := add(sums, 64)
                mstore(place, add(mload(place), mul(net, shr(240, mload(add(entry, sub(span, 32)))))))
                let word := mload(add(entry, shl(1, span)))
                net := sub(0, net)
                mstore(far, add(mload(far), mul(and(word, FAR_LANES), net)))
                place := add(far, 32)
                mstore(place, add(mload(place), mul(and(shr(32, word), FAR_LANES), net)))
                place := add(far, 64)
                mstore(place, add(mload(place), mul(and(shr(64, word), FAR_LANES), net)))
                place := add(far, 96)
                mstore(place, add(mload(place), mul(and(shr(96, word), FAR_LANES), net)))
            }
        }
        book.far = far;
        (book.longsAtFirst, book.shortsAtFirst, book.shortsAtLast) = (sums[0], sums[1], sums[2]);
        (book.longLots, book.longCost, book.shortNet, book.shortCost) = (held[0], held[1], held[2], held[3]);
    }

    function _clear(uint256 sums, uint256 length) private pure {
        assembly ("memory-safe") {
            mstore(sums, BIAS)
            mstore(add(sums, 32), BIAS)
            mcopy(add(sums, 64), sums, 64)
            mcopy(add(sums, 128), sums, 128)
            // A multiple of 256.
            for { let done := 256 } lt(done, length) { done := add(done, 256) } { mcopy(add(sums, done), sums, 256) }
        }
    }

    /// @dev Weights of the plain sums.
    function _setWeights(ChainBook memory book, bool plain) private pure {
        unchecked {
            // Of 1e30: 48 bits of scale or 56 of drift, 60 of a factor or of one.
            (uint256 lowest, uint256 highest) = (book.downScale * WAD, book.upScale * WAD);
            (uint256 up, uint256 down) = (book.drift * book.upFactor, book.drift * book.downFactor);
            if (plain && (up > highest || down < lowest)) book.outside = true;
            (book.upWeight, book.downWeight) = (_weight(up, lowest, highest), _weight(down, lowest, highest));
        }
    }

    /// @dev Sums of both words become those of both vols.
    function _weighSums(ChainBook memory book, uint256 sums, uint256 length) private pure {
        (int256 a, int256 b) = (book.upWeight, book.downWeight);
        assembly ("memory-safe") {
            for { let end := add(sums, length) } lt(sums, end) { sums := add(sums, 64) } {
                let u := mload(sums)
                let v := mload(add(sums, 32))
                let up := 0
                let down := 0
                for { let k := 0 } lt(k, 256) { k := add(k, 64) } {
                    let low := and(shr(k, v), LANE)
                    let wide := sub(and(shr(k, u), LANE), low)
                    up := or(up, shl(k, add(low, sar(64, mul(wide, a)))))
                    down := or(down, shl(k, add(low, sar(64, mul(wide, b)))))
                }
                mstore(sums, up)
                mstore(add(sums, 32), down)
            }
        }
    }

    /// @dev Node i is lane (i % 16) / 4 of the pair of sums 4 (i / 16) + i % 4.
    function _setRows(ChainBook memory book, uint256 sums, uint256 length) private pure {
        uint256 rows;
        assembly ("memory-safe") {
            rows := mload(0x40)
            mstore(0x40, add(rows, shl(1, length)))
            let out := rows
            for { let end := add(sums, length) } lt(sums, end) { out := add(out, 384) } {
                for { let group := add(out, 128) } lt(out, group) { out := add(out, 32) } {
                    let u := mload(sums)
                    let v := mload(add(sums, 32))
                    sums := add(sums, 64)
                    mstore(out, sub(or(shl(128, and(u, LANE)), and(v, LANE)), ROW_BIAS))
                    mstore(add(out, 128), sub(or(shl(128, and(shr(64, u), LANE)), and(shr(64, v), LANE)), ROW_BIAS))
                    mstore(add(out, 256), sub(or(and(u, shl(128, LANE)), and(shr(128, v), LANE)), ROW_BIAS))
                    mstore(add(out, 384), sub(or(and(shr(64, u), shl(128, LANE)), shr(192, v)), ROW_BIAS))
                }
            }
        }
        book.rows = rows;
    }
}
