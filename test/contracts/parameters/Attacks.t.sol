// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {
    Item, ParamClass, ParamId, ParameterRule, PendingLoosening, Rejection, RoundContext, RoundResult, Writer
} from "../../../contracts/interfaces/ParameterTypes.sol";
import {StoreFixture} from "./StoreFixture.sol";

/// @notice Attacks and incidents that concern the store, each under its name.
contract AttacksTest is StoreFixture {
    /// @dev Aave CAPO agent, 10 March 2026: one of two coupled numbers was clipped, its partner went in alone, 34 accounts were liquidated.
    function test_Incident_Capo_AClippedValueTakesItsPartnerWithIt() public {
        Item[] memory items = two(VOL_DOWN, 2_400, VOL_UP, 3_751); // volUp may move to 3750
        RoundResult memory result = submit(items);
        assertEq(result.rejected, 2, "both");
        assertEq(value(VOL_DOWN), 2_000, "the partner did not go in alone");
    }

    /// @dev Moonwell MIP-X43, 15 February 2026: a bad value through valid authority; seen in 4 minutes, repaired after 5 days.
    function test_Incident_Moonwell_ABadTighteningIsRepairedInTheSameHour() public {
        tighten(RANGE, 2_500);
        skip(4 minutes);
        assertEq(store.effectiveOf(ETH, RANGE), 2_006, "maintenance saw 6 of 500 basis points");
        undo(RANGE, 1);
        assertEq(store.effectiveOf(ETH, RANGE), 2_000, "back");
    }

    function test_Incident_Moonwell_ABadValueOfTheDaoIsOneVoteAway() public {
        govern(RANGE, 5_000);
        govern(RANGE, 2_000);
        assertEq(store.effectiveOf(ETH, RANGE), 2_000, "no cooldown, no budget, no ramp on the way back");
    }

    /// @dev Drift 2026 and rule A5: one executed batch lifts a limit and uses it.
    function test_Attack_ABatchWidensARuleAndUsesItAtOnce() public {
        ParameterRule memory r = ruleFor(RANGE);
        r.ceiling = 9_000;
        setRule(RANGE, r, 0);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_OutOfBounds.selector, ETH, RANGE, 8_000, 1_000, 6_000));
        govern(RANGE, 8_000);
        r.ceiling = 9_001;
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidRule.selector, ETH, RANGE, 1, 9_001, 9_000));
        setRule(RANGE, r, 0);
    }

    /// @dev Rule A3: a stolen steward key raises range, fee and share together and harvests the liquidations.
    function test_Attack_AStolenStewardKeyHarvests() public {
        RoundContext memory c = context();
        c.writer = Writer.STEWARD;
        assertRejected(one(FEE, 330), c, Rejection.CLASS, uint64(ParamClass.MONEY));
        uint64 moved;
        for (uint256 i; i < 144; ++i) {
            uint64 live = value(RANGE);
            uint64 step = live * 2 / 5;
            if (live + step > 6_000) step = 6_000 - live;
            if (step != 0 && emergency(RANGE, live + step).applied == 1) moved += step;
            skip(10 minutes);
        }
        assertTrue(moved <= 2_000, "at most the budget of a day");
        assertTrue(store.effectiveOf(ETH, RANGE) <= 2_000 + 24 * 100, "and no faster than the ramp");
    }

    /// @dev Rule A6: "narrowing" that disarms protection.
    function test_Attack_AStewardDisarmsTheTightening() public {
        bytes memory failure = abi.encodeWithSelector(IRiskParameters.RiskParameters_NotRestricting.selector, ETH, RANGE);
        for (uint256 i; i < 5; ++i) {
            ParameterRule memory r = ruleFor(RANGE);
            if (i == 0) r.ceiling = 2_000;
            if (i == 1) r.tightenStepBps = 1;
            if (i == 2) r.tightenBudgetBps = 0;
            if (i == 3) r.tightenCooldown = 60_000;
            if (i == 4) r.rampPerHour = 1;
            expect(failure);
            vm.prank(STEWARDS);
            store.restrict(ETH, RANGE, r);
        }
    }

    /// @dev Two-sided oscillation must not refund the drift budget.
    function test_Attack_OscillationRefundsTheBudget() public {
        loosenNow(FEE, 285); // 500 bps
        loosenNow(FEE, 300); // 527
        loosenNow(FEE, 285); // 500
        assertEq(stateOf(FEE).loosenBudgetUsedBps, 1_527, "gross");
    }

    /// @dev DssAutoLine's setIlk and Spark's re-configuration: new settings zero the timers and grant an instant increase.
    function test_Attack_ReconfigurationResetsTheBudget() public {
        loosenNow(RANGE, 1_800);
        tighten(RANGE, 1_900);
        uint48 before = stateOf(RANGE).lastTightenAt;
        ParameterRule memory r = ruleFor(RANGE);
        r.loosenStepBps = 900;
        setRule(RANGE, r, 0);
        assertEq(stateOf(RANGE).loosenBudgetUsedBps, 1_000, "budget");
        assertEq(stateOf(RANGE).lastTightenAt, before, "timer");
    }

    /// @dev Votes against a pending are counted from its creation: a controller that restates it every hour must not shake them off.
    function test_Attack_RestatingAPendingShakesOffItsVotes() public {
        pend(RANGE, 1_850);
        PendingLoosening memory first = store.pendingOf(ETH, RANGE);
        for (uint64 i = 1; i < 20; ++i) {
            skip(1 hours);
            pend(RANGE, 1_850 + i);
            assertEq(store.pendingOf(ETH, RANGE).createdAt, first.createdAt, "creation");
            assertEq(store.pendingOf(ETH, RANGE).eta, first.eta, "eta");
        }
    }

    /// @dev Rule B4: a steward's one-unit write before each round must not disarm the controller.
    function test_Attack_OneUnitWritesTripTheBreaker() public {
        Item[] memory items = one(RANGE, 2_100);
        emergency(RANGE, 2_001);
        RoundResult memory result = submit(items); // expected value differs
        assertTrue(!result.countsForBreaker, "compare and set");
        result = submit(one(RANGE, 2_100)); // cooldown
        assertEq(result.rejected, 1, "rejected");
        assertTrue(!result.countsForBreaker, "cooldown");
    }
}
