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
    /// @dev First word of the record of a cell below and above the nodes; of one between them it is at most INSIDE.
    uint256 private constant BELOW = type(uint256).max;
    uint256 private constant ABOVE = type(uint256).max - 1;
    uint256 private constant INSIDE = 0xffff;

    /// @notice Finds the cells on the chain's nodes; as `other`, when that has the same.
    function locate(ChainBook memory book, ChainBook memory other, Cells memory cells) internal pure {
        unchecked {
            if (
                other.grid != 0 && other.base == book.base && other.first == book.first && other.spacing == book.spacing
                    && other.nodes == book.nodes
            ) {
                (book.grid, book.beyond) = (other.grid, other.beyond);
                return;
            }
            uint256 count = cells.count;
            uint256[] memory beyond = new uint256[](count);
            uint256 outside;
            uint256 record = Cubic.room(count + 1);
            book.grid = record;
            (int256 distance, int256 origin, int256 spacing) = (book.distance, book.first << 64, int256(book.spacing));
            uint256 nodes = book.nodes;
            uint256 end = nodes - 1 << 32;
            for (uint256 i; i < count; ++i) {
                int256 position = ((distance + ScanCells.logAt(cells, i)) * MILLION - origin) / spacing >> 32;
                // Below the nodes it is a very large number.
                if (uint256(position) > end) {
                    beyond[outside++] = i;
                    uint256 side = position < 0 ? BELOW : ABOVE;
                    assembly ("memory-safe") {
                        mstore(record, side)
                    }
                } else {
                    Cubic.weights(record, position, nodes);
                }
                record += Cubic.RECORD;
            }
            assembly ("memory-safe") {
                // Never longer than it was allocated.
                mstore(beyond, outside)
                mstore(record, not(0))
            }
            book.beyond = beyond;
        }
    }

    /// @notice Adds the chain to every cell.
    /// @param credit What a positive value counts for, wad.
    /// @param orExpired Whether a payoff counts where it is less.
    function add(ChainBook memory book, Cells memory cells, uint256 credit, bool orExpired) internal pure {
        unchecked {
            if (orExpired || book.time == 0) {
                for (uint256 i; i < cells.count; ++i) {
                    _addSlowly(book, cells, i, credit, orExpired);
                }
                return;
            }
            _addInside(book, cells, credit);
            uint256[] memory beyond = book.beyond;
            for (uint256 i; i < beyond.length; ++i) {
                _addSlowly(book, cells, beyond[i], credit, false);
            }
            if (book.futures != 0) _addFutures(book, cells);
        }
    }

    /// @dev Cells between nodes: cubic of both rows, parity, credit.
    function _addInside(ChainBook memory book, Cells memory cells, uint256 credit) private pure {
        (uint256 rows, uint256 record, uint256 cell) = (book.rows, book.grid, cells.start);
        (int256 slope, int256 level) = _parity(book);
        uint256 factor;
        uint256 shift;
        unchecked {
            // As {LadderSums.toWad} has it.
            int256 exponent = book.exponent;
            (factor, shift) = exponent > 32 ? (1e14 << uint256(exponent - 32), uint256(0)) : (1e14, uint256(32 - exponent));
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
                let up := down
                down := signextend(15, down)
                up := sar(128, sub(up, down))
                let parity := sar(64, add(mul(mload(cell), slope), level))
                up := add(sar(shift, mul(up, factor)), parity)
                down := add(sar(shift, mul(down, factor)), parity)
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
    function _parity(ChainBook memory book) private pure returns (int256 slope, int256 level) {
        (slope, level) = (book.slope, book.cost);
        uint256 ratio = book.forwardRatio;
        assembly ("memory-safe") {
            // 47 bits of lots, 64 of a ratio, 128 of a strike.
            slope := shl(64, mul(slope, ratio))
            slope := sub(sdiv(slope, 10000000000000000000000), slt(smod(slope, 10000000000000000000000), 0))
            level := shl(64, sub(0, level))
            level := sub(sdiv(level, 10000), slt(smod(level, 10000), 0))
        }
    }

    /// @dev Where {_addInside} was.
    function _addFutures(ChainBook memory book, Cells memory cells) private pure {
        (uint256 record, uint256 cell, uint256 ratio) = (book.grid, cells.start, book.forwardRatio);
        int256 futures = book.futures;
        uint256 end = cell + cells.count * ScanCells.RECORD;
        assembly ("memory-safe") {
            for {} lt(cell, end) { cell := add(cell, 160) } {
                if iszero(gt(mload(record), INSIDE)) {
                    let dated := mul(futures, div(mul(mload(cell), ratio), 1000000000000000000))
                    dated := sub(sdiv(dated, 10000), slt(smod(dated, 10000), 0))
                    mstore(add(cell, 96), add(mload(add(cell, 96)), dated))
                    mstore(add(cell, 128), add(mload(add(cell, 128)), dated))
                }
                record := add(record, 160)
            }
        }
    }

    function _addSlowly(ChainBook memory book, Cells memory cells, uint256 i, uint256 credit, bool orExpired) private pure {
        unchecked {
            uint256 price = ScanCells.priceAt(cells, i);
            (int256 up, int256 down) = _optionsAt(book, i, price);
            if (orExpired) {
                int256 expired = payoffAt(book, price);
                if (expired < up) up = expired;
                if (expired < down) down = expired;
            }
            int256 dated = futuresAt(book, price);
            ScanCells.add(cells, i, _credited(up, credit) + dated, _credited(down, credit) + dated);
        }
    }

    function _credited(int256 value, uint256 credit) private pure returns (int256) {
        unchecked {
            return value > 0 ? int256(uint256(value) * credit / WAD) : value;
        }
    }

    /// @dev Options in a cell, vol up and down.
    function _optionsAt(ChainBook memory book, uint256 i, uint256 price) private pure returns (int256 up, int256 down) {
        unchecked {
            if (book.time == 0) {
                up = payoffAt(book, price);
                return (up, up);
            }
            uint256 forward = price * book.forwardRatio / WAD;
            (int256 parity, int256 level) = _parity(book);
            parity = parity * int256(price) + level >> 64;
            uint256 record = book.grid + i * Cubic.RECORD;
            uint256 rows = book.rows;
            uint256 row;
            assembly ("memory-safe") {
                row := mload(record)
                if iszero(gt(row, INSIDE)) {
                    let at := add(rows, row)
                    for { let k := 0 } lt(k, 128) { k := add(k, 32) } {
                        up := add(up, mul(mload(add(add(record, 32), k)), mload(add(at, k))))
                    }
                    down := signextend(15, up)
                    up := sar(128, sub(up, down))
                }
            }
            if (row > INSIDE) {
                up = parity + (row == BELOW ? _below(book, price, forward) : _above(book, price, forward));
                return (up, up);
            }
            up = LadderSums.toWad(up, book.exponent) + parity;
            down = LadderSums.toWad(down, book.exponent) + parity;
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

    // ------------------------------------------------------------------ beyond the nodes

    /// @dev A put falls with the price, by at most as much; it is convex and at most its strike.
    function _below(ChainBook memory book, uint256 price, uint256 forward) private pure returns (int256) {
        unchecked {
            int256 atFirst = LadderSums.toWad(book.longsAtFirst << 32, book.unitExponent);
            if (book.kind != 0) return atFirst + book.shortNet * int256(WAD) / LOTS;
            int256 intrinsic = floorLots(book.longCost - book.longLots * int256(forward));
            int256 long = intrinsic > atFirst ? intrinsic : atFirst;
            return long + _shortBelow(book, price, forward);
        }
    }

    function _shortBelow(ChainBook memory book, uint256 price, uint256 forward) private pure returns (int256 short) {
        unchecked {
            if (book.shortNet == 0) return 0;
            uint256 low = book.base * ScanCells.multipleOf(0) / 100;
            int256 most = floorLots(book.shortCost);
            uint256 edge = book.base * book.lowest / WAD;
            int256 atEdge = LadderSums.toWad(book.shortsAtFirst << 32, book.unitExponent);
            if (low >= edge) {
                // No far knot below the nodes.
                short = atEdge + floorLots(book.shortNet * int256(edge * book.forwardRatio / WAD - forward));
            } else {
                int256 atLow = _farAt(book, 0);
                if (price <= low) {
                    short = atLow + floorLots(book.shortNet * int256(low * book.forwardRatio / WAD - forward));
                } else {
                    for (uint256 i = 1; i < 3; ++i) {
                        uint256 knot = book.base * ScanCells.multipleOf(i) / 100;
                        if (knot >= edge) break;
                        int256 atKnot = _farAt(book, i);
                        if (price < knot) return _max(_chord(low, atLow, knot, atKnot, price), most);
                        (low, atLow) = (knot, atKnot);
                    }
                    short = _chord(low, atLow, edge, atEdge, price);
                }
            }
            return _max(short, most);
        }
    }

    /// @dev Above the nodes a put is between its payoff and the chord of what is known on both sides.
    function _above(ChainBook memory book, uint256 price, uint256 forward) private pure returns (int256) {
        unchecked {
            int256 atLow = LadderSums.toWad(book.shortsAtLast << 32, book.unitExponent);
            if (book.kind != 0) return atLow;
            int256 intrinsic = floorLots(book.longCost - book.longLots * int256(forward));
            int256 long = intrinsic > 0 ? intrinsic : int256(0);
            if (book.shortNet == 0) return long;
            if (book.top == 0) book.top = book.base * book.lowest / WAD * _power(book.ratio, book.nodes - 1) / WAD;
            uint256 low = book.top;
            uint256 base = book.base;
            // Knots beyond the last node, and the first of them above the price.
            uint256 first = 3;
            while (first < ScanCells.FAR && base * ScanCells.multipleOf(first) / 100 <= low) ++first;
            uint256 next = first;
            uint256 knot;
            for (; next < ScanCells.FAR; ++next) {
                knot = base * ScanCells.multipleOf(next) / 100;
                if (price < knot) break;
                low = knot;
            }
            if (next != first) atLow = _farAt(book, next - 1);
            return long + (next == ScanCells.FAR ? atLow : _chord(low, atLow, knot, _farAt(book, next), price));
        }
    }

    function _farAt(ChainBook memory book, uint256 i) private pure returns (int256) {
        return LadderSums.toWad(LadderSums.farAt(book, i) << 32, book.unitExponent);
    }

    function _chord(uint256 x0, int256 y0, uint256 x1, int256 y1, uint256 x) private pure returns (int256) {
        unchecked {
            // A price at the very edge may round to the other side of it.
            if (x <= x0) return y0;
            return y0 + (y1 - y0) * int256(x - x0) / int256(x1 - x0);
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

    function _max(int256 a, int256 b) private pure returns (int256) {
        return a > b ? a : b;
    }
}
