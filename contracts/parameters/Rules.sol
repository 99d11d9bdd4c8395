// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Direction, ParamClass, ParamId, ParameterRule, ScopeId} from "../interfaces/ParameterTypes.sol";
import {BPS, LoosenRule, PackedRule, Rails, TightenRule, Trait} from "./Records.sol";

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
library Rules {
    /// @dev Shortest loosen window, in hours: a budget over a shorter one limits nothing, and no rail bounds the window.
    uint16 internal constant MIN_LOOSEN_WINDOW = 24;

    /// @dev Reverts with the number of the field that is outside its rails or contradicts another field.
    function check(ScopeId scope, ParamId id, ParameterRule memory r, Trait memory trait, Rails memory rails) internal pure {
        _atLeast(scope, id, 0, r.floor, rails.floor);
        _atMost(scope, id, 0, r.floor, r.ceiling);
        _atMost(scope, id, 1, r.ceiling, rails.ceiling);
        _atLeast(scope, id, 2, r.baseline, r.floor);
        _atMost(scope, id, 2, r.baseline, r.ceiling);
        _atMost(scope, id, 3, r.tightenStepBps, rails.maxTightenStepBps);
        // The step floor is for small values; it never allows more than the rail's step at the baseline, or one unit.
        uint256 widest = r.baseline * rails.maxTightenStepBps / BPS;
        _atMost(scope, id, 4, r.tightenStepFloor, widest > 1 ? uint64(widest) : 1);
        _atMost(scope, id, 5, r.loosenStepBps, rails.maxLoosenStepBps);
        _atLeast(scope, id, 7, r.loosenCooldown, rails.minLoosenCooldown);
        _atMost(scope, id, 8, r.tightenBudgetBps, rails.maxTightenBudgetBps);
        _atMost(scope, id, 9, r.loosenBudgetBps, rails.maxLoosenBudgetBps);
        _atLeast(scope, id, 10, r.loosenWindow, MIN_LOOSEN_WINDOW);
        _atLeast(scope, id, 11, r.vetoHours, rails.minVetoHours);
        _atMost(scope, id, 12, r.emergencyStepBps, trait.class == ParamClass.RISK ? rails.maxTightenStepBps : 0);
        if (trait.ramped) _atLeast(scope, id, 14, r.rampPerHour, 1);
        _atMost(scope, id, 14, r.rampPerHour, trait.ramped ? type(uint48).max : 0);
    }

    /// @dev Whether every difference between two rules restricts loosening; true when there is none.
    function onlyRestrictsLoosening(ParameterRule memory a, ParameterRule memory b, Direction direction) internal pure returns (bool) {
        bool bounds = direction == Direction.UP
            ? b.floor >= a.floor && b.ceiling == a.ceiling
            : b.floor == a.floor && (direction == Direction.DOWN ? b.ceiling <= a.ceiling : b.ceiling == a.ceiling);
        return bounds && b.baseline == a.baseline && b.tightenStepBps == a.tightenStepBps && b.tightenStepFloor == a.tightenStepFloor
            && b.loosenStepBps <= a.loosenStepBps && b.tightenCooldown == a.tightenCooldown && b.loosenCooldown >= a.loosenCooldown
            && b.tightenBudgetBps == a.tightenBudgetBps && b.loosenBudgetBps <= a.loosenBudgetBps && b.loosenWindow >= a.loosenWindow
            && b.vetoHours >= a.vetoHours && b.emergencyStepBps == a.emergencyStepBps && b.emergencyCooldown == a.emergencyCooldown
            && b.rampPerHour == a.rampPerHour;
    }

    function same(ParameterRule memory a, ParameterRule memory b) internal pure returns (bool) {
        return keccak256(abi.encode(a)) == keccak256(abi.encode(b));
    }

    /// @dev `r` has passed {check}, so every 64-bit field fits in 48 bits.
    function pack(ParameterRule memory r) internal pure returns (PackedRule memory) {
        return PackedRule(
            TightenRule(
                uint48(r.floor), uint48(r.ceiling), uint48(r.tightenStepFloor), uint48(r.rampPerHour), r.tightenStepBps, r.tightenCooldown,
                r.tightenBudgetBps, r.emergencyStepBps
            ),
            LoosenRule(
                uint48(r.baseline), r.loosenStepBps, r.loosenCooldown, r.loosenBudgetBps, r.loosenWindow, r.vetoHours, r.emergencyCooldown
            )
        );
    }

    function unpack(PackedRule memory p) internal pure returns (ParameterRule memory r) {
        r.floor = p.tighten.floor;
        r.ceiling = p.tighten.ceiling;
        r.baseline = p.loosen.baseline;
        r.tightenStepBps = p.tighten.stepBps;
        r.tightenStepFloor = p.tighten.stepFloor;
        r.loosenStepBps = p.loosen.stepBps;
        r.tightenCooldown = p.tighten.cooldown;
        r.loosenCooldown = p.loosen.cooldown;
        r.tightenBudgetBps = p.tighten.budgetBps;
        r.loosenBudgetBps = p.loosen.budgetBps;
        r.loosenWindow = p.loosen.window;
        r.vetoHours = p.loosen.vetoHours;
        r.emergencyStepBps = p.tighten.emergencyStepBps;
        r.emergencyCooldown = p.loosen.emergencyCooldown;
        r.rampPerHour = p.tighten.rampPerHour;
    }

    function _atLeast(ScopeId scope, ParamId id, uint8 field, uint64 value, uint64 limit) private pure {
        if (value < limit) revert IRiskParameters.RiskParameters_InvalidRule(scope, id, field, value, limit);
    }

    function _atMost(ScopeId scope, ParamId id, uint8 field, uint64 value, uint64 limit) private pure {
        if (value > limit) revert IRiskParameters.RiskParameters_InvalidRule(scope, id, field, value, limit);
    }
}
