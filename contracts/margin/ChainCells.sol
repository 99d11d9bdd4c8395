// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Cubic} from "./Cubic.sol";
import {LadderSums} from "./LadderSums.sol";
import {ChainBook, STRIKE_BYTES} from "./MarginTypes.sol";
import {Cells, ScanCells} from "./ScanCells.sol";

/// @title What one chain of an account is worth in every cell
/// @notice Pure. The twin is `risk/margin/contract/chainCells.ts`.
library ChainCells {
    uint256 private constant WAD = 1e18;
    int256 private constant LOTS = 10_000;
    int256 private constant MILLION = 1_000_000;
    /// @dev First word of a cell's record on the nodes, at most; of a cell outside them it is larger.
    uint256 private constant INSIDE = 0xffff;
    /// @dev 1e14, 64 binary digits: wad a lot, of a unit of sums with 32.
    uint256 private constant UNIT = 0x5af3107a40000000000000000000;
    /// @dev Knot at the first or last node, beside those at the far multiples of the base.
    uint256 private constant EDGE = 8;

    /// @dev A cell outside the nodes: what is sold is read between two knots, or below the lowest as far as a put can rise.
    struct Outside {
        uint256 cell;
        bool below;
        uint256 left; // knots: numbers of far multiples, or EDGE
        uint256 right;
        uint256 moved; // price less that of the left knot, and the distance of both; or the price of the left knot, and zero
        uint256 distance;
    }

    /// @notice Finds the cells on the chain's nodes; as `other`, when that has the same.
    function locate(ChainBook memory book, ChainBook memory other, Cells memory cells) internal pure {
        unchecked {
            _setParity(book);
            if (
                other.grid != 0 && other.base == book.base && other.first == book.first && other.spacing == book.spacing
                    && other.nodes == book.nodes
            ) {
                (book.grid, book.beyond) = (other.grid, other.beyond);
                return;
            }
            uint256[] memory beyond = _weigh(book, cells);
            for (uint256 i; i < beyond.length; ++i) {
                Outside memory o;
                uint256 record = beyond[i];
                assembly ("memory-safe") {
                    mstore(add(add(beyond, 32), shl(5, i)), o)
                }
                o.cell = (record - book.grid) / Cubic.RECORD;
                assembly ("memory-safe") {
                    mstore(add(o, 32), gt(mload(record), add(INSIDE, 1)))
                }
                _between(o, book, ScanCells.priceAt(cells, o.cell));
            }
            book.beyond = beyond;
        }
    }

    /// @dev Weights of the cells on the nodes. A cell outside them has for first word its side, one or two above INSIDE.
    /// @return beyond Records of the cells outside.
    function _weigh(ChainBook memory book, Cells memory cells) private pure returns (uint256[] memory beyond) {
        unchecked {
            uint256 count = cells.count;
            beyond = new uint256[](count);
            uint256 record = Cubic.room(count + 1);
            book.grid = record;
            int256 shift = book.distance * MILLION - (book.first << 64);
            (int256 spacing, uint256 nodes, uint256 log) = (int256(book.spacing), book.nodes, cells.start + 32);
            uint256 outside;
            assembly ("memory-safe") {
                for { let end := add(log, mul(count, 160)) } lt(log, end) { log := add(log, 160) } {
                    let t := sar(32, sdiv(add(mul(mload(log), MILLION), shift), spacing))
                    // Below the nodes it is a very large number.
                    switch gt(t, shl(32, sub(nodes, 1)))
                    case 0 {
                        let first := shr(32, t)
                        first := sub(first, iszero(iszero(first)))
                        if gt(first, sub(nodes, 4)) { first := sub(nodes, 4) }
                        mstore(record, shl(5, first))
                        t := sub(t, shl(32, first))
                        // As {Cubic.weights} has them.
                        let b := sub(t, 0x100000000)
                        let c := sub(t, 0x200000000)
                        let w := mul(c, sub(t, 0x300000000))
                        let left := sub(0x100000000, sdiv(mul(t, w), 0x20000000000000000))
                        mstore(add(record, 64), sub(0x100000000, left))
                        w := sdiv(sub(0, mul(b, w)), 0x60000000000000000)
                        mstore(add(record, 32), w)
                        left := sub(left, w)
                        w := sdiv(mul(mul(t, b), c), 0x60000000000000000)
                        mstore(add(record, 128), w)
                        mstore(add(record, 96), sub(left, w))
                    }
                    default {
                        mstore(record, add(INSIDE, add(1, slt(t, 0))))
                        outside := add(outside, 1)
                        mstore(add(beyond, shl(5, outside)), record)
                    }
                    record := add(record, 160)
                }
                mstore(record, not(0))
                // Never longer than it was allocated.
                mstore(beyond, outside)
            }
        }
    }

    /// @dev Knots around a price outside the nodes.
    function _between(Outside memory o, ChainBook memory book, uint256 price) private pure {
        unchecked {
            uint256 base = book.base;
            uint256 edge = base * book.lowest / WAD;
            uint256 left;
            if (o.below) {
                o.right = EDGE;
                uint256 right = edge;
                // Far knots below the nodes, from the highest down.
                for (uint256 i = 3; i > 0;) {
                    left = base * ScanCells.multipleOf(--i) / 100;
                    if (left >= edge) continue;
                    o.left = i;
                    if (price >= left) {
                        (o.moved, o.distance) = (price - left, right - left);
                        return;
                    }
                    (o.right, right) = (i, left);
                }
                // Below the lowest knot.
                (o.left, o.moved) = (o.right, right);
                return;
            }
            left = edge * _power(book.ratio, book.nodes - 1) / WAD;
            (o.left, o.right, o.distance) = (EDGE, EDGE, 1);
            for (uint256 i = 3; i < ScanCells.FAR; ++i) {
                uint256 knot = base * ScanCells.multipleOf(i) / 100;
                if (knot <= left) continue;
                if (price < knot) {
                    // A price at the very edge may round to the other side of it.
                    (o.right, o.moved, o.distance) = (i, price > left ? price - left : 0, knot - left);
                    return;
                }
                (o.left, o.right, left) = (i, i, knot);
            }
        }
    }

    /// @notice Adds the chain to every cell.
    /// @param credit What a positive value counts for, wad.
    /// @param orExpired Whether a payoff counts where it is less.
    function add(ChainBook memory book, Cells memory cells, uint256 credit, bool orExpired) internal pure {
        unchecked {
            if (book.time == 0 || orExpired) {
                Cells memory own = ScanCells.emptied(cells);
                if (book.time != 0) _addOptions(book, own, WAD);
                _addExpiring(book, cells, own, credit);
                return;
            }
            _addOptions(book, cells, credit);
            if (book.futures == 0) return;
            for (uint256 i; i < cells.count; ++i) {
                int256 dated = futuresAt(book, ScanCells.priceAt(cells, i));
                ScanCells.add(cells, i, dated, dated);
            }
        }
    }

    /// @dev Options of a chain in its last day: the lower of their value and their payoff; of an expired one the payoff.
    /// @param own Their values.
    function _addExpiring(ChainBook memory book, Cells memory cells, Cells memory own, uint256 credit) private pure {
        unchecked {
            for (uint256 i; i < cells.count; ++i) {
                uint256 price = ScanCells.priceAt(cells, i);
                int256 payoff = payoffAt(book, price);
                (int256 up, int256 down) = (ScanCells.upAt(own, i), ScanCells.downAt(own, i));
                if (book.time == 0 || payoff < up) up = payoff;
                if (book.time == 0 || payoff < down) down = payoff;
                int256 dated = futuresAt(book, price);
                ScanCells.add(cells, i, _credited(up, credit) + dated, _credited(down, credit) + dated);
            }
        }
    }

    function _addOptions(ChainBook memory book, Cells memory cells, uint256 credit) private pure {
        unchecked {
            _addInside(book, cells, credit);
            Outside[] memory list;
            uint256[] memory beyond = book.beyond;
            assembly ("memory-safe") {
                list := beyond
            }
            for (uint256 i; i < list.length; ++i) {
                Outside memory o = list[i];
                uint256 price = ScanCells.priceAt(cells, o.cell);
                int256 value = (book.paritySlope * int256(price) + book.parityLevel >> 64) + _beyond(book, o, price);
                value = _credited(value, credit);
                ScanCells.add(cells, o.cell, value, value);
            }
        }
    }

    /// @dev Cells between nodes: cubic of both rows, parity, credit.
    function _addInside(ChainBook memory book, Cells memory cells, uint256 credit) private pure {
        (uint256 rows, uint256 record, uint256 cell) = (book.rows, book.grid, cells.start);
        (int256 slope, int256 level, int256 a, int256 b) = (book.paritySlope, book.parityLevel, book.upWeight, book.downWeight);
        uint256 shift;
        unchecked {
            // 97 bits of a sum, 66 of a weight, 47 of the factor; an exponent of at most 78.
            shift = uint256(96 - book.exponent);
            (a, b) = (a * 1e14, b * 1e14);
        }
        uint256 end = cell + cells.count * ScanCells.RECORD;
        assembly ("memory-safe") {
            for {} 1 {} {
                let down := mload(record)
                if gt(down, INSIDE) {
                    // Behind the last cell is one that is outside, too.
                    if eq(cell, end) { break }
                    record := add(record, 160)
                    cell := add(cell, 160)
                    continue
                }
                {
                    let row := add(rows, down)
                    down := mul(mload(add(record, 32)), mload(row))
                    down := add(down, mul(mload(add(record, 64)), mload(add(row, 32))))
                    down := add(down, mul(mload(add(record, 96)), mload(add(row, 64))))
                    down := add(down, mul(mload(add(record, 128)), mload(add(row, 96))))
                }
                record := add(record, 160)
                let up := signextend(15, down)
                // What is read off the up word more than off the down word counts by its weights. As {LadderSums.toWad} has it, 64 binary digits more.
                let wide := sub(sar(128, sub(down, up)), up)
                let low := mul(up, UNIT)
                let parity := sar(64, add(mul(mload(cell), slope), level))
                up := add(sar(shift, add(low, mul(wide, a))), parity)
                down := add(sar(shift, add(low, mul(wide, b))), parity)
                if sgt(up, 0) { up := div(mul(up, credit), WAD) }
                if sgt(down, 0) { down := div(mul(down, credit), WAD) }
                let place := add(cell, 96)
                mstore(place, add(mload(place), up))
                place := add(cell, 128)
                mstore(place, add(mload(place), down))
                cell := add(cell, 160)
            }
        }
    }

    /// @dev Forwards that calls hold and puts do not, less their strikes: slope x price + level, 64 binary digits, lots as contracts, both rounded down.
    function _setParity(ChainBook memory book) private pure {
        (int256 slope, int256 level) = (book.slope, book.cost);
        uint256 ratio = book.forwardRatio;
        assembly ("memory-safe") {
            // 47 bits of lots, 64 of a ratio, 128 of a strike.
            slope := shl(64, mul(slope, ratio))
            slope := sub(sdiv(slope, 10000000000000000000000), slt(smod(slope, 10000000000000000000000), 0))
            level := shl(64, sub(0, level))
            level := sub(sdiv(level, 10000), slt(smod(level, 10000), 0))
        }
        (book.paritySlope, book.parityLevel) = (slope, level);
    }

    function _credited(int256 value, uint256 credit) private pure returns (int256) {
        unchecked {
            return value > 0 ? int256(uint256(value) * credit / WAD) : value;
        }
    }

    /// @dev Beyond the nodes a put held is worth no less than its payoff, nor, below them, than at the first; what is sold is read between knots, since a put is
    /// convex, and rises no faster than the price falls, to its strike at most.
    function _beyond(ChainBook memory book, Outside memory o, uint256 price) private pure returns (int256 long) {
        unchecked {
            int256 sold = book.shortNet;
            if (o.below) long = LadderSums.toWad(book.longsAtFirst << 32, book.unitExponent);
            if (book.kind != 0) return long + (o.below ? sold * int256(WAD) / LOTS : _knotAt(book, o, EDGE));
            uint256 ratio = book.forwardRatio;
            int256 forward = int256(price * ratio / WAD);
            int256 intrinsic = floorLots(book.longCost - book.longLots * forward);
            if (intrinsic > long) long = intrinsic;
            if (sold == 0) return long;
            int256 short = _knotAt(book, o, o.left);
            if (o.distance == 0) short += floorLots(sold * (int256(o.moved * ratio / WAD) - forward));
            else if (o.moved != 0) short += (_knotAt(book, o, o.right) - short) * int256(o.moved) / int256(o.distance);
            if (o.below) {
                int256 most = floorLots(book.shortCost);
                if (short < most) short = most;
            }
            return long + short;
        }
    }

    /// @dev What is sold, at a knot.
    function _knotAt(ChainBook memory book, Outside memory o, uint256 knot) private pure returns (int256) {
        unchecked {
            int256 sum = knot != EDGE ? LadderSums.farAt(book, knot) : o.below ? book.shortsAtFirst : book.shortsAtLast;
            return LadderSums.toWad(sum << 32, book.unitExponent);
        }
    }

    /// @notice The chain's options taken as expired at a price, USD wad, rounded down.
    function payoffAt(ChainBook memory book, uint256 price) internal pure returns (int256) {
        (uint256 start, uint256 end, uint256 kind) = (book.strikes, book.end, book.kind);
        unchecked {
            int256 sum = (kind == 0 ? book.slope * int256(price) : int256(0)) - book.cost;
            for (uint256 s = start; s < end; s += STRIKE_BYTES) {
                assembly ("memory-safe") {
                    let strike := mload(s)
                    if lt(price, strike) {
                        let pays := sub(strike, price)
                        if kind { pays := 1000000000000000000 }
                        sum := add(sum, mul(sar(mload(add(s, 160)), mload(add(s, 96))), pays))
                    }
                }
            }
            return floorLots(sum);
        }
    }

    /// @notice The chain's futures at their forward, USD wad, rounded down; after expiry at the price.
    function futuresAt(ChainBook memory book, uint256 price) internal pure returns (int256) {
        unchecked {
            return floorLots(book.futures * int256(book.time == 0 ? price : price * book.forwardRatio / WAD));
        }
    }

    /// @notice Lots x wad as wad, rounded down.
    function floorLots(int256 x) internal pure returns (int256 quotient) {
        assembly ("memory-safe") {
            quotient := sub(sdiv(x, 10000), slt(smod(x, 10000), 0))
        }
    }

    /// @dev x^n, wad, each product rounded down.
    function _power(uint256 x, uint256 n) private pure returns (uint256 result) {
        unchecked {
            result = WAD;
            while (n != 0) {
                if (n & 1 == 1) result = result * x / WAD;
                x = x * x / WAD;
                n >>= 1;
            }
        }
    }
}
