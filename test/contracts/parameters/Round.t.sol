// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {
    Item, ParamClass, ParamId, ParameterEntry, ParameterRule, Reason, Rejection, RoundContext, RoundResult, ScopeId, Writer
} from "../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, STEWARDS_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {StoreFixture} from "./StoreFixture.sol";

/// @notice RiskParameters.applyRound and its judge, in the order in which an item is judged.
contract RoundTest is StoreFixture {
    // ------------------------------------------------------------------ caller and structure

    function test_WhenCallerHoldsNoRole_ItReverts() public {
        RoundContext memory c = context();
        expect(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, ANYONE, MANDATE_ROLE));
        vm.prank(ANYONE);
        store.applyRound(ETH, new Item[](0), c);
    }

    function test_WhenTheMandateClaimsToBeASteward_ItReverts() public {
        RoundContext memory c = context();
        c.writer = Writer.STEWARD;
        expect(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, MANDATE, STEWARDS_ROLE));
        vm.prank(MANDATE);
        store.applyRound(ETH, new Item[](0), c);
    }

    function test_WhenStewardsClaimToBeTheController_ItReverts() public {
        RoundContext memory c = context();
        expect(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, STEWARDS, MANDATE_ROLE));
        vm.prank(STEWARDS);
        store.applyRound(ETH, new Item[](0), c);
    }

    function test_WhenTheWriterIsGovernanceDeadManOrUndo_ItReverts() public {
        Writer[3] memory writers = [Writer.GOVERNANCE, Writer.DEADMAN, Writer.UNDO];
        for (uint256 i; i < 3; ++i) {
            RoundContext memory c = context();
            c.writer = writers[i];
            expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidWriter.selector, writers[i]));
            vm.prank(MANDATE);
            store.applyRound(ETH, new Item[](0), c);
        }
    }

    function test_WhenTheRoundIsEmpty_ItChangesNothing() public {
        (bytes28 hash,) = store.head();
        RoundResult memory result = submit(new Item[](0));
        (bytes28 hashAfter,) = store.head();
        assertEq(uint256(result.applied) + result.pended + result.rejected, 0, "items");
        assertTrue(hash == hashAfter, "no link");
    }

    function test_WhenIdsDoNotAscend_ItReverts() public {
        Item[] memory items = two(RANGE, 2_100, CAP, 700_000);
        RoundContext memory c = context();
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_IdsNotAscending.selector, RANGE, CAP));
        vm.prank(MANDATE);
        store.applyRound(ETH, items, c);
    }

    /// @dev Cantina's finding on the first Spark steward: one id twice in a batch walks past its step.
    function test_WhenAnIdIsRepeated_ItReverts() public {
        Item[] memory items = two(RANGE, 2_500, RANGE, 3_000);
        RoundContext memory c = context();
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_IdsNotAscending.selector, RANGE, RANGE));
        vm.prank(MANDATE);
        store.applyRound(ETH, items, c);
    }

    function test_WhenTheScopeIsNotActive_ItReverts() public {
        Item[] memory items = one(RANGE, 2_100);
        RoundContext memory c = context();
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InactiveScope.selector, BTC));
        vm.prank(MANDATE);
        store.applyRound(BTC, items, c);
    }

    // ------------------------------------------------------------------ compare and set

    function test_WhenOneExpectedValueDiffers_ItRejectsTheWholeRound() public {
        Item[] memory items = two(CAP, 700_000, RANGE, 2_100);
        items[1].expected = 1_999;
        RoundContext memory c = context();
        (Rejection[] memory codes, uint64[] memory limits) = store.judge(ETH, items, c);
        assertEq(uint8(codes[0]), uint8(Rejection.ROUND), "the other item");
        assertEq(limits[0], 0, "its limit");
        assertEq(uint8(codes[1]), uint8(Rejection.EXPECTED), "the item that differs");
        assertEq(limits[1], 2_000, "its limit is the live value");
        RoundResult memory result = submit(items, c);
        assertEq(result.rejected, 2, "rejected");
        assertTrue(!result.countsForBreaker, "another writer came first: no breaker");
        assertEq(value(CAP), 800_000, "cap unchanged");
    }

    function test_WhenOneExpectedValueDiffers_AnUnknownIdIsRecordedAsRoundToo() public {
        Item[] memory items = new Item[](2);
        items[0] = Item(RANGE, 1_999, 2_100);
        items[1] = Item(NOBODY, 0, 1);
        (Rejection[] memory codes,) = store.judge(ETH, items, context());
        assertEq(uint8(codes[1]), uint8(Rejection.ROUND), "unknown id");
    }

    // ------------------------------------------------------------------ one item, first failure wins

    function test_WhenTheIdIsUnknown_ItIsRejected() public {
        Item[] memory items = new Item[](1);
        items[0] = Item(NOBODY, 0, 1);
        assertRejected(items, context(), Rejection.UNKNOWN_ID, 0);
    }

    function test_WhenTheIdBelongsToAnotherKindOfScope_ItIsUnknown() public {
        Item[] memory items = new Item[](1);
        items[0] = Item(HAIRCUT, 0, 1);
        assertRejected(items, context(), Rejection.UNKNOWN_ID, 0);
    }

    function test_WhenTheValueIsEqual_ItIsRejected() public {
        assertRejected(RANGE, 2_000, Rejection.EQUAL, 2_000);
    }

    function test_WhenBelowTheFloor_ItIsRejected() public {
        assertRejected(RANGE, 999, Rejection.FLOOR, 1_000);
    }

    function test_WhenAboveTheCeiling_ItIsRejected() public {
        assertRejected(RANGE, 6_001, Rejection.CEILING, 6_000);
    }

    function test_WhenTheTightenStepIsTooLarge_ItIsRejectedWithTheLargest() public {
        assertRejected(RANGE, 2_501, Rejection.STEP, 500);
        tighten(RANGE, 2_500);
    }

    function test_WhenTheStepIsRounded_ItIsRoundedDown() public {
        govern(RANGE, 2_001); // 25 % is 500.25
        skip(1 hours);
        assertRejected(RANGE, 2_502, Rejection.STEP, 500);
    }

    function test_WhenTheValueIsSmall_TheStepFloorStillLetsItMove() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.tightenStepBps = 100; // 1 % of 2000 is 20, below the step floor of 100
        forceRule(RANGE, r);
        assertRejected(RANGE, 2_101, Rejection.STEP, 100);
        tighten(RANGE, 2_100);
    }

    function test_WhenStepAndStepFloorAreZero_NothingTightens() public {
        ParameterRule memory r = ruleFor(RANGE);
        (r.tightenStepBps, r.tightenStepFloor) = (0, 0);
        forceRule(RANGE, r);
        assertRejected(RANGE, 2_001, Rejection.STEP, 0);
    }

    function test_WhenTheLoosenStepIsTooLarge_ItIsRejected() public {
        assertRejected(RANGE, 1_799, Rejection.STEP, 200);
        pend(RANGE, 1_800);
    }

    function test_WhenTheLoosenStepIsZero_OneUnitIsAllowed() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.loosenStepBps = 0;
        setRule(RANGE, r, 0);
        assertRejected(RANGE, 1_998, Rejection.STEP, 1);
        pend(RANGE, 1_999);
    }

    function test_WhenTheTightenCooldownRuns_ItIsRejectedUntilItsLastSecond() public {
        tighten(RANGE, 2_200);
        uint256 ends = clock + 50 minutes;
        warpTo(ends - 1);
        assertRejected(RANGE, 2_300, Rejection.COOLDOWN, uint64(ends));
        warpTo(ends);
        tighten(RANGE, 2_300);
    }

    function test_WhenGovernanceTightened_TheCooldownRunsForTheController() public {
        govern(RANGE, 2_200);
        assertRejected(RANGE, 2_300, Rejection.COOLDOWN, uint64(clock + 50 minutes));
    }

    function test_WhenGovernanceLoosened_TheTightenCooldownDoesNotRun() public {
        govern(RANGE, 1_900);
        tighten(RANGE, 2_000);
    }

    function test_WhenAStewardTightens_TheEmergencyStepAndCooldownCount() public {
        tighten(RANGE, 2_200);
        skip(10 minutes); // emergency cooldown, not the controller's
        assertEq(emergency(RANGE, 3_081).rejected, 1, "40 % of 2200 is 880");
        assertEq(emergency(RANGE, 3_080).applied, 1, "applied");
        ParameterEntry memory e = store.entry(ETH, RANGE, 2);
        assertEq(uint8(e.writer), uint8(Writer.STEWARD), "writer");
        assertEq(uint8(e.reason), uint8(Reason.EMERGENCY), "reason");
        assertEq(e.cumulativeStewardTighten, 880, "steward's sum");
        assertEq(e.cumulativeTighten, 200, "controller's sum");
    }

    function test_WhenThereIsNoEmergencyStep_AStewardCannotTighten() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.emergencyStepBps = 0;
        forceRule(RANGE, r);
        RoundContext memory c = context();
        c.writer = Writer.STEWARD;
        assertRejected(one(RANGE, 2_001), c, Rejection.STEP, 0);
    }

    function test_WhenTheTightenBudgetIsSpent_ItIsRejectedWithTheRest() public {
        uint64[4] memory path = [uint64(2_500), 3_125, 3_906, 3_950];
        for (uint256 i; i < 4; ++i) {
            tighten(RANGE, path[i]);
            skip(1 hours);
        }
        // 100 % of the 2000 at the start of the window are 2000 units, 1950 of them used.
        assertEq(stateOf(RANGE).tightenBudgetUsed, 1_950, "used");
        assertEq(stateOf(RANGE).tightenBudgetBase, 2_000, "base");
        assertRejected(RANGE, 4_001, Rejection.BUDGET, 50);
        tighten(RANGE, 4_000);
    }

    function test_WhenTheFirstMoveLeavesTheWindow_ItsBudgetReturns() public {
        uint256 first = clock;
        tighten(RANGE, 2_500);
        warpTo(first + 1 hours);
        tighten(RANGE, 3_100);
        warpTo(first + 1 days - 1);
        assertEq(stateOf(RANGE).tightenBudgetUsed, 1_100, "one second before");
        warpTo(first + 1 days);
        assertEq(stateOf(RANGE).tightenBudgetUsed, 600, "an entry at the start of the window is outside");
        assertEq(stateOf(RANGE).tightenBudgetBase, 2_500, "base moves with it");
    }

    function test_WhenStewardAndControllerTighten_EachHasItsOwnBudget() public {
        emergency(RANGE, 2_800);
        skip(1 hours);
        tighten(RANGE, 3_500);
        skip(1 hours);
        emergency(RANGE, 4_700); // 800 + 1200 of 2000
        skip(1 hours);
        RoundContext memory c = context();
        c.writer = Writer.STEWARD;
        assertRejected(one(RANGE, 4_701), c, Rejection.BUDGET, 0);
        tighten(RANGE, 5_875); // 700 + 1175 of 2000
    }

    function test_WhenAStewardCosigned_ItsSumIsCharged() public {
        RoundContext memory c = context();
        c.chargeSteward = true;
        submit(one(RANGE, 2_500), c);
        assertEq(stateOf(RANGE).stewardTightenUsed, 500, "steward");
        assertEq(stateOf(RANGE).tightenBudgetUsed, 0, "controller");
        assertEq(uint8(store.entry(ETH, RANGE, 1).writer), uint8(Writer.CONTROLLER), "writer");
    }

    function test_WhenTheParameterTightensDown_StepsAndBudgetsMirror() public {
        assertRejected(CAP, 599_999, Rejection.STEP, 200_000);
        tighten(CAP, 600_000);
        assertEq(stateOf(CAP).tightenBudgetUsed, 200_000, "used");
        assertRejected(CAP, 660_001, Rejection.STEP, 60_000); // up loosens
    }

    function test_WhenTheLoosenBudgetIsSpent_ItIsRejectedWithTheRest() public {
        loosenNow(RANGE, 1_800); // 1000 bps
        loosenNow(RANGE, 1_620); // 1000 bps
        assertEq(stateOf(RANGE).loosenBudgetUsedBps, 2_000, "used");
        assertRejected(RANGE, 1_500, Rejection.BUDGET, 500);
        pend(RANGE, 1_539); // 81 of 1620 are 500 bps exactly
    }

    function test_WhenALooseningIsCharged_ItIsRoundedUp() public {
        loosenNow(RANGE, 1_999); // 5 bps exactly
        govern(RANGE, 3_000);
        skip(2 * DAY);
        loosenNow(RANGE, 2_999); // 3.33 bps
        assertEq(stateOf(RANGE).loosenBudgetUsedBps, 5 + 4, "rounded up");
    }

    function test_WhenTheValueIsZero_ALooseningTakesTheWholeBudget() public {
        ParameterRule memory r = ruleFor(CAP);
        r.floor = 0;
        forceRule(CAP, r);
        govern(CAP, 0);
        skip(2 * DAY);
        pend(CAP, 1);
        skip(DAY);
        execute(CAP);
        assertEq(stateOf(CAP).loosenBudgetUsedBps, 2_500, "full budget");
    }

    function test_WhenTheParameterIsGovernances_ItIsRejected() public {
        assertRejected(HEARTBEAT, 61, Rejection.CLASS, uint64(ParamClass.GOVERNANCE));
    }

    function test_WhenAStewardTouchesMoneyOrFeed_ItIsRejected() public {
        RoundContext memory c = context();
        c.writer = Writer.STEWARD;
        assertRejected(one(FEE, 310), c, Rejection.CLASS, uint64(ParamClass.MONEY));
        assertRejected(one(MAX_AGE, 250), c, Rejection.CLASS, uint64(ParamClass.FEED));
    }

    function test_WhenAStewardLoosens_ItIsRejected() public {
        RoundContext memory c = context();
        c.writer = Writer.STEWARD;
        assertRejected(one(RANGE, 1_900), c, Rejection.CLASS, uint64(ParamClass.RISK));
    }

    function test_WhenTheLaneMayNotLoosen_OnlyLooseningsAreRejected() public {
        RoundContext memory c = context();
        c.mayLoosen = false;
        assertRejected(one(RANGE, 1_900), c, Rejection.MODE, 0);
        assertEq(submit(one(RANGE, 2_100), c).applied, 1, "tightening");
    }

    function test_WhenTheLaneMayNotTighten_OnlyTighteningsAreRejected() public {
        RoundContext memory c = context();
        c.mayTighten = false;
        assertRejected(one(RANGE, 2_100), c, Rejection.MODE, 0);
        assertEq(submit(one(RANGE, 1_900), c).pended, 1, "loosening");
    }

    function test_WhenMoneyOrFeedMovesEitherWay_ItIsALoosening() public {
        assertEq(submit(two(FEE, 310, MAX_AGE, 230)).pended, 2, "both pend");
        assertEq(value(FEE), 300, "fee unchanged");
    }

    // ------------------------------------------------------------------ coupling groups and joint invariants

    function test_WhenAGroupMemberFails_TheGroupFalls() public {
        Item[] memory items = new Item[](3);
        (items[0], items[1], items[2]) = (item(RANGE, 2_100), item(VOL_DOWN, 2_100), item(VOL_UP, 9_001));
        (Rejection[] memory codes, uint64[] memory limits) = store.judge(ETH, items, context());
        assertEq(uint8(codes[0]), uint8(Rejection.NONE), "outside the group");
        assertEq(uint8(codes[1]), uint8(Rejection.GROUP), "the partner");
        assertEq(limits[1], COUPLED, "limit is the group");
        assertEq(uint8(codes[2]), uint8(Rejection.CEILING), "the member that failed");
        RoundResult memory result = submit(items);
        assertEq(result.applied, 1, "applied");
        assertEq(value(VOL_DOWN), 2_000, "partner unchanged");
    }

    function test_WhenAGroupTightensAndLoosens_ItFalls() public {
        assertRejected(two(VOL_DOWN, 1_900, VOL_UP, 3_100), context(), Rejection.MIXED_GROUP, COUPLED);
    }

    function test_WhenAJointInvariantFails_EverySurvivorIsRejected() public {
        ParameterRule memory r = ruleFor(VOL_DOWN);
        r.tightenStepBps = 5_000;
        forceRule(VOL_DOWN, r);
        govern(VOL_DOWN, 2_500);
        skip(1 hours);
        Item[] memory items = two(RANGE, 2_100, VOL_DOWN, 3_100); // volUp is 3000
        assertRejected(items, context(), Rejection.JOINT, 3);
        assertEq(value(RANGE), 2_000, "no subset is applied");
    }

    function test_WhenTwoItemsMeetAnInvariantTogether_BothAreApplied() public {
        govern(VOL_DOWN, 2_900);
        skip(1 hours);
        assertRejected(VOL_DOWN, 3_100, Rejection.JOINT, 3);
        assertEq(submit(two(VOL_DOWN, 3_100, VOL_UP, 3_200)).applied, 2, "judged on both");
    }

    /// @dev The loosening is written only after its veto window, if ever: it must not pay for a tightening that is written now.
    function test_WhenOnlyAPendingLooseningWouldSaveTheInvariant_BothAreRejected() public {
        govern(CAP, 300_000);
        govern(RANGE, 4_900);
        skip(1 hours);
        assertRejected(two(CAP, 320_000, RANGE, 5_100), context(), Rejection.JOINT, 4);
        assertEq(submit(two(CAP, 320_000, RANGE, 5_000)).rejected, 0, "holds with and without the loosening");
    }

    // ------------------------------------------------------------------ outcome

    function test_WhenATighteningIsApplied_ItIsWrittenAndSeedsItsTimer() public {
        tighten(RANGE, 2_500);
        assertEq(value(RANGE), 2_500, "value");
        assertEq(stateOf(RANGE).lastTightenAt, clock, "timer");
        assertEq(stateOf(RANGE).historyLength, 2, "length");
        ParameterEntry memory e = store.entry(ETH, RANGE, 1);
        assertEq(e.value, 2_500, "entry");
        assertEq(e.time, clock, "time");
        assertEq(e.round, lastRound, "round");
        assertEq(uint8(e.reason), uint8(Reason.ROUND), "reason");
        assertEq(e.cumulativeTighten, 500, "charged");
    }

    function test_WhenTheLaneIsShadow_ItJudgesAndRecordsAndAppliesNothing() public {
        RoundContext memory c = context();
        c.shadow = true;
        (, uint32 links) = store.head();
        RoundResult memory result = submit(two(RANGE, 2_100, VOL_DOWN, 1_900), c);
        (, uint32 linksAfter) = store.head();
        assertEq(uint256(result.applied) + result.pended + result.rejected, 0, "counts");
        assertEq(linksAfter - links, 2, "recorded");
        assertEq(value(RANGE), 2_000, "range");
        assertEq(store.pendingOf(ETH, VOL_DOWN).createdAt, 0, "nothing pends");
    }

    function test_WhenTheRejectionIsOrdinary_TheBreakerDoesNotCount() public {
        tighten(RANGE, 2_500);
        assertTrue(!submit(one(RANGE, 2_600)).countsForBreaker, "cooldown");
        RoundContext memory c = context();
        c.mayLoosen = false;
        assertTrue(!submit(one(CAP, 850_000), c).countsForBreaker, "mode");
        assertTrue(submit(one(CAP, 1)).countsForBreaker, "floor");
    }

    /// @dev Contract rules B4: budget exhaustion is a rejection, not a breaker.
    function test_WhenTheBudgetIsExhausted_TheBreakerDoesNotCount() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.tightenBudgetBps = 1_000;
        forceRule(RANGE, r);
        tighten(RANGE, 2_200);
        skip(1 hours);
        RoundResult memory result = submit(one(RANGE, 2_300));
        assertEq(result.rejected, 1, "rejected");
        assertTrue(!result.countsForBreaker, "no breaker");
    }

    function test_WhenTheSignFlipsTwiceInsideTheWindow_ItIsReported() public {
        tighten(CAP, 700_000);
        loosenNow(CAP, 770_000);
        RoundContext memory c = context();
        c.flipWindow = 3 days;
        RoundResult memory result = submit(one(CAP, 760_000), c);
        assertEq(result.applied, 1, "still applied: nothing automatic stops tightening");
        assertTrue(result.flipped, "down, up, down");
    }

    function test_WhenTheFlipsLieOutsideTheWindow_TheyAreNotReported() public {
        tighten(CAP, 700_000);
        loosenNow(CAP, 770_000);
        RoundContext memory c = context();
        c.flipWindow = 1 days - 1; // the first tightening is one day old
        assertTrue(!submit(one(CAP, 760_000), c).flipped, "too old");
    }

    function test_WhenGovernanceMovedBetween_ItIsNoFlip() public {
        tighten(CAP, 700_000);
        govern(CAP, 770_000);
        RoundContext memory c = context();
        c.flipWindow = 3 days;
        skip(1 hours);
        assertTrue(!submit(one(CAP, 760_000), c).flipped, "the DAO's moves do not count");
    }
}
