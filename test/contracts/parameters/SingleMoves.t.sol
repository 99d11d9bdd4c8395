// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {
    ParamClass, ParamId, ParameterEntry, ParameterRule, Reason, Rejection, Writer
} from "../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, STEWARDS_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {StoreFixture} from "./StoreFixture.sol";

/// @notice walk and undo.
contract SingleMovesTest is StoreFixture {
    function expectRefused(ParamId id, Rejection code, uint64 limit) internal {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_Cooldown.selector, ETH, id, code, limit));
    }

    function expectNotUndoable(ParamId id, uint32 entry) internal {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NotUndoable.selector, ETH, id, entry));
    }

    // ------------------------------------------------------------------ walk

    function test_WhenCallerIsNotTheMandate_WalkReverts() public {
        expect(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, ANYONE, MANDATE_ROLE));
        vm.prank(ANYONE);
        store.walk(ETH, RANGE);
    }

    function test_WhenTheBaselineIsTighter_ItWalksOneStepAndStopsThere() public {
        govern(RANGE, 1_500);
        skip(1 hours);
        walk(RANGE);
        assertEq(value(RANGE), 1_875, "25 % up");
        ParameterEntry memory e = store.entry(ETH, RANGE, 2);
        assertEq(uint8(e.writer), uint8(Writer.DEADMAN), "writer");
        assertEq(uint8(e.reason), uint8(Reason.DEADMAN), "reason");
        assertEq(e.cumulativeTighten, 375, "shares the controller's budget");
        skip(1 hours);
        walk(RANGE);
        assertEq(value(RANGE), 2_000, "cut at the baseline");
        skip(1 hours);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NotTighter.selector, ETH, RANGE, 2_000, 2_000));
        walk(RANGE);
    }

    function test_WhenTheParameterTightensDown_ItWalksDown() public {
        govern(CAP, 900_000);
        walk(CAP);
        assertEq(value(CAP), 800_000, "cut at the baseline");
    }

    function test_WhenTheBaselineIsLooser_WalkReverts() public {
        govern(RANGE, 2_100);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NotTighter.selector, ETH, RANGE, 2_100, 2_000));
        walk(RANGE);
    }

    function test_WhenTheCooldownRuns_WalkReverts() public {
        govern(RANGE, 1_000);
        walk(RANGE);
        expectRefused(RANGE, Rejection.COOLDOWN, uint64(clock + 50 minutes));
        walk(RANGE);
    }

    function test_WhenTheBudgetIsSpent_WalkReverts() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.tightenBudgetBps = 1_000;
        forceRule(RANGE, r);
        govern(RANGE, 1_000);
        skip(2 * DAY);
        expectRefused(RANGE, Rejection.BUDGET, 100); // 10 % of 1000; a step is 250
        walk(RANGE);
    }

    function test_WhenThereIsNoTightenStep_WalkReverts() public {
        ParameterRule memory r = ruleFor(RANGE);
        (r.tightenStepBps, r.tightenStepFloor) = (0, 0);
        forceRule(RANGE, r);
        govern(RANGE, 1_500);
        expectRefused(RANGE, Rejection.STEP, 0);
        walk(RANGE);
    }

    function test_WhenTheClassIsNotRisk_WalkReverts() public {
        govern(HEARTBEAT, 70); // its baseline of 60 is tighter, but it is the DAO's
        expectRefused(HEARTBEAT, Rejection.CLASS, uint64(ParamClass.GOVERNANCE));
        walk(HEARTBEAT);
    }

    function test_WhenTheParameterIsTwoSided_WalkReverts() public {
        govern(FEE, 310);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NotTighter.selector, ETH, FEE, 310, 300));
        walk(FEE);
    }

    function test_WhenAJointInvariantWouldFail_WalkReverts() public {
        govern(VOL_DOWN, 1_600);
        govern(VOL_UP, 1_700);
        skip(1 hours);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_JointInvariant.selector, ETH, 3, 2_000, 1_700));
        walk(VOL_DOWN);
    }

    // ------------------------------------------------------------------ undo

    function test_WhenCallerIsNotTheStewardsModule_UndoReverts() public {
        tighten(RANGE, 2_500);
        expect(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, MANDATE, STEWARDS_ROLE));
        vm.prank(MANDATE);
        store.undo(ETH, RANGE, 1);
    }

    function test_WhenTheTighteningIsYoung_UndoRestoresTheValueBefore() public {
        tighten(RANGE, 2_500);
        skip(1 hours);
        undo(RANGE, 1);
        assertEq(value(RANGE), 2_000, "value");
        ParameterEntry memory e = store.entry(ETH, RANGE, 2);
        assertEq(uint8(e.writer), uint8(Writer.UNDO), "writer");
        assertEq(e.cumulativeLoosenBps, 0, "costs no budget");
        assertEq(e.cumulativeTighten, 500, "refunds none");
    }

    function test_WhenAStewardOrTheDeadManTightened_UndoWorksToo() public {
        emergency(RANGE, 2_800);
        undo(RANGE, 1);
        assertEq(value(RANGE), 2_000, "steward's");
        govern(CAP, 1_000_000);
        skip(1 hours);
        walk(CAP);
        undo(CAP, 2);
        assertEq(value(CAP), 1_000_000, "dead-man's");
    }

    function test_WhenSeveralTighteningsFollow_UndoOfTheFirstRestoresTheStart() public {
        tighten(RANGE, 2_500);
        skip(1 hours);
        tighten(RANGE, 3_100);
        undo(RANGE, 1);
        assertEq(value(RANGE), 2_000, "value before the first");
    }

    function test_WhenTheWindowHasPassed_UndoReverts() public {
        tighten(RANGE, 2_500);
        uint256 until = clock + DAY;
        warpTo(until + 1);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_UndoTooLate.selector, ETH, RANGE, until));
        undo(RANGE, 1);
        warpTo(until);
        undo(RANGE, 1);
    }

    function test_WhenTheEntryIsNoTighteningOfAnEngine_UndoReverts() public {
        expectNotUndoable(RANGE, 0);
        undo(RANGE, 0);
        expectNotUndoable(RANGE, 1);
        undo(RANGE, 1); // no such entry
        govern(RANGE, 2_200);
        expectNotUndoable(RANGE, 1);
        undo(RANGE, 1); // the DAO's
        loosenNow(RANGE, 2_100);
        expectNotUndoable(RANGE, 2);
        undo(RANGE, 2); // a loosening
        loosenNow(FEE, 310);
        expectNotUndoable(FEE, 1);
        undo(FEE, 1); // not RISK
    }

    function test_WhenTheDaoDecidedSince_UndoReverts() public {
        tighten(RANGE, 2_500);
        govern(RANGE, 3_000);
        expectNotUndoable(RANGE, 1);
        undo(RANGE, 1);
    }

    function test_WhenTheValueIsNoLongerTighter_UndoReverts() public {
        tighten(RANGE, 2_100);
        loosenNow(RANGE, 2_000);
        expectNotUndoable(RANGE, 1);
        undo(RANGE, 1);
    }

    /// @dev A value that stood for no second is no value to return to: a loosening and a tightening in one second.
    function test_WhenTheValueWasNeverInForce_UndoReverts() public {
        pend(RANGE, 1_800);
        skip(DAY);
        execute(RANGE);
        tighten(RANGE, 1_900);
        skip(1 hours);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_UndoTooLoose.selector, ETH, RANGE, 1_800, 1_900));
        undo(RANGE, 2);
    }

    function test_WhenUndoneInTheLastWindow_UndoReverts() public {
        tighten(RANGE, 2_500);
        undo(RANGE, 1);
        uint256 again = clock + DAY;
        skip(1 hours);
        tighten(RANGE, 2_500);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_UndoUsed.selector, ETH, RANGE, again));
        undo(RANGE, 3);
        warpTo(again);
        undo(RANGE, 3);
    }

    /// @dev The loose bound lies between the value before and the live one.
    function test_WhenTheValueBeforeIsOutsideTheRule_UndoReverts() public {
        govern(RANGE, 1_900);
        skip(1 hours);
        tighten(RANGE, 2_100);
        ParameterRule memory r = ruleFor(RANGE);
        r.floor = 2_000; // the baseline
        setRule(RANGE, r, 0);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_OutOfBounds.selector, ETH, RANGE, 1_900, 2_000, 6_000));
        undo(RANGE, 2);
    }

    function test_WhenAJointInvariantWouldFail_UndoReverts() public {
        tighten(VOL_UP, 3_500);
        govern(VOL_DOWN, 3_300);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_JointInvariant.selector, ETH, 3, 3_300, 3_000));
        undo(VOL_UP, 1);
    }

    function test_WhenUndone_ThePendingLooseningIsVoid() public {
        tighten(RANGE, 2_500);
        pend(RANGE, 2_300);
        undo(RANGE, 1);
        skip(DAY);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_LooseningVoid.selector, ETH, RANGE));
        execute(RANGE);
    }
}
