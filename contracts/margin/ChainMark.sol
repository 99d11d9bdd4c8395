// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainBooks} from "./ChainBooks.sol";
import {ChainCells} from "./ChainCells.sol";
import {Cubic} from "./Cubic.sol";
import {LadderSums} from "./LadderSums.sol";
import {ChainBook, STRIKE_BYTES} from "./MarginTypes.sol";

/// @title Value and sensitivities of one chain of an account at the mark
/// @notice Pure. The twin is `risk/margin/contract/chainGreeks.ts`.
library ChainMark {
    uint256 private constant WAD = 1e18;
    uint256 private constant LOTS = 10_000;
    int256 private constant MILLION = 1_000_000;
    /// @dev Fifteen near node steps lie evenly around the base: 7.5, 32 binary digits.
    int256 private constant HALF_NEAR = 15 << 31;
    int256 private constant LAST_NEAR = 15 << 32;
    /// @dev A vol of one in the unit of vols.
    int256 private constant VOL_ONE = 1e16;
    uint256 private constant FLOOR = 4_000;
    /// @dev One lane in both halves of a word.
    uint256 private constant PAIR = 0x0000000000000000000000000000ffff0000000000000000000000000000ffff;

    /// @dev What strikes are read with, and their sums.
    struct Reader {
        // sums over strikes, of lots in units of the chain x reading
        int256 value; // 64 binary digits more than a reading
        int256 first; // dV / d ln S, a step of nodes
        int256 second; // its derivative
        int256 vega; // dV per vol of one, 64 binary digits more
        int256 skew; // dV per point
        uint256 size; // |delta| of puts and calls, each by itself
        // one strike, in its units, 32 binary digits
        int256 strikeValue; // 64 more
        int256 strikeFirst;
        int256 strikeSecond;
        int256 strikeVega; // 64 more
        uint256 entries;
        uint256 length; // of an entry
        uint256 span; // of one of its rows
        uint256 forward;
        int256 position; // on the nodes
        int256 step; // of nodes that slopes are read off, millionths
        // records of {Cubic}
        uint256 main;
        uint256 skews;
        uint256 slope;
        uint256 bend;
        uint256 packed; // weights of value, slope and bend off the mark's word, a lane a word: fields of 80 bits
        // what low less middle and high less middle count for in value and vega, 64 binary digits, and what vegas are divided by
        int256 lowValue;
        int256 highValue;
        int256 lowVega;
        int256 highVega;
        int256 divisor;
        int256 forwardSize; // of a lot, as slopes are counted; zero for a digital
    }

    /// @notice What one chain after another is read with.
    /// @param entries From {ChainBooks.entriesRoom}.
    function reader(uint256 entries) internal pure returns (Reader memory r) {
        unchecked {
            r.entries = entries;
            r.main = Cubic.room(5);
            r.skews = r.main + Cubic.RECORD;
            r.slope = r.skews + Cubic.RECORD;
            r.bend = r.slope + Cubic.RECORD;
            r.packed = r.bend + Cubic.RECORD;
        }
    }

    /// @notice Reads the chain at the mark.
    function read(Reader memory r, ChainBook memory book, uint256 spot) internal pure {
        unchecked {
            if (book.time == 0) {
                _expired(book, spot);
                return;
            }
            (r.value, r.first, r.second, r.vega, r.skew, r.size) = (0, 0, 0, 0, 0, 0);
            r.length = ChainBooks.entryBytes(book);
            r.span = 2 * book.nodes;
            r.forward = spot * book.forwardRatio / WAD;
            r.position = (book.distance * MILLION - (book.first << 64)) / int256(book.spacing) >> 32;
            int256 near = (book.distance * MILLION / int256(book.nearSpacing) >> 32) + HALF_NEAR;
            bool beyond = uint256(r.position) > book.nodes - 1 << 32;
            bool isNear = !beyond && near >= 0 && near <= LAST_NEAR;
            Cubic.weights(r.skews, near < 0 ? int256(0) : near > LAST_NEAR ? LAST_NEAR : near, 16);
            r.step = beyond ? MILLION : int256(isNear ? book.nearSpacing : book.spacing);
            if (!beyond) {
                (int256 place, uint256 nodes) = isNear ? (near, uint256(16)) : (r.position, book.nodes);
                Cubic.weights(r.main, r.position, book.nodes);
                Cubic.slopes(r.slope, place, nodes);
                Cubic.bends(r.bend, place, nodes);
                if (isNear) _pack(r);
            }
            r.forwardSize = book.kind == 0 ? _sizeOf(r.forward * uint256(r.step), book.unitExponent) / MILLION : int256(0);
            _readAll(r, book, isNear, beyond);
            _finish(r, book);
        }
    }

    function _readAll(Reader memory r, ChainBook memory book, bool isNear, bool beyond) private pure {
        unchecked {
            (uint256 start, uint256 end, uint256 least) = (book.strikes, book.end, beyond ? 0 : LadderSums.plainFrom(book));
            // Plain strikes first, all with the same weights.
            _weigh(r, book, 1, book.upScale, isNear);
            if (isNear) _readNear(r, start, end, least, 0);
            for (uint256 s = start; s < end; s += STRIKE_BYTES) {
                if (beyond) {
                    _readBeyond(r, book, s);
                    continue;
                }
                uint256 vol = _field(s, 128);
                r.divisor = int256(vol);
                if (vol >= least) {
                    if (!isNear) _readFar(r, s);
                    continue;
                }
                _weigh(r, book, vol, (vol < FLOOR ? FLOOR : vol) * book.upScale, isNear);
                r.divisor = 1;
                if (isNear) _readNear(r, s, s + STRIKE_BYTES, 0, 1);
                else _readFar(r, s);
                _weigh(r, book, 1, book.upScale, isNear);
            }
        }
    }

    function _finish(Reader memory r, ChainBook memory book) private pure {
        unchecked {
            int256 exponent = book.unitExponent;
            int256 forward = int256(r.forward);
            (int256 slope, int256 futures) = (book.slope, book.futures);
            int256 first = r.first * MILLION / r.step;
            book.value = LadderSums.toWad(r.value >> 64, exponent) + ChainCells.floorLots(slope * forward - book.cost)
                + ChainCells.floorLots(futures * forward);
            book.delta = LadderSums.toWad(first, exponent) + ChainCells.floorLots((slope + futures) * forward);
            // d2V/d(ln S)2 is S^2 V'' + S V'; forwards have no V''.
            book.gamma = LadderSums.toWad(r.second * MILLION / r.step * MILLION / r.step - first, exponent);
            book.vega = LadderSums.toWad(r.vega >> 64, exponent);
            book.skew = LadderSums.toWad(r.skew, exponent) >> 6;
            book.deltaNotional =
                uint256(LadderSums.toWad(int256(r.size) * MILLION / r.step, exponent)) + _size(futures) * r.forward / LOTS;
        }
    }

    /// @dev Weights of the three readings of a mark's word into one word a lane; what they weight has 15 bits, so sums stay below 2^53.
    function _pack(Reader memory r) private pure {
        (uint256 value, uint256 slope, uint256 bend, uint256 packed) = (r.skews, r.slope, r.bend, r.packed);
        assembly ("memory-safe") {
            for { let k := 32 } lt(k, 160) { k := add(k, 32) } {
                mstore(add(packed, sub(k, 32)), add(mload(add(value, k)), add(shl(80, mload(add(slope, k))), shl(160, mload(add(bend, k))))))
            }
        }
    }

    /// @dev Vol of now between those of the words: on the parabola through three where they are in order, else on the line through two.
    /// @param vol Of the post: one for all strikes that stand in the chain's ratio.
    /// @param up That of the up word.
    function _weigh(Reader memory r, ChainBook memory book, uint256 vol, uint256 up, bool isNear) private pure {
        unchecked {
            // 24 bits of vol and 48 of scale, 56 of drift.
            (int256 x, int256 u) = (int256(vol * book.drift), int256(up));
            (int256 d, int256 m) = (int256(vol * book.downScale), int256(vol * 1e12));
            if (isNear && d < m && m < u) {
                (int256 below, int256 above) = ((m - d) * (u - d), (u - m) * (u - d));
                r.lowValue = ((x - m) * (x - u) << 64) / below;
                r.highValue = ((x - d) * (x - m) << 64) / above;
                r.lowVega = ((2 * x - m - u) * VOL_ONE << 64) / below;
                r.highVega = ((2 * x - d - m) * VOL_ONE << 64) / above;
                return;
            }
            // Equal only with anchors of zero.
            r.highValue = u > d ? (x - d << 64) / (u - d) : int256(1 << 64);
            r.lowValue = (1 << 64) - r.highValue;
            r.highVega = u > d ? (VOL_ONE << 64) / (u - d) : int256(0);
            r.lowVega = -r.highVega;
        }
    }

    /// @dev Strikes of at least a vol.
    /// @param divisor What vegas are divided by; zero: by the vol.
    function _readNear(Reader memory r, uint256 start, uint256 end, uint256 least, uint256 divisor) private pure {
        assembly ("memory-safe") {
            for { let s := start } lt(s, end) { s := add(s, STRIKE_BYTES) } {
                if lt(mload(add(s, 128)), least) { continue }
                let entry := add(mload(add(r, 320)), mul(mload(add(s, 192)), mload(add(r, 352))))
                let net := mload(add(s, 96))
                let low
                let high
                {
                    let main := mload(add(r, 512))
                    let shift := and(shr(1, mload(main)), 0xf0)
                    // Four lanes of the down word in the lower half, of the up word in the upper.
                    let place := add(entry, shl(5, shr(9, mload(main))))
                    let lanes := shl(128, or(shr(shift, mload(place)), shl(sub(256, shift), mload(add(place, 32)))))
                    place := add(place, mload(add(r, 384)))
                    lanes := or(lanes, and(or(shr(shift, mload(place)), shl(sub(256, shift), mload(add(place, 32)))), 0xffffffffffffffff))
                    low := mul(and(lanes, PAIR), mload(add(main, 32)))
                    low := add(low, mul(and(shr(16, lanes), PAIR), mload(add(main, 64))))
                    low := add(low, mul(and(shr(32, lanes), PAIR), mload(add(main, 96))))
                    low := add(low, mul(and(shr(48, lanes), PAIR), mload(add(main, 128))))
                    high := low
                    low := signextend(15, low)
                    high := sar(128, sub(high, low))
                }
                // Far, mark, skew.
                entry := add(entry, add(shl(1, mload(add(r, 384))), 32))
                {
                    let skews := mload(add(r, 544))
                    let shift := shr(1, mload(skews))
                    let lanes := shr(shift, mload(add(entry, 32)))
                    let sum := mul(signextend(1, lanes), mload(add(skews, 32)))
                    sum := add(sum, mul(signextend(1, shr(16, lanes)), mload(add(skews, 64))))
                    sum := add(sum, mul(signextend(1, shr(32, lanes)), mload(add(skews, 96))))
                    sum := add(sum, mul(signextend(1, shr(48, lanes)), mload(add(skews, 128))))
                    mstore(add(r, 128), add(mload(add(r, 128)), mul(net, sum)))

                    lanes := shr(shift, mload(entry))
                    let packed := mload(add(r, 640))
                    sum := mul(and(lanes, 0xffff), mload(packed))
                    sum := add(sum, mul(and(shr(16, lanes), 0xffff), mload(add(packed, 32))))
                    sum := add(sum, mul(and(shr(32, lanes), 0xffff), mload(add(packed, 64))))
                    sum := add(sum, mul(and(shr(48, lanes), 0xffff), mload(add(packed, 96))))
                    let middle := signextend(9, sum)
                    low := sub(low, middle)
                    high := sub(high, middle)
                    sum := sar(80, sub(sum, middle))
                    let value := add(add(shl(64, middle), mul(mload(add(r, 672)), low)), mul(mload(add(r, 704)), high))
                    mstore(r, add(mload(r), mul(net, value)))
                    value := add(mul(mload(add(r, 736)), low), mul(mload(add(r, 768)), high))
                    value := mul(net, value)
                    switch divisor
                    case 0 { value := sdiv(value, mload(add(s, 128))) }
                    default { value := sdiv(value, divisor) }
                    mstore(add(r, 96), add(mload(add(r, 96)), value))
                    // Slope and bend.
                    let first := signextend(9, sum)
                    mstore(add(r, 64), add(mload(add(r, 64)), mul(net, sar(80, sub(sum, first)))))
                    mstore(add(r, 32), add(mload(add(r, 32)), mul(net, first)))
                    // |delta| of put and call, each by itself.
                    first := shl(mload(add(s, 160)), first)
                    value := mul(first, mload(add(s, 32)))
                    let sign := sar(255, value)
                    sum := add(mload(add(r, 160)), sub(xor(value, sign), sign))
                    value := mul(add(first, mload(add(r, 832))), mload(add(s, 64)))
                    sign := sar(255, value)
                    mstore(add(r, 160), add(sum, sub(xor(value, sign), sign)))
                }
            }
        }
    }

    /// @dev The price has left the mark's word and not the nodes: the line of down and up word, and its slopes off the same nodes.
    function _readFar(Reader memory r, uint256 s) private pure {
        unchecked {
            uint256 entry = r.entries + _field(s, 192) * r.length;
            uint256 lows = Cubic.lanesAt(entry + r.span, r.main);
            uint256 highs = Cubic.lanesAt(entry, r.main);
            int256 low = Cubic.dot(lows, r.main);
            int256 rise = Cubic.dot(highs, r.main) - low;
            r.strikeValue = (low << 64) + r.highValue * rise;
            r.strikeVega = r.highVega * rise;
            r.strikeFirst = _blend(Cubic.dot(lows, r.slope), Cubic.dot(highs, r.slope), r.highValue);
            r.strikeSecond = _blend(Cubic.dot(lows, r.bend), Cubic.dot(highs, r.bend), r.highValue);
            _addStrike(r, s, entry);
        }
    }

    function _blend(int256 low, int256 high, int256 share) private pure returns (int256) {
        unchecked {
            return low + ((high - low) * share >> 64);
        }
    }

    /// @dev The price has left the nodes: the bound against the side held, and the slope of the payoff.
    function _readBeyond(Reader memory r, ChainBook memory book, uint256 s) private pure {
        unchecked {
            uint256 entry = r.entries + _field(s, 192) * r.length;
            int256 exponent = book.unitExponent + int256(_field(s, 160));
            r.strikeFirst = book.kind == 0 && r.forward < _field(s, 0) ? -_sizeOf(r.forward, exponent) : int256(0);
            r.strikeValue = _bound(r, book, s, entry, exponent) << 64;
            (r.strikeSecond, r.strikeVega, r.divisor) = (0, 0, 1);
            _addStrike(r, s, entry);
        }
    }

    function _bound(Reader memory r, ChainBook memory book, uint256 s, uint256 entry, int256 exponent) private pure returns (int256 value) {
        unchecked {
            bool below = r.position < 0;
            uint256 strike = _field(s, 0);
            if (int256(_field(s, 96)) >= 0) {
                if (below) value = int256(_field(entry, r.span) & 0xffff) << 32;
                int256 intrinsic = book.kind == 0 && r.forward < strike ? _sizeOf(strike - r.forward, exponent) : int256(0);
                return intrinsic > value ? intrinsic : value;
            }
            if (!below) return int256(_field(entry, r.span - 32) >> 240) << 32;
            if (book.kind != 0) return _sizeOf(WAD, exponent);
            uint256 edge = book.base * book.lowest / WAD * book.forwardRatio / WAD;
            value = (int256(_field(entry, 0) & 0xffff) << 32) + _sizeOf(edge > r.forward ? edge - r.forward : 0, exponent);
            int256 most = _sizeOf(strike, exponent);
            return value > most ? most : value;
        }
    }

    /// @dev USD wad a contract in units of 2^exponent USD, 32 binary digits, rounded down.
    function _sizeOf(uint256 wad, int256 exponent) private pure returns (int256) {
        unchecked {
            // 128 bits of price, 32 of a spacing or of fraction, an exponent between -60 and 67.
            return exponent < 32 ? int256((wad << uint256(32 - exponent)) / WAD) : int256((wad >> uint256(exponent - 32)) / WAD);
        }
    }

    function _addStrike(Reader memory r, uint256 s, uint256 entry) private pure {
        unchecked {
            int256 net = int256(_field(s, 96));
            r.value += net * r.strikeValue;
            r.first += net * r.strikeFirst;
            r.second += net * r.strikeSecond;
            r.vega += net * r.strikeVega / r.divisor;
            r.skew += net * Cubic.dotSigned(Cubic.lanesAt(entry + 2 * r.span + 64, r.skews), r.skews);
            int256 put = r.strikeFirst << _field(s, 160);
            r.size += _size(put * int256(_field(s, 32))) + _size((put + r.forwardSize) * int256(_field(s, 64)));
        }
    }

    function _expired(ChainBook memory book, uint256 spot) private pure {
        unchecked {
            book.value = ChainCells.payoffAt(book, spot) + ChainCells.futuresAt(book, spot);
            int256 lots = book.futures;
            book.deltaNotional = _size(lots) * spot / LOTS;
            if (book.kind == 0) {
                for (uint256 s = book.strikes; s < book.end; s += STRIKE_BYTES) {
                    int256 held = spot < _field(s, 0) ? -int256(_field(s, 32)) : int256(_field(s, 64));
                    lots += held;
                    book.deltaNotional += _size(held) * spot / LOTS;
                }
            }
            book.delta = ChainCells.floorLots(lots * int256(spot));
        }
    }

    function _field(uint256 record, uint256 offset) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(record, offset))
        }
    }

    function _size(int256 x) private pure returns (uint256) {
        unchecked {
            return uint256(x < 0 ? -x : x);
        }
    }
}
