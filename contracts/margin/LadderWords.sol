// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {logRatio} from "../oracle/LogRatio.sol";
import {Black76} from "./Black76.sol";
import {exponential} from "./Exponential.sol";
import {LadderHeader, LadderLayout} from "./LadderLayout.sol";
import {VolScale} from "./VolScale.sol";

/// @notice What all entries of a ladder share, for valuing them anew: forwards, USD wad, ascending, and the root of the time.
struct LadderFrame {
    uint256 kind;
    uint256 words; // of the nodes
    uint256[] nodes;
    uint256[] near;
    uint256[] far;
    uint256 upScale; // 1e-12
    uint256 downScale;
    uint256 root; // sqrt of the years to expiry, 64 binary digits
}

/// @notice One entry: its strike, its vol, its unit, and vol sqrt(T) of each state, wad.
struct LadderStrike {
    uint256 strike; // USD, wad
    uint256 vol; // wad
    uint256 unit; // USD, wad, times 2^shift
    uint256 shift;
    uint256 up;
    uint256 down;
    uint256 mark;
}

/// @title The words that a ladder must hold
/// @notice A pure function of the header and of a strike's vol: what `postChain` of `risk/margin/ladder` computes, rebuilt with {Black76}.
library LadderWords {
    uint256 internal constant LANES = 16;
    uint256 private constant FAR_LANES = 8;
    /// @dev Half a unit for the rounding of a post, and a hundredth for the difference of two arithmetics.
    uint256 private constant TOLERANCE = 51;
    /// @dev Step in vol of the difference that gives vega: 2^-12.
    uint256 private constant VOL_STEP = 244140625000000;
    int256 private constant SKEW_PARTS = 64;
    int256 private constant SKEW_CEILING = 32_767;
    /// @dev Standard deviations from the money beyond which the wings move no further with the skew.
    int256 private constant WING = 2e18;
    /// @dev 0.34, 0.5, 0.67, 1.5, 2, 3, 4 and 6 times the base, hundredths, 16 bits each.
    uint256 private constant FAR_MULTIPLES = 0x0258_0190_012c_00c8_0096_0043_0032_0022;

    function frameOf(LadderHeader memory h) internal pure returns (LadderFrame memory f) {
        f.kind = h.kind;
        f.words = h.nodes / LANES;
        f.nodes = _forwards(h, h.lowest, h.ratio, h.nodes);
        int256 spacing = int256(h.nearSpacing * 1e12);
        f.near = _forwards(h, exponential(-15 * spacing / 2), nearRatioOf(h), LANES);
        f.far = new uint256[](FAR_LANES);
        for (uint256 i = 0; i < FAR_LANES; ++i) {
            f.far[i] = h.base * h.forwardRatio * uint16(FAR_MULTIPLES >> 16 * i) / 1e20;
        }
        (f.upScale, f.downScale) = (h.upScale, h.downScale);
        f.root = Black76.deviationOf(Black76.MAX_VOL, h.expiry - h.asOf);
    }

    /// @notice Ratio of two neighbouring near nodes, wad.
    function nearRatioOf(LadderHeader memory h) internal pure returns (uint256) {
        return exponential(int256(h.nearSpacing * 1e12));
    }

    /// @param word Of the table.
    function strikeOf(LadderFrame memory f, uint256 tick, uint256 word, uint256 entry) internal pure returns (LadderStrike memory s) {
        (uint256 multiple, uint256 volBps, int256 exponent) = LadderLayout.tableEntry(word, entry);
        s.strike = multiple * tick;
        s.vol = volBps * 1e14;
        if (exponent < 0) (s.unit, s.shift) = (1e18, uint256(-exponent));
        else s.unit = 1e18 << uint256(exponent);
        s.mark = s.vol * f.root >> 64;
        s.up = (s.vol > VolScale.UP_FLOOR ? s.vol : VolScale.UP_FLOOR) * f.upScale / 1e12 * f.root >> 64;
        s.down = s.vol * f.downScale / 1e12 * f.root >> 64;
    }

    /// @notice First lane of a word of an entry that is further from its exact value than half a unit and a hundredth; {LANES} when there is none.
    /// @param place Of the word in its entry.
    function faultOf(LadderFrame memory f, LadderStrike memory s, uint256 place, uint256 word) internal pure returns (uint256 lane) {
        uint256 n = f.words;
        if (place < n) return _nodesFault(f.kind, s, s.up, f.nodes, place * LANES, word);
        if (place < 2 * n) return _nodesFault(f.kind, s, s.down, f.nodes, (place - n) * LANES, word);
        if (place == 2 * n) return _farFault(f, s, word);
        if (place == 2 * n + 1) return _nodesFault(f.kind, s, s.mark, f.near, 0, word);
        return _skewFault(f, s, word);
    }

    function _nodesFault(
        uint256 kind,
        LadderStrike memory s,
        uint256 deviation,
        uint256[] memory forwards,
        uint256 from,
        uint256 word
    ) private pure returns (uint256 lane) {
        for (; lane < LANES; ++lane) {
            uint256 exact = put(kind, forwards[from + lane], s.strike, deviation);
            if (_isOff(uint16(word >> 16 * lane), s, exact)) return lane;
        }
    }

    function _farFault(LadderFrame memory f, LadderStrike memory s, uint256 word) private pure returns (uint256) {
        for (uint256 lane = 0; lane < FAR_LANES; ++lane) {
            if (_isOff(uint32(word >> 32 * lane), s, put(f.kind, f.far[lane], s.strike, s.up))) return lane;
        }
        return LANES;
    }

    function _skewFault(LadderFrame memory f, LadderStrike memory s, uint256 word) private pure returns (uint256 lane) {
        uint256 lower = s.vol > VOL_STEP ? s.vol - VOL_STEP : 0;
        uint256 upper = s.vol + VOL_STEP;
        int256 span = int256(upper - lower);
        (lower, upper) = (lower * f.root >> 64, upper * f.root >> 64);
        for (; lane < LANES; ++lane) {
            int256 exact = 0;
            if (s.mark != 0) {
                uint256 forward = f.near[lane];
                int256 wing = logRatio(s.strike, forward) * 1e18 / int256(s.mark);
                wing = wing > WING ? WING : wing < -WING ? -WING : wing;
                int256 change = int256(put(f.kind, forward, s.strike, upper)) - int256(put(f.kind, forward, s.strike, lower));
                // Of a vol point, in parts: 1e16 is a point.
                exact = change * 1e16 / span * SKEW_PARTS * wing / 1e18;
            }
            exact = exact * int256(1 << s.shift);
            int256 unit = int256(s.unit);
            if (exact > SKEW_CEILING * unit) exact = SKEW_CEILING * unit;
            if (exact < -SKEW_CEILING * unit) exact = -SKEW_CEILING * unit;
            int256 gap = int256(int16(uint16(word >> 16 * lane))) * unit - exact;
            if (uint256(gap < 0 ? -gap : gap) * 100 > TOLERANCE * s.unit) return lane;
        }
    }

    /// @notice Value of a put, USD wad.
    function put(uint256 kind, uint256 forward, uint256 strike, uint256 deviation) internal pure returns (uint256) {
        if (kind == 1) return Black76.probabilityBelow(forward, strike, deviation);
        return forward < strike
            ? Black76.timeValue(forward, strike, deviation) + strike - forward
            : Black76.timeValue(strike, forward, deviation);
    }

    function _isOff(uint256 units, LadderStrike memory s, uint256 exact) private pure returns (bool) {
        unchecked {
            // Units are below 2^32, a unit below 2^100, a value below 2^128 and the shift at most 60.
            uint256 posted = units * s.unit;
            exact <<= s.shift;
            return (posted > exact ? posted - exact : exact - posted) * 100 > TOLERANCE * s.unit;
        }
    }

    /// @dev base x lowest x ratio^i x forwardRatio.
    function _forwards(LadderHeader memory h, uint256 multiple, uint256 ratio, uint256 count)
        private
        pure
        returns (uint256[] memory forwards)
    {
        forwards = new uint256[](count);
        uint256 base = h.base * h.forwardRatio;
        for (uint256 i = 0; i < count; ++i) {
            forwards[i] = base * multiple / 1e36;
            multiple = multiple * ratio / 1e18;
        }
    }
}
