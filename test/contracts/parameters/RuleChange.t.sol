// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {
    ParamId, ParameterEntry, ParameterRule, PendingRule, Reason, Rejection, Writer
} from "../../../contracts/interfaces/ParameterTypes.sol";
import {STEWARDS_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {StoreFixture, equals} from "./StoreFixture.sol";

/// @notice setRules, activateRule, cancelRule and restrict.
contract RuleChangeTest is StoreFixture {
    function pendingEta(ParamId id) internal view returns (uint48) {
        return store.pendingRuleOf(ETH, id).eta;
    }

    function expectField(ParamId id, uint8 field, uint64 given, uint64 limit) internal {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidRule.selector, ETH, id, field, given, limit));
    }

    function restrict(ParamId id, ParameterRule memory rule) internal {
        vm.prank(STEWARDS);
        store.restrict(ETH, id, rule);
    }

    /// @dev Field `n` of a rule moved by one unit.
    function moved(ParameterRule memory r, uint256 n, bool up) internal pure returns (ParameterRule memory) {
        if (n == 0) r.floor = up ? r.floor + 1 : r.floor - 1;
        if (n == 1) r.ceiling = up ? r.ceiling + 1 : r.ceiling - 1;
        if (n == 2) r.baseline = up ? r.baseline + 1 : r.baseline - 1;
        if (n == 3) r.tightenStepBps = up ? r.tightenStepBps + 1 : r.tightenStepBps - 1;
        if (n == 4) r.tightenStepFloor = up ? r.tightenStepFloor + 1 : r.tightenStepFloor - 1;
        if (n == 5) r.loosenStepBps = up ? r.loosenStepBps + 1 : r.loosenStepBps - 1;
        if (n == 6) r.tightenCooldown = up ? r.tightenCooldown + 1 : r.tightenCooldown - 1;
        if (n == 7) r.loosenCooldown = up ? r.loosenCooldown + 1 : r.loosenCooldown - 1;
        if (n == 8) r.tightenBudgetBps = up ? r.tightenBudgetBps + 1 : r.tightenBudgetBps - 1;
        if (n == 9) r.loosenBudgetBps = up ? r.loosenBudgetBps + 1 : r.loosenBudgetBps - 1;
        if (n == 10) r.loosenWindow = up ? r.loosenWindow + 1 : r.loosenWindow - 1;
        if (n == 11) r.vetoHours = up ? r.vetoHours + 1 : r.vetoHours - 1;
        if (n == 12) r.emergencyStepBps = up ? r.emergencyStepBps + 1 : r.emergencyStepBps - 1;
        if (n == 13) r.emergencyCooldown = up ? r.emergencyCooldown + 1 : r.emergencyCooldown - 1;
        if (n == 14) r.rampPerHour = up ? r.rampPerHour + 1 : r.rampPerHour - 1;
        return r;
    }

    /// @dev Every field of every direction, one unit either way, against the table of Rules.sol.
    function test_WhenOneFieldMoves_ItIsInForceAtOnceOnlyIfItRestrictsLoosening() public {
        assertClassified(RANGE, 1 << 0, 0); // tightens up: the floor is the loose side
        assertClassified(CAP, 0, 1 << 1); // tightens down: the ceiling is the loose side
        assertClassified(FEE, 0, 0); // two-sided: no bound at once
    }

    function assertClassified(ParamId id, uint256 boundRises, uint256 boundFalls) internal {
        uint256 rises = boundRises | 1 << 7 | 1 << 10 | 1 << 11;
        uint256 falls = boundFalls | 1 << 5 | 1 << 9;
        if (equals(id, CAP)) govern(CAP, 799_999); // off the ceiling and the baseline
        for (uint256 n; n < 15; ++n) {
            for (uint256 up; up < 2; ++up) {
                bool unramped = ruleFor(id).rampPerHour == 0;
                if ((n == 14 && unramped) || (n == 4 && unramped && up == 0)) continue; // must stay zero
                if (n == 12 && equals(id, FEE)) continue; // no emergency path
                uint256 state = vm.snapshotState();
                setRule(id, moved(ruleFor(id), n, up == 1), 0);
                bool atOnce = (up == 1 ? rises : falls) >> n & 1 == 1;
                assertTrue((pendingEta(id) == 0) == atOnce, string.concat("field ", vm.toString(n), up == 1 ? " up" : " down"));
                vm.revertToState(state);
            }
        }
    }

    // ------------------------------------------------------------------ rails

    function test_WhenAFieldLeavesItsRails_ItRevertsWithTheField() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.floor = 499;
        expectField(RANGE, 0, 499, 500);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.ceiling = 9_001;
        expectField(RANGE, 1, 9_001, 9_000);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.baseline = 999;
        expectField(RANGE, 2, 999, 1_000);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.tightenStepBps = 5_001;
        expectField(RANGE, 3, 5_001, 5_000);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.tightenStepFloor = 1_001; // 50 % of the baseline 2000
        expectField(RANGE, 4, 1_001, 1_000);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.loosenStepBps = 5_001;
        expectField(RANGE, 5, 5_001, 5_000);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.loosenCooldown = 59;
        expectField(RANGE, 7, 59, 60);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.tightenBudgetBps = 20_001;
        expectField(RANGE, 8, 20_001, 20_000);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.loosenBudgetBps = 10_001;
        expectField(RANGE, 9, 10_001, 10_000);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.loosenWindow = 23;
        expectField(RANGE, 10, 23, 24);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.vetoHours = 11;
        expectField(RANGE, 11, 11, 12);
        setRule(RANGE, r, 0);

        r = ruleFor(RANGE);
        r.emergencyStepBps = 5_001;
        expectField(RANGE, 12, 5_001, 5_000);
        setRule(RANGE, r, 0);

        r = ruleFor(FEE);
        r.emergencyStepBps = 1;
        expectField(FEE, 12, 1, 0);
        setRule(FEE, r, 0);

        r = ruleFor(RANGE);
        r.rampPerHour = 0;
        expectField(RANGE, 14, 0, 1);
        setRule(RANGE, r, 0);

        r = ruleFor(CAP);
        r.rampPerHour = 1;
        expectField(CAP, 14, 1, 0);
        setRule(CAP, r, 0);
    }

    function test_WhenFloorIsAboveCeiling_ItReverts() public {
        ParameterRule memory r = ruleFor(RANGE);
        (r.floor, r.ceiling) = (3_000, 2_500);
        expectField(RANGE, 0, 3_000, 2_500);
        setRule(RANGE, r, 0);
    }

    // ------------------------------------------------------------------ delay

    function test_WhenARuleWaits_AnyoneActivatesItAfterTheDelay() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.ceiling = 8_000;
        setRule(RANGE, r, 0);
        uint256 eta = clock + 2 * DAY;
        assertEq(pendingEta(RANGE), eta, "eta");
        assertEq(store.ruleOf(ETH, RANGE).ceiling, 6_000, "not in force");
        warpTo(eta - 1);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_RuleNotDue.selector, ETH, RANGE, eta));
        store.activateRule(ETH, RANGE);
        warpTo(eta);
        vm.prank(ANYONE);
        store.activateRule(ETH, RANGE);
        assertEq(store.ruleOf(ETH, RANGE).ceiling, 8_000, "in force");
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NoPendingRule.selector, ETH, RANGE));
        store.activateRule(ETH, RANGE);
    }

    function test_WhenASecondRuleIsSet_ItReplacesThePendingOne() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.ceiling = 8_000;
        setRule(RANGE, r, 0);
        skip(DAY);
        r.ceiling = 7_000;
        setRule(RANGE, r, 0);
        assertEq(pendingEta(RANGE), clock + 2 * DAY, "the delay starts again");
        assertEq(store.pendingRuleOf(ETH, RANGE).rule.ceiling, 7_000, "the later rule");
    }

    function test_WhenARestrictingRuleIsSet_ItCancelsThePendingOne() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.ceiling = 8_000;
        setRule(RANGE, r, 0);
        r = ruleFor(RANGE);
        r.loosenStepBps = 900;
        setRule(RANGE, r, 0);
        assertEq(pendingEta(RANGE), 0, "cancelled");
        assertEq(store.ruleOf(ETH, RANGE).loosenStepBps, 900, "in force");
    }

    function test_WhenTheDaoCancels_ThePendingRuleIsGone() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.ceiling = 8_000;
        setRule(RANGE, r, 0);
        store.cancelRule(ETH, RANGE);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NoPendingRule.selector, ETH, RANGE));
        store.activateRule(ETH, RANGE);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NoPendingRule.selector, ETH, RANGE));
        store.cancelRule(ETH, RANGE);
    }

    function test_WhenTheBaselineBreaksAJointInvariant_ActivationReverts() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.baseline = 2_501; // rangeFloor is 2500
        setRule(RANGE, r, 0);
        skip(2 * DAY);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_JointInvariant.selector, ETH, 1, 2_501, 2_500));
        store.activateRule(ETH, RANGE);
    }

    // ------------------------------------------------------------------ live value outside

    function test_WhenARuleExcludesTheLiveValue_ItMustCarryTheNearestBound() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.floor = 2_100;
        r.baseline = 2_100;
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_RuleExcludesValue.selector, ETH, RANGE, 2_000, 2_100, 0));
        setRule(RANGE, r, 0);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_RuleExcludesValue.selector, ETH, RANGE, 2_000, 2_100, 2_200));
        setRule(RANGE, r, 2_200);
    }

    function test_WhenARuleKeepsTheLiveValue_ItMustNotCarryAnother() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.floor = 1_500;
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_RuleExcludesValue.selector, ETH, RANGE, 2_000, 2_000, 2_100));
        setRule(RANGE, r, 2_100);
    }

    function test_WhenARestrictingRulePassesTheLiveValue_TheDaoMovesItInTheSameCall() public {
        ParameterRule memory r = ruleFor(RANGE);
        govern(RANGE, 1_500);
        r.floor = 1_600;
        setRule(RANGE, r, 1_600);
        assertEq(value(RANGE), 1_600, "value");
        ParameterEntry memory e = store.entry(ETH, RANGE, 2);
        assertEq(uint8(e.reason), uint8(Reason.RULE_BOUND), "reason");
        assertEq(uint8(e.writer), uint8(Writer.GOVERNANCE), "writer");
    }

    function test_WhenAPendingRuleExcludesTheLiveValue_ActivationMovesItToTheBound() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.ceiling = 1_900;
        r.baseline = 1_800;
        setRule(RANGE, r, 1_900);
        assertEq(value(RANGE), 2_000, "not yet");
        skip(2 * DAY);
        store.activateRule(ETH, RANGE);
        assertEq(value(RANGE), 1_900, "at the bound");
    }

    function test_WhenTheValueMovedOutOfAPendingRule_ActivationStillSucceeds() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.ceiling = 2_100;
        setRule(RANGE, r, 0);
        tighten(RANGE, 2_400); // a controller cannot block a rule of the DAO
        skip(2 * DAY);
        store.activateRule(ETH, RANGE);
        assertEq(value(RANGE), 2_100, "clamped");
        assertEq(uint8(store.entry(ETH, RANGE, 2).reason), uint8(Reason.RULE_BOUND), "with its own entry");
    }

    // ------------------------------------------------------------------ windows

    function test_WhenTheLoosenWindowGrows_ItSeesWhatHadLeft() public {
        loosenNow(RANGE, 1_800);
        skip(8 * DAY);
        assertEq(stateOf(RANGE).loosenBudgetUsedBps, 0, "left the window of 7 days");
        tighten(RANGE, 1_900);
        ParameterRule memory r = ruleFor(RANGE);
        r.loosenWindow = 720;
        setRule(RANGE, r, 0);
        assertEq(stateOf(RANGE).loosenBudgetUsedBps, 1_000, "inside the window of 30 days");
        assertRejected(RANGE, 1_709, Rejection.STEP, 190);
    }

    /// @dev A budget below what is used up leaves nothing, not a difference below zero.
    function test_WhenTheBudgetFallsBelowWhatIsUsed_NothingIsLeft() public {
        loosenNow(RANGE, 1_800);
        ParameterRule memory r = ruleFor(RANGE);
        r.loosenBudgetBps = 900;
        setRule(RANGE, r, 0);
        assertEq(stateOf(RANGE).loosenBudgetUsedBps, 1_000, "used");
        assertRejected(RANGE, 1_790, Rejection.BUDGET, 0);
    }

    /// @dev A chain whose clock is younger than the window: all of its history counts.
    function test_WhenTheWindowIsLongerThanTheClock_EverythingCounts() public {
        warpTo(3 days);
        store = deploy();
        activate(store, ETH);
        skip(DAY);
        loosenNow(RANGE, 1_800);
        assertEq(stateOf(RANGE).loosenBudgetUsedBps, 1_000, "used");
        skip(DAY);
        loosenNow(RANGE, 1_620);
        skip(DAY);
        assertRejected(RANGE, 1_500, Rejection.BUDGET, 500);
    }

    // ------------------------------------------------------------------ restrict

    function test_WhenCallerIsNotTheStewardsModule_RestrictReverts() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.loosenStepBps = 500;
        expect(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, address(this), STEWARDS_ROLE));
        store.restrict(ETH, RANGE, r);
    }

    function test_WhenOnlyLooseningIsRestricted_ItIsInForceAtOnce() public {
        ParameterRule memory r = ruleFor(RANGE);
        (r.floor, r.loosenStepBps, r.loosenBudgetBps) = (2_000, 500, 1_000);
        (r.loosenCooldown, r.loosenWindow, r.vetoHours) = (2_000, 300, 48);
        restrict(RANGE, r);
        assertEq(store.ruleOf(ETH, RANGE).floor, 2_000, "up to the live value");
        assertEq(value(RANGE), 2_000, "value unchanged");
    }

    function test_WhenTheBoundPassesTheLiveValue_RestrictReverts() public {
        ParameterRule memory r = ruleFor(RANGE);
        govern(RANGE, 1_900);
        r.floor = 1_901;
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_RuleExcludesValue.selector, ETH, RANGE, 1_900, 1_901, 0));
        restrict(RANGE, r);
    }

    function test_WhenNothingOrAnythingElseChanges_RestrictReverts() public {
        bytes memory failure = abi.encodeWithSelector(IRiskParameters.RiskParameters_NotRestricting.selector, ETH, RANGE);
        ParameterRule memory r = ruleFor(RANGE);
        expect(failure);
        restrict(RANGE, r);
        r.loosenStepBps = 500;
        r.ceiling = 5_999; // disarms tightening
        expect(failure);
        restrict(RANGE, r);
    }

    function test_WhenARuleIsPending_RestrictLeavesItPending() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.ceiling = 8_000;
        setRule(RANGE, r, 0);
        r = ruleFor(RANGE);
        r.loosenStepBps = 500;
        restrict(RANGE, r);
        assertTrue(pendingEta(RANGE) != 0, "stewards cannot cancel a decision of the DAO");
    }
}
