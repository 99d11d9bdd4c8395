// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {
    Item, ParamId, ParameterEntry, ParameterRule, PendingLoosening, Reason, Rejection, RoundContext, Writer
} from "../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, VETO_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {StoreFixture} from "./StoreFixture.sol";

/// @notice Pending loosenings: made by a round, replaced, voided, vetoed, executed.
contract LooseningTest is StoreFixture {
    function pending(ParamId id) internal view returns (PendingLoosening memory) {
        return store.pendingOf(ETH, id);
    }

    function expectVoid(ParamId id) internal {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_LooseningVoid.selector, ETH, id));
    }

    function expectRefused(ParamId id, Rejection code, uint64 limit) internal {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_LooseningRejected.selector, ETH, id, code, limit));
    }

    // ------------------------------------------------------------------ making

    function test_WhenALooseningIsAccepted_ItPendsAndWritesNothing() public {
        pend(RANGE, 1_900);
        PendingLoosening memory p = pending(RANGE);
        assertEq(p.target, 1_900, "target");
        assertEq(p.createdAt, clock, "created");
        assertEq(p.eta, clock + DAY, "eta");
        assertEq(p.expiry, clock + 2 * DAY, "expiry");
        assertEq(p.epoch, EPOCH, "epoch");
        assertEq(p.historyLength, 1, "history length");
        assertEq(p.round, lastRound, "round");
        assertEq(value(RANGE), 2_000, "value");
        assertEq(stateOf(RANGE).historyLength, 1, "no entry");
        assertEq(stateOf(RANGE).loosenBudgetUsedBps, 0, "not charged");
    }

    function test_WhenTheNewTargetIsCloser_ItKeepsEtaAndCreation() public {
        pend(RANGE, 1_850);
        uint256 created = clock;
        skip(5 hours);
        pend(RANGE, 1_900);
        assertEq(pending(RANGE).target, 1_900, "target");
        assertEq(pending(RANGE).eta, created + DAY, "eta");
        assertEq(pending(RANGE).createdAt, created, "votes cast against it stay cast");
        assertEq(pending(RANGE).round, lastRound, "round");
    }

    function test_WhenTheNewTargetIsFurther_ItStartsAgain() public {
        pend(RANGE, 1_900);
        skip(5 hours);
        pend(RANGE, 1_850);
        assertEq(pending(RANGE).eta, clock + DAY, "eta");
        assertEq(pending(RANGE).createdAt, clock, "created");
    }

    function test_WhenTheNewTargetIsOnTheOtherSide_ItStartsAgain() public {
        pend(FEE, 320);
        skip(5 hours);
        pend(FEE, 290);
        assertEq(pending(FEE).eta, clock + DAY, "eta");
    }

    function test_WhenTheEpochChanged_ItStartsAgain() public {
        pend(RANGE, 1_850);
        skip(5 hours);
        RoundContext memory c = context();
        c.epoch = EPOCH + 1;
        submit(one(RANGE, 1_900), c);
        assertEq(pending(RANGE).eta, clock + DAY, "eta");
    }

    function test_WhenThePendingHasExpired_ItStartsAgain() public {
        pend(RANGE, 1_850);
        skip(2 * DAY + 1);
        pend(RANGE, 1_900);
        assertEq(pending(RANGE).createdAt, clock, "created");
    }

    // ------------------------------------------------------------------ executing

    function test_WhenCallerIsNotTheMandate_ItReverts() public {
        expect(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, ANYONE, MANDATE_ROLE));
        vm.prank(ANYONE);
        store.executeLoosening(ETH, RANGE, EPOCH);
    }

    function test_WhenNothingPends_ItReverts() public {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NoPendingLoosening.selector, ETH, RANGE));
        execute(RANGE);
    }

    function test_WhenNotDue_ItRevertsUntilEta() public {
        pend(RANGE, 1_900);
        uint256 eta = clock + DAY;
        warpTo(eta - 1);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_LooseningNotDue.selector, ETH, RANGE, eta));
        execute(RANGE);
        warpTo(eta);
        execute(RANGE);
        assertEq(value(RANGE), 1_900, "value");
    }

    function test_WhenExpired_ItRevertsFromTheSecondAfter() public {
        pend(RANGE, 1_900);
        uint256 expiry = clock + 2 * DAY;
        warpTo(expiry + 1);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_LooseningExpired.selector, ETH, RANGE, expiry));
        execute(RANGE);
        warpTo(expiry);
        execute(RANGE);
    }

    function test_WhenTheEpochWasRevoked_ItIsVoid() public {
        pend(RANGE, 1_900);
        skip(DAY);
        expectVoid(RANGE);
        vm.prank(MANDATE);
        store.executeLoosening(ETH, RANGE, EPOCH + 1);
    }

    function test_WhenAnyoneWroteTheParameter_ItIsVoid() public {
        pend(RANGE, 1_900);
        govern(RANGE, 2_100);
        skip(DAY);
        expectVoid(RANGE);
        execute(RANGE);

        pend(RANGE, 2_050);
        tighten(RANGE, 2_200);
        skip(DAY);
        expectVoid(RANGE);
        execute(RANGE);

        pend(RANGE, 2_150);
        emergency(RANGE, 2_300);
        skip(DAY);
        expectVoid(RANGE);
        execute(RANGE);
    }

    function test_WhenExecuted_ItIsWrittenAndCharged() public {
        pend(RANGE, 1_900);
        uint32 round = lastRound;
        submit(new Item[](0));
        skip(DAY);
        execute(RANGE);
        ParameterEntry memory e = store.entry(ETH, RANGE, 1);
        assertEq(e.value, 1_900, "value");
        assertEq(e.cumulativeLoosenBps, 500, "charged");
        assertEq(e.round, round, "the round that made it");
        assertEq(uint8(e.writer), uint8(Writer.CONTROLLER), "writer");
        assertEq(uint8(e.reason), uint8(Reason.LOOSENING), "reason");
        assertEq(pending(RANGE).createdAt, 0, "gone");
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NoPendingLoosening.selector, ETH, RANGE));
        execute(RANGE);
    }

    function test_WhenTheLoosenCooldownRuns_ItRevertsOnlyAtExecution() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.loosenCooldown = 3_000; // 50 hours
        setRule(RANGE, r, 0);
        tighten(RANGE, 2_100);
        uint256 ends = clock + 50 hours;
        pend(RANGE, 2_000);
        skip(DAY);
        expectRefused(RANGE, Rejection.COOLDOWN, uint64(ends));
        execute(RANGE);
        warpTo(ends - 1 hours);
        pend(RANGE, 2_000);
        warpTo(ends - 1 hours + DAY);
        execute(RANGE);
    }

    function test_WhenTheFloorWasRaised_ItRevertsAtExecution() public {
        pend(RANGE, 1_900);
        ParameterRule memory r = ruleFor(RANGE);
        r.floor = 1_950;
        setRule(RANGE, r, 0);
        skip(DAY);
        expectRefused(RANGE, Rejection.FLOOR, 1_950);
        execute(RANGE);
    }

    function test_WhenTheStepWasCut_ItRevertsAtExecution() public {
        pend(RANGE, 1_900);
        ParameterRule memory r = ruleFor(RANGE);
        r.loosenStepBps = 100;
        setRule(RANGE, r, 0);
        skip(DAY);
        expectRefused(RANGE, Rejection.STEP, 20);
        execute(RANGE);
    }

    function test_WhenTheBudgetWasCut_ItRevertsAtExecution() public {
        pend(RANGE, 1_900);
        ParameterRule memory r = ruleFor(RANGE);
        r.loosenBudgetBps = 499;
        setRule(RANGE, r, 0);
        skip(DAY);
        expectRefused(RANGE, Rejection.BUDGET, 499);
        execute(RANGE);
    }

    function test_WhenAJointInvariantWouldFail_ItRevertsAtExecution() public {
        pend(VOL_UP, 2_800);
        govern(VOL_DOWN, 2_900);
        skip(DAY);
        expectRefused(VOL_UP, Rejection.JOINT, 3);
        execute(VOL_UP);
    }

    // ------------------------------------------------------------------ coupled pendings

    function test_WhenCoupled_OneCallExecutesTheSet() public {
        submit(two(VOL_DOWN, 1_900, VOL_UP, 2_800));
        skip(DAY);
        execute(VOL_UP);
        assertEq(value(VOL_DOWN), 1_900, "partner");
        assertEq(value(VOL_UP), 2_800, "asked");
    }

    function test_WhenAMemberIsVoid_NoneExecutes() public {
        submit(two(VOL_DOWN, 1_900, VOL_UP, 2_800));
        govern(VOL_UP, 3_100);
        skip(DAY);
        expectVoid(VOL_UP);
        execute(VOL_DOWN);
    }

    function test_WhenAMemberIsNotDue_NoneExecutes() public {
        ParameterRule memory r = ruleFor(VOL_UP);
        r.vetoHours = 30;
        setRule(VOL_UP, r, 0);
        submit(two(VOL_DOWN, 1_900, VOL_UP, 2_800));
        uint256 eta = clock + 30 hours;
        skip(DAY);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_LooseningNotDue.selector, ETH, VOL_UP, eta));
        execute(VOL_DOWN);
    }

    function test_WhenAMemberIsRefused_NoneExecutes() public {
        submit(two(VOL_DOWN, 1_900, VOL_UP, 2_800));
        ParameterRule memory r = ruleFor(VOL_UP);
        r.floor = 2_900;
        setRule(VOL_UP, r, 0);
        skip(DAY);
        expectRefused(VOL_UP, Rejection.FLOOR, 2_900);
        execute(VOL_DOWN);
    }

    function test_WhenAMemberIsVetoed_TheSetFalls() public {
        submit(two(VOL_DOWN, 1_900, VOL_UP, 2_800));
        vm.prank(VETO);
        store.veto(ETH, VOL_UP, ANYONE);
        assertEq(pending(VOL_DOWN).createdAt, 0, "partner gone");
        assertEq(stateOf(VOL_DOWN).vetoedUntil, 0, "but not vetoed");
    }

    function test_WhenAMemberStartsAgainAlone_ItsMatesFall() public {
        submit(two(VOL_DOWN, 1_900, VOL_UP, 2_800));
        skip(1 hours);
        pend(VOL_UP, 2_750);
        assertEq(pending(VOL_DOWN).createdAt, 0, "partner gone");
    }

    function test_WhenOneMemberGoesFurther_TheWholeSetStartsAgain() public {
        submit(two(VOL_DOWN, 1_900, VOL_UP, 2_800));
        skip(1 hours);
        submit(two(VOL_DOWN, 1_950, VOL_UP, 2_750));
        assertEq(pending(VOL_DOWN).createdAt, clock, "the closer one too");
        assertEq(pending(VOL_DOWN).eta, clock + DAY, "eta");
        assertEq(pending(VOL_UP).createdAt, clock, "the further one");
    }

    function test_WhenAVoidMemberIsPendedAgain_ItsOldMateFalls() public {
        submit(two(VOL_DOWN, 1_900, VOL_UP, 2_800));
        tighten(VOL_UP, 3_100); // voids volUp
        skip(1 hours);
        pend(VOL_UP, 3_000);
        assertEq(pending(VOL_DOWN).createdAt, 0, "no part of the first set is left");
    }

    // ------------------------------------------------------------------ veto

    function test_WhenCallerIsNotTheVeto_ItReverts() public {
        pend(RANGE, 1_900);
        expect(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, MANDATE, VETO_ROLE));
        vm.prank(MANDATE);
        store.veto(ETH, RANGE, MANDATE);
    }

    function test_WhenVetoed_ItMayNotReturnForOneCooldown() public {
        pend(RANGE, 1_900);
        vm.prank(VETO);
        store.veto(ETH, RANGE, ANYONE);
        uint256 until = clock + DAY;
        assertEq(pending(RANGE).createdAt, 0, "gone");
        assertEq(stateOf(RANGE).vetoedUntil, until, "until");
        warpTo(until - 1);
        assertRejected(RANGE, 1_950, Rejection.VETOED, uint64(until));
        warpTo(until);
        pend(RANGE, 1_900);
    }

    function test_WhenVetoed_TighteningAndGovernanceStayOpen() public {
        pend(RANGE, 1_900);
        vm.prank(VETO);
        store.veto(ETH, RANGE, ANYONE);
        tighten(RANGE, 2_100);
        govern(RANGE, 1_900);
        assertEq(value(RANGE), 1_900, "the DAO may still set it");
    }

    function test_WhenNothingStands_AVetoReverts() public {
        bytes memory nothing = abi.encodeWithSelector(IRiskParameters.RiskParameters_NoPendingLoosening.selector, ETH, RANGE);
        expect(nothing);
        vm.prank(VETO);
        store.veto(ETH, RANGE, ANYONE);

        pend(RANGE, 1_900);
        govern(RANGE, 2_100); // void
        expect(nothing);
        vm.prank(VETO);
        store.veto(ETH, RANGE, ANYONE);
    }
}
