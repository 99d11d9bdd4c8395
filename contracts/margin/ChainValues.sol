// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Cubic} from "./Cubic.sol";
import {LadderSums, Lanes} from "./LadderSums.sol";
import {ChainBook, ChainGreeks, StrikeBook} from "./MarginTypes.sol";
import {Cells, ScanCells} from "./ScanCells.sol";

/// @notice Where the cells stand on one chain's nodes: records of {Cubic}, one a cell. Chains posted together share it.
struct Grid {
    uint256 base;
    int256 first;
    uint256 spacing;
    uint256 nodes;
    int256 distance; // ln(spot / base), 64 binary digits
    uint256 start;
}

/// @title What one chain of an account is worth at the mark and in every cell
/// @notice Pure. The twins are `chainCells.ts` and `chainGreeks.ts` of `risk/margin/contract`.
library ChainValues {
    /// @notice `first` of the weights of a cell below and above the nodes.
    uint256 internal constant BELOW = type(uint256).max;
    uint256 internal constant ABOVE = type(uint256).max - 1;

    uint256 private constant WAD = 1e18;
    int256 private constant LOTS = 10_000;
    int256 private constant MILLION = 1_000_000;
    /// @dev Fifteen near node steps lie evenly around the base: 7.5, 32 binary digits.
    int256 private constant HALF_NEAR = 15 << 31;
    int256 private constant LAST_NEAR = 15 << 32;
    /// @dev A vol of one in the unit of vols.
    int256 private constant VOL_ONE = 1e16;

    /// @notice The grid of a chain; `previous` when it has the same nodes.
    function gridOf(ChainBook memory book, Cells memory cells, uint256 spot, Grid memory previous) internal pure returns (Grid memory grid) {
        unchecked {
            if (
                previous.base == book.base && previous.first == book.first && previous.spacing == book.spacing && previous.nodes == book.nodes
            ) return previous;
            grid.base = book.base;
            grid.first = book.first;
            grid.spacing = book.spacing;
            grid.nodes = book.nodes;
            int256 distance = ScanCells.signedLog(spot, book.base);
            grid.distance = distance;
            uint256 record = Cubic.room(cells.count);
            grid.start = record;
            int256 origin = book.first << 64;
            int256 spacing = int256(book.spacing);
            uint256 nodes = book.nodes;
            int256 end = int256(nodes - 1 << 32);
            for (uint256 i; i < cells.count; ++i) {
                int256 position = ((distance + ScanCells.logAt(cells, i)) * MILLION - origin) / spacing >> 32;
                if (position < 0) _mark(record, BELOW);
                else if (position > end) _mark(record, ABOVE);
                else Cubic.weights(record, position, nodes);
                record += Cubic.RECORD;
            }
        }
    }

    function _mark(uint256 record, uint256 side) private pure {
        assembly ("memory-safe") {
            mstore(record, side)
        }
    }

    /// @notice The {Cubic} record of a cell.
    function recordAt(Grid memory grid, uint256 i) internal pure returns (uint256) {
        unchecked {
            return grid.start + i * Cubic.RECORD;
        }
    }

    /// @dev What a chain's cells have in common.
    struct Line {
        uint256 up; // address of the first node's sum
        uint256 down;
        uint256 factor; // of a weighted sum of nodes, before the shift: USD wad
        uint256 shift;
        int256 slope;
        int256 cost;
        int256 futures;
        uint256 forwardRatio;
        uint256 credit;
    }

    /// @notice Adds the chain to every cell.
    function addCells(ChainBook memory book, Lanes memory lanes, Grid memory grid, Cells memory cells) internal pure {
        unchecked {
            bool nearExpiry = book.time < 1 days;
            Line memory line = _lineOf(book, lanes);
            uint256 record = grid.start;
            uint256 cell = cells.start;
            for (uint256 i; i < cells.count; ++i) {
                if (nearExpiry || Cubic.firstOf(record) >= ABOVE) _addSlowly(book, lanes, grid, cells, i, nearExpiry);
                else _add(line, record, cell);
                record += Cubic.RECORD;
                cell += ScanCells.RECORD;
            }
        }
    }

    function _lineOf(ChainBook memory book, Lanes memory lanes) private pure returns (Line memory line) {
        unchecked {
            (int256[] memory up, int256[] memory down) = (lanes.up, lanes.down);
            int256 exponent = lanes.exponent;
            assembly ("memory-safe") {
                mstore(line, add(up, 32))
                mstore(add(line, 32), add(down, 32))
            }
            // As {LadderSums.toWad} has it.
            line.factor = exponent > 32 ? 1e14 << uint256(exponent - 32) : 1e14;
            line.shift = exponent > 32 ? 0 : uint256(32 - exponent);
            (line.slope, line.cost, line.futures) = (book.slope, book.cost, book.futures);
            (line.forwardRatio, line.credit) = (book.forwardRatio, book.credit);
        }
    }

    function _addSlowly(ChainBook memory book, Lanes memory lanes, Grid memory grid, Cells memory cells, uint256 i, bool nearExpiry)
        private
        pure
    {
        unchecked {
            uint256 price = ScanCells.priceAt(cells, i);
            (int256 up, int256 down, int256 dated) = plainAt(book, lanes, grid, i, price);
            if (nearExpiry) {
                int256 expired = payoffAt(book, price);
                if (expired < up) up = expired;
                if (expired < down) down = expired;
            }
            ScanCells.add(cells, i, _credited(up, book.credit) + dated, _credited(down, book.credit) + dated);
        }
    }

    /// @dev {_addSlowly} of a cell inside the nodes, a day or more from expiry: cubic of both rows, parity, credit, futures.
    function _add(Line memory line, uint256 record, uint256 cell) private pure {
        assembly ("memory-safe") {
            let offset := shl(5, mload(record))
            let row := add(mload(line), offset)
            let other := add(mload(add(line, 32)), offset)
            let weight := mload(add(record, 32))
            let up := mul(weight, mload(row))
            let down := mul(weight, mload(other))
            weight := mload(add(record, 64))
            up := add(up, mul(weight, mload(add(row, 32))))
            down := add(down, mul(weight, mload(add(other, 32))))
            weight := mload(add(record, 96))
            up := add(up, mul(weight, mload(add(row, 64))))
            down := add(down, mul(weight, mload(add(other, 64))))
            weight := mload(add(record, 128))
            up := add(up, mul(weight, mload(add(row, 96))))
            down := add(down, mul(weight, mload(add(other, 96))))

            let forward := div(mul(mload(cell), mload(add(line, 224))), 1000000000000000000)
            // Divisions of lots round down: the remainder has the sign of what is divided.
            let dated := mul(mload(add(line, 192)), forward)
            dated := sub(sdiv(dated, 10000), slt(smod(dated, 10000), 0))
            let parity := sub(mul(mload(add(line, 128)), forward), mload(add(line, 160)))
            parity := sub(sdiv(parity, 10000), slt(smod(parity, 10000), 0))
            up := add(sar(mload(add(line, 96)), mul(up, mload(add(line, 64)))), parity)
            down := add(sar(mload(add(line, 96)), mul(down, mload(add(line, 64)))), parity)
            let credit := mload(add(line, 256))
            if sgt(up, 0) { up := div(mul(up, credit), 1000000000000000000) }
            if sgt(down, 0) { down := div(mul(down, credit), 1000000000000000000) }
            mstore(add(cell, 96), add(mload(add(cell, 96)), add(up, dated)))
            mstore(add(cell, 128), add(mload(add(cell, 128)), add(down, dated)))
        }
    }

    /// @notice Options with vol up and vol down, and futures, in cell `i`, without margin's reductions. USD wad, rounded down.
    function plainAt(ChainBook memory book, Lanes memory lanes, Grid memory grid, uint256 i, uint256 price)
        internal
        pure
        returns (int256 up, int256 down, int256 dated)
    {
        unchecked {
            if (book.time == 0) {
                up = payoffAt(book, price);
                return (up, up, floorLots(book.futures * int256(price)));
            }
            uint256 forward = price * book.forwardRatio / WAD;
            uint256 record = recordAt(grid, i);
            uint256 side = Cubic.firstOf(record);
            if (side < ABOVE) {
                (up, down) = _inside(lanes, record);
            } else {
                // The far word stands for vol up: what bounds it from above bounds any lower vol, and the down word bounds both from below.
                up = side == BELOW ? _below(book, lanes, price, forward) : _above(book, lanes, price, forward);
                down = up;
            }
            int256 parity = floorLots(book.slope * int256(forward) - book.cost);
            (up, down) = (up + parity, down + parity);
            if (book.futures != 0) dated = floorLots(book.futures * int256(forward));
        }
    }

    /// @dev The cubic of both rows.
    function _inside(Lanes memory lanes, uint256 record) private pure returns (int256 up, int256 down) {
        assembly ("memory-safe") {
            let offset := add(shl(5, mload(record)), 32)
            let row := add(mload(lanes), offset)
            let other := add(mload(add(lanes, 32)), offset)
            let weight := mload(add(record, 32))
            up := mul(weight, mload(row))
            down := mul(weight, mload(other))
            weight := mload(add(record, 64))
            up := add(up, mul(weight, mload(add(row, 32))))
            down := add(down, mul(weight, mload(add(other, 32))))
            weight := mload(add(record, 96))
            up := add(up, mul(weight, mload(add(row, 64))))
            down := add(down, mul(weight, mload(add(other, 64))))
            weight := mload(add(record, 128))
            up := add(up, mul(weight, mload(add(row, 96))))
            down := add(down, mul(weight, mload(add(other, 96))))
        }
        int256 exponent = lanes.exponent;
        (up, down) = (LadderSums.toWad(up, exponent), LadderSums.toWad(down, exponent));
    }

    function _credited(int256 value, uint256 credit) private pure returns (int256) {
        unchecked {
            return value > 0 ? value * int256(credit) / 1e18 : value;
        }
    }

    /// @notice The chain's options taken as expired at `price`, USD wad, rounded down. At the strike itself a digital counts as below nothing.
    function payoffAt(ChainBook memory book, uint256 price) internal pure returns (int256) {
        unchecked {
            int256 sum = (book.kind == 0 ? book.slope * int256(price) : int256(0)) - book.cost;
            for (uint256 i; i < book.strikes.length; ++i) {
                StrikeBook memory s = book.strikes[i];
                if (price < s.strike) sum += (s.net >> s.shift) * (book.kind == 0 ? int256(s.strike - price) : int256(WAD));
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

    // ------------------------------------------------------------------ beyond the nodes

    /// @dev A put falls with the price, by at most as much; it is convex and at most its strike.
    function _below(ChainBook memory book, Lanes memory lanes, uint256 price, uint256 forward) private pure returns (int256) {
        unchecked {
            int256 atFirst = LadderSums.toWad(lanes.longsAtFirst << 32, book.unitExponent);
            if (book.kind != 0) return atFirst + lanes.shortLots * int256(WAD) / LOTS;
            int256 intrinsic = floorLots(lanes.longCost - lanes.longLots * int256(forward));
            int256 long = intrinsic > atFirst ? intrinsic : atFirst;
            return long + _shortBelow(book, lanes, price, forward);
        }
    }

    function _shortBelow(ChainBook memory book, Lanes memory lanes, uint256 price, uint256 forward) private pure returns (int256 short) {
        unchecked {
            if (lanes.shortLots == 0) return 0;
            uint256 low = book.base * ScanCells.multipleOf(0) / 100;
            int256 most = floorLots(lanes.shortCost);
            uint256 edge = book.base * book.lowest / WAD;
            int256 atEdge = LadderSums.toWad(lanes.shortsAtFirst << 32, book.unitExponent);
            if (low >= edge) {
                // No far knot below the nodes.
                short = atEdge + floorLots(lanes.shortLots * int256(edge * book.forwardRatio / WAD - forward));
            } else {
                int256 atLow = LadderSums.toWad(lanes.far[0] << 32, book.unitExponent);
                if (price <= low) {
                    short = atLow + floorLots(lanes.shortLots * int256(low * book.forwardRatio / WAD - forward));
                } else {
                    for (uint256 i = 1; i < 3; ++i) {
                        uint256 knot = book.base * ScanCells.multipleOf(i) / 100;
                        if (knot >= edge) break;
                        int256 atKnot = LadderSums.toWad(lanes.far[i] << 32, book.unitExponent);
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
    function _above(ChainBook memory book, Lanes memory lanes, uint256 price, uint256 forward) private pure returns (int256) {
        unchecked {
            int256 atLow = LadderSums.toWad(lanes.shortsAtLast << 32, book.unitExponent);
            if (book.kind != 0) return atLow;
            int256 intrinsic = floorLots(lanes.longCost - lanes.longLots * int256(forward));
            int256 long = intrinsic > 0 ? intrinsic : int256(0);
            if (lanes.shortLots == 0) return long;
            uint256 low = book.base * book.lowest / WAD * _power(book.ratio, book.nodes - 1) / WAD;
            for (uint256 i = 3; i < ScanCells.FAR; ++i) {
                uint256 knot = book.base * ScanCells.multipleOf(i) / 100;
                if (knot <= low) continue;
                int256 atKnot = LadderSums.toWad(lanes.far[i] << 32, book.unitExponent);
                if (price < knot) return long + _chord(low, atLow, knot, atKnot, price);
                (low, atLow) = (knot, atKnot);
            }
            return long + atLow;
        }
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

    // ------------------------------------------------------------------ at the mark

    /// @dev What all strikes of a chain are read with.
    struct Reader {
        bool near; // the mark's own word is read
        uint256 side; // BELOW, ABOVE, or neither
        // records of {Cubic}
        uint256 main;
        uint256 marks;
        uint256 slope; // of the mark's word, or, where that is not read, of the others
        uint256 bend;
        uint256 skew;
        int256 step; // node spacing of what slopes are read off, millionths
        uint256 words;
        uint256 forward;
        // one strike, in its units, 32 binary digits
        int256 value;
        int256 first; // dV / d ln S
        int256 second;
        int256 vega; // per vol of one
    }

    /// @notice Value and sensitivities at the mark.
    function greeks(ChainBook memory book, Grid memory grid, uint256 spot) internal pure returns (ChainGreeks memory g) {
        unchecked {
            if (book.time == 0) return _expired(book, spot);
            Reader memory r = _reader(book, grid, spot);
            int256 value;
            int256 first;
            int256 second;
            int256 vega;
            int256 skew;
            for (uint256 i; i < book.strikes.length; ++i) {
                StrikeBook memory s = book.strikes[i];
                g.notionalLots += _size(s.puts) + _size(s.calls);
                _read(r, book, s);
                value += s.net * r.value;
                first += s.net * r.first;
                second += s.net * r.second;
                vega += s.net * r.vega;
                skew += s.net * Cubic.dotSigned(Cubic.lanesAt(s.words + 64 * r.words + 64, r.skew), r.skew);
                g.deltaNotional += _deltas(book, s, r);
            }
            int256 exponent = book.unitExponent;
            int256 forwards = floorLots((book.slope + book.futures) * int256(r.forward));
            g.value = LadderSums.toWad(value, exponent) + floorLots(book.slope * int256(r.forward) - book.cost);
            g.delta = LadderSums.toWad(first, exponent) + forwards;
            // d2V/d(ln S)2 is S^2 V'' + S V'; forwards have no V''.
            g.gamma = LadderSums.toWad(second - first, exponent);
            g.vega = LadderSums.toWad(vega, exponent);
            g.skew = LadderSums.toWad(skew, exponent) >> 6;
            g.notionalLots += _size(book.futures);
            g.deltaNotional += _size(book.futures) * r.forward / uint256(LOTS);
        }
    }

    function _reader(ChainBook memory book, Grid memory grid, uint256 spot) private pure returns (Reader memory r) {
        unchecked {
            r.words = book.nodes >> 4;
            r.forward = spot * book.forwardRatio / WAD;
            r.marks = Cubic.room(3);
            r.slope = r.marks + Cubic.RECORD;
            r.bend = r.slope + Cubic.RECORD;
            r.skew = r.marks;
            r.main = recordAt(grid, ScanCells.SIDE);
            if (Cubic.firstOf(r.main) >= ABOVE) r.side = Cubic.firstOf(r.main);
            int256 near = (grid.distance * MILLION / int256(book.nearSpacing) >> 32) + HALF_NEAR;
            r.near = near >= 0 && near <= LAST_NEAR;
            if (r.near) {
                Cubic.weights(r.marks, near, 16);
                Cubic.slopes(r.slope, near, 16);
                Cubic.bends(r.bend, near, 16);
                r.step = int256(book.nearSpacing);
                return r;
            }
            Cubic.weights(r.skew, near < 0 ? int256(0) : LAST_NEAR, 16);
            if (r.side == 0) {
                int256 position = (grid.distance * MILLION - (book.first << 64)) / int256(book.spacing) >> 32;
                Cubic.slopes(r.slope, position, book.nodes);
                Cubic.bends(r.bend, position, book.nodes);
                r.step = int256(book.spacing);
            }
        }
    }

    function _read(Reader memory r, ChainBook memory book, StrikeBook memory s) private pure {
        unchecked {
            if (r.side != 0) {
                _readBeyond(r, book, s);
                return;
            }
            uint256 lows = Cubic.lanesAt(s.words + 32 * r.words, r.main);
            uint256 highs = Cubic.lanesAt(s.words, r.main);
            int256 low = Cubic.dot(lows, r.main);
            int256 high = Cubic.dot(highs, r.main);
            (int256 d, int256 m, int256 u, int256 x) = (s.down, s.mark, s.up, s.live);
            int256 share = u > d ? (x - d << 64) / (u - d) : int256(1 << 64);
            if (r.near) {
                uint256 marks = Cubic.lanesAt(s.words + 64 * r.words + 32, r.marks);
                r.first = Cubic.dot(marks, r.slope) * MILLION / r.step;
                r.second = Cubic.dot(marks, r.bend) * MILLION / r.step * MILLION / r.step;
                if (d < m && m < u) {
                    // Vols have 57 bits, values 49, so quotients with 64 more stay below 2^113 and their products below 2^235.
                    int256 middle = Cubic.dot(marks, r.marks);
                    int256 slope = (middle - low << 64) / (m - d);
                    int256 bend = ((high - middle << 64) / (u - m) - slope) * VOL_ONE / (u - d);
                    r.value = low + ((x - d) * (slope + (x - m) * bend / VOL_ONE) >> 64);
                    r.vega = (slope + (2 * x - d - m) * bend / VOL_ONE) * VOL_ONE >> 64;
                    return;
                }
            } else {
                // The same four nodes.
                r.first = _blend(Cubic.dot(lows, r.slope), Cubic.dot(highs, r.slope), share) * MILLION / r.step;
                r.second = _blend(Cubic.dot(lows, r.bend), Cubic.dot(highs, r.bend), share) * MILLION / r.step * MILLION / r.step;
            }
            r.value = low + ((high - low) * share >> 64);
            r.vega = u > d ? ((high - low << 64) / (u - d)) * VOL_ONE >> 64 : int256(0);
        }
    }

    function _blend(int256 low, int256 high, int256 share) private pure returns (int256) {
        unchecked {
            return low + ((high - low) * share >> 64);
        }
    }

    /// @dev The price has left the nodes: the bound against the side held, and the slope of the payoff.
    function _readBeyond(Reader memory r, ChainBook memory book, StrikeBook memory s) private pure {
        unchecked {
            (r.vega, r.second) = (0, 0);
            int256 one = _units(WAD, book, s);
            int256 intrinsic = r.forward < s.strike ? _units(s.strike - r.forward, book, s) : int256(0);
            bool below = r.side == BELOW;
            r.first = book.kind == 0 && r.forward < s.strike ? -_units(r.forward, book, s) : int256(0);
            if (s.net >= 0) {
                r.value = below ? int256(_lane(s.words + 32 * r.words, 0) << 32) : int256(0);
                if (book.kind == 0 && intrinsic > r.value) r.value = intrinsic;
                return;
            }
            if (!below) {
                r.value = int256(_lane(s.words + 32 * r.words - 32, 15) << 32);
                return;
            }
            if (book.kind != 0) {
                r.value = one;
                return;
            }
            uint256 edge = book.base * book.lowest / WAD * book.forwardRatio / WAD;
            r.value = int256(_lane(s.words, 0) << 32) + _units(edge > r.forward ? edge - r.forward : 0, book, s);
            int256 most = _units(s.strike, book, s);
            if (r.value > most) r.value = most;
        }
    }

    /// @dev USD wad a contract in units of a strike, 32 binary digits, rounded down.
    function _units(uint256 wad, ChainBook memory book, StrikeBook memory s) private pure returns (int256) {
        unchecked {
            int256 exponent = book.unitExponent + int256(s.shift);
            // 128 bits of price, 32 of fraction, an exponent between -60 and 67.
            return exponent < 0 ? int256((wad << uint256(32 - exponent)) / WAD) : int256((wad << 32 >> uint256(exponent)) / WAD);
        }
    }

    /// @dev |delta| of put and call, each by itself, times the price, USD wad, rounded up.
    function _deltas(ChainBook memory book, StrikeBook memory s, Reader memory r) private pure returns (uint256) {
        unchecked {
            int256 put = LadderSums.toWad(r.first, book.unitExponent + int256(s.shift));
            int256 call = book.kind == 0 ? put + int256(r.forward) / LOTS : -put;
            return _size(put) * _size(s.puts) + _size(call) * _size(s.calls);
        }
    }

    function _expired(ChainBook memory book, uint256 spot) private pure returns (ChainGreeks memory g) {
        unchecked {
            g.value = payoffAt(book, spot);
            int256 lots = book.futures;
            for (uint256 i; i < book.strikes.length; ++i) {
                StrikeBook memory s = book.strikes[i];
                g.notionalLots += _size(s.puts) + _size(s.calls);
                if (book.kind != 0) continue;
                int256 held = spot < s.strike ? -s.puts : s.calls;
                lots += held;
                g.deltaNotional += _size(held) * spot / uint256(LOTS);
            }
            g.delta = floorLots(lots * int256(spot));
            g.notionalLots += _size(book.futures);
            g.deltaNotional += _size(book.futures) * spot / uint256(LOTS);
        }
    }

    function _lane(uint256 place, uint256 i) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := and(shr(shl(4, i), mload(place)), 0xffff)
        }
    }

    function _size(int256 x) private pure returns (uint256) {
        unchecked {
            return uint256(x < 0 ? -x : x);
        }
    }

    /// @notice Lots x wad as wad, rounded down.
    function floorLots(int256 x) internal pure returns (int256) {
        unchecked {
            int256 quotient = x / LOTS;
            return x < 0 && quotient * LOTS != x ? quotient - 1 : quotient;
        }
    }
}
