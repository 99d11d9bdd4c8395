// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Direction, ParamClass, ParameterRule, ParameterSpec, ScopeId} from "../interfaces/ParameterTypes.sol";
import {BPS, PackedRule} from "./Records.sol";

/// @title What a rule may contain, and how fast it may change
/// @dev Classified by effect. Only a rule whose every difference restricts loosening is in force at once; any other waits for the rule delay.
///
/// | field (position)                     | up means                            | down means                          |
/// |--------------------------------------|-------------------------------------|-------------------------------------|
/// | floor (0), tightens UP               | restricts loosening: **at once**    | frees loosening                     |
/// | floor (0), tightens DOWN             | restricts tightening                | frees tightening                    |
/// | floor (0), TWO_SIDED                 | restricts both: delayed             | frees both                          |
/// | ceiling (1), tightens UP             | frees tightening                    | restricts tightening                |
/// | ceiling (1), tightens DOWN           | frees loosening                     | restricts loosening: **at once**    |
/// | ceiling (1), TWO_SIDED               | frees both                          | restricts both: delayed             |
/// | baseline (2)                         | moves the dead-man: delayed         | moves the dead-man: delayed         |
/// | tightenStepBps (3), -StepFloor (4)   | frees tightening                    | restricts tightening                |
/// | loosenStepBps (5)                    | frees loosening                     | restricts loosening: **at once**    |
/// | tightenCooldown (6)                  | restricts tightening                | frees tightening                    |
/// | loosenCooldown (7)                   | restricts loosening: **at once**    | frees loosening                     |
/// | tightenBudgetBps (8)                 | frees tightening                    | restricts tightening                |
/// | loosenBudgetBps (9)                  | frees loosening                     | restricts loosening: **at once**    |
/// | loosenWindow (10)                    | restricts loosening: **at once**    | frees loosening                     |
/// | vetoHours (11)                       | restricts loosening: **at once**    | frees loosening                     |
/// | emergencyStepBps (12)                | frees tightening                    | restricts tightening                |
/// | emergencyCooldown (13)               | restricts tightening                | frees tightening                    |
/// | rampPerHour (14)                     | liquidates faster: frees tightening | delays tightening: restricts it     |
///
/// Freeing a tightening waits too: a stolen key that may tighten further harvests liquidations (contract rules A3, A5).
///
/// The fields of a rule are handled as a row of numbers, each with its place in the packed form and its class in {LAYOUT}.
library Rules {
    uint256 internal constant FLOOR = 0;
    uint256 internal constant CEILING = 1;
    uint256 internal constant BASELINE = 2;
    uint256 internal constant TIGHTEN_STEP_BPS = 3;
    uint256 internal constant TIGHTEN_STEP_FLOOR = 4;
    uint256 internal constant LOOSEN_STEP_BPS = 5;
    uint256 internal constant TIGHTEN_COOLDOWN = 6;
    uint256 internal constant LOOSEN_COOLDOWN = 7;
    uint256 internal constant TIGHTEN_BUDGET_BPS = 8;
    uint256 internal constant LOOSEN_BUDGET_BPS = 9;
    uint256 internal constant LOOSEN_WINDOW = 10;
    uint256 internal constant VETO_HOURS = 11;
    uint256 internal constant EMERGENCY_STEP_BPS = 12;
    uint256 internal constant EMERGENCY_COOLDOWN = 13;
    uint256 internal constant RAMP_PER_HOUR = 14;
    uint256 private constant FIELDS = 15;

    /// @dev One byte per field, the first one lowest. Bits 0-3: place in its word, in units of 16 bits. Bit 4: second word (what a loosening
    /// reads; the first word is all that a tightening reads). Bit 5: 48 bits wide, else 16. Bit 6: may rise at once. Bit 7: may fall at once.
    uint256 private constant LAYOUT = 0x29_18_0f_57_56_95_0e_54_0d_93_26_0c_30_23_20;
    uint256 private constant MAY_RISE = 0x40;
    uint256 private constant MAY_FALL = 0x80;

    /// @dev Shortest loosen window, in hours: a budget over a shorter one limits nothing, and no rail bounds the window.
    uint256 internal constant MIN_LOOSEN_WINDOW = 24;

    // ------------------------------------------------------------------ packed form

    /// @dev Field `n` of the word that holds it.
    function field(uint256 word, uint256 n) internal pure returns (uint256) {
        uint256 place = LAYOUT >> (8 * n);
        return word >> (16 * (place & 15)) & (place & 0x20 == 0 ? type(uint16).max : type(uint48).max);
    }

    /// @dev `r` has passed {check}: every field fits its width.
    function pack(ParameterRule memory r) internal pure returns (PackedRule memory p) {
        uint256[FIELDS] memory f = _row(r);
        for (uint256 n; n < FIELDS; ++n) {
            uint256 place = LAYOUT >> (8 * n);
            uint256 bits = f[n] << (16 * (place & 15));
            if (place & 0x10 == 0) p.tighten |= bits;
            else p.loosen |= bits;
        }
    }

    function unpack(PackedRule memory p) internal pure returns (ParameterRule memory r) {
        uint256[FIELDS] memory f = _row(r);
        for (uint256 n; n < FIELDS; ++n) {
            f[n] = field((LAYOUT >> (8 * n)) & 0x10 == 0 ? p.tighten : p.loosen, n);
        }
    }

    /// @dev The rule as a row: all members of the struct are numbers, one word each, in the order of the constants above.
    function _row(ParameterRule memory r) private pure returns (uint256[FIELDS] memory f) {
        assembly ("memory-safe") {
            f := r
        }
    }

    // ------------------------------------------------------------------ judgement

    /// @dev Reverts with the number of the first field that is outside its rails or contradicts another field.
    function check(ScopeId scope, ParameterRule memory r, ParameterSpec memory s) internal pure {
        uint256[FIELDS] memory atLeast;
        uint256[FIELDS] memory atMost;
        for (uint256 n; n < FIELDS; ++n) {
            atMost[n] = type(uint48).max;
        }
        atLeast[FLOOR] = s.railFloor;
        atMost[FLOOR] = r.ceiling;
        atMost[CEILING] = s.railCeiling;
        atLeast[BASELINE] = r.floor;
        atMost[BASELINE] = r.ceiling;
        atMost[TIGHTEN_STEP_BPS] = s.maxTightenStepBps;
        // The step floor is for small values; it never allows more than the rail's step at the baseline, or one unit.
        uint256 widest = uint256(r.baseline) * s.maxTightenStepBps / BPS;
        atMost[TIGHTEN_STEP_FLOOR] = widest == 0 ? 1 : widest;
        atMost[LOOSEN_STEP_BPS] = s.maxLoosenStepBps;
        atLeast[LOOSEN_COOLDOWN] = s.minLoosenCooldown;
        atMost[TIGHTEN_BUDGET_BPS] = s.maxTightenBudgetBps;
        atMost[LOOSEN_BUDGET_BPS] = s.maxLoosenBudgetBps;
        atLeast[LOOSEN_WINDOW] = MIN_LOOSEN_WINDOW;
        atLeast[VETO_HOURS] = s.minVetoHours;
        atMost[EMERGENCY_STEP_BPS] = s.class == ParamClass.RISK ? s.maxTightenStepBps : 0;
        if (s.ramped) atLeast[RAMP_PER_HOUR] = 1;
        else atMost[RAMP_PER_HOUR] = 0;

        uint256[FIELDS] memory f = _row(r);
        for (uint256 n; n < FIELDS; ++n) {
            (uint256 given, uint256 least, uint256 limit) = (f[n], atLeast[n], atMost[n]);
            if (given >= least && given <= limit) continue;
            if (given < least) limit = least;
            revert IRiskParameters.RiskParameters_InvalidRule(scope, s.id, uint8(n), uint64(given), uint64(limit));
        }
    }

    /// @dev How two rules differ.
    /// @return differs Some field does.
    /// @return restricts Every difference restricts loosening; true when there is none.
    function compare(ParameterRule memory current, ParameterRule memory next, uint256 direction)
        internal
        pure
        returns (bool differs, bool restricts)
    {
        uint256[FIELDS] memory a = _row(current);
        uint256[FIELDS] memory b = _row(next);
        restricts = true;
        for (uint256 n; n < FIELDS; ++n) {
            (uint256 before, uint256 afterwards) = (a[n], b[n]);
            if (before == afterwards) continue;
            differs = true;
            uint256 allowed = LAYOUT >> (8 * n);
            if (n == FLOOR && direction == uint256(Direction.UP)) allowed = MAY_RISE;
            if (n == CEILING && direction == uint256(Direction.DOWN)) allowed = MAY_FALL;
            if (allowed & (afterwards > before ? MAY_RISE : MAY_FALL) == 0) restricts = false;
        }
    }

    /// @dev The value itself, or the bound nearest to it.
    function nearest(ParameterRule memory r, uint256 value) internal pure returns (uint256) {
        return value < r.floor ? r.floor : value > r.ceiling ? r.ceiling : value;
    }
}
