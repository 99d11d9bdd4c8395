// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Adjustment, IControllerMandate, Lane, LaneMode} from "../../../../contracts/interfaces/IControllerMandate.sol";
import {ILiquidationMeter} from "../../../../contracts/interfaces/ILiquidationMeter.sol";
import {Item, RoundResult} from "../../../../contracts/interfaces/ParameterTypes.sol";
import {ProtocolFixture} from "../../support/ProtocolFixture.sol";
import {BrokenMeter, TestMeter} from "../../support/TestMeter.sol";

/// Realised against stated impact (contract-rules A9)
/// ├── checkImpact
/// │   ├── given no more was liquidated than stated times the multiple, or than the lane's limit → it reverts with both numbers
/// │   ├── given more → the lane falls to TIGHTEN_ONLY, once, whoever calls
/// │   ├── given the undo window is over → it reverts
/// │   └── given the lane is TIGHTEN_ONLY or PAUSED → the mode stays, the excess is remembered
/// ├── submitRound: given more was liquidated → the lane falls first, and the round's loosening is rejected while its tightening applies
/// ├── an empty round does not move the base of the comparison; a round that applied something does
/// ├── given a meter without a reading → loosening is withheld, tightening is not
/// └── resume, openLane and setMeter forget the base and the excess
contract ImpactTest is ProtocolFixture {
    uint128 private constant LIMIT = 1_000_000e18;

    TestMeter private meter;

    function setUp() public {
        _deployProtocol(address(0xda0));
        _open(ETH, LaneMode.LIVE);
        meter = new TestMeter();
        vm.prank(dao);
        mandate.setMeter(ETH, meter);
        meter.liquidate(ETH, 77e18); // before the first round: never counts
    }

    function test_CheckImpact_withinStatedTimesMultipleReverts() public {
        _tightenStating(LIMIT);
        meter.liquidate(ETH, 2 * LIMIT);
        _expectWithin(2 * LIMIT, 2 * LIMIT);
        meter.liquidate(ETH, 1);
        vm.prank(outsider);
        mandate.checkImpact(ETH);
        _assertTripped();
    }

    /// One liquidation of an own account must not disarm a lane whose last round stated none.
    function test_CheckImpact_belowTheLanesLimitNothingTrips() public {
        _tightenStating(0);
        meter.liquidate(ETH, LIMIT);
        _expectWithin(LIMIT, LIMIT);
        meter.liquidate(ETH, 1);
        mandate.checkImpact(ETH);
        _assertTripped();
    }

    function test_CheckImpact_tripsOnce() public {
        _tightenStating(0);
        meter.liquidate(ETH, LIMIT + 1);
        mandate.checkImpact(ETH);
        vm.expectRevert(
            abi.encodeWithSelector(
                IControllerMandate.ControllerMandate_InvalidTransition.selector, ETH, LaneMode.TIGHTEN_ONLY, LaneMode.TIGHTEN_ONLY
            )
        );
        mandate.checkImpact(ETH);
    }

    function test_CheckImpact_endsWithTheUndoWindow() public {
        _tightenStating(0);
        uint48 at = mandate.lane(ETH).impactAt;
        meter.liquidate(ETH, LIMIT + 1);
        vm.warp(at + UNDO_WINDOW + 1);
        _expectWithin(0, LIMIT);
        vm.warp(at + UNDO_WINDOW);
        mandate.checkImpact(ETH);
        _assertTripped();
    }

    function test_CheckImpact_isRememberedWhileStopped() public {
        _tightenStating(0);
        meter.liquidate(ETH, LIMIT + 1);
        vm.prank(guardian);
        mandate.pause(ETH);
        mandate.checkImpact(ETH);
        assertEq(uint256(mandate.lane(ETH).mode), uint256(LaneMode.PAUSED), "still paused");
        assertTrue(mandate.lane(ETH).impactExceeded, "remembered");
    }

    function test_CheckImpact_aMeterThatFallsCountsAsNothing() public {
        _tightenStating(0);
        TestMeter lower = new TestMeter();
        vm.etch(address(meter), address(lower).code);
        meter.liquidate(BTC, LIMIT + 1);
        _expectWithin(0, LIMIT);
    }

    function test_SubmitRound_fallsBeforeItApplies() public {
        _tightenStating(0);
        meter.liquidate(ETH, LIMIT + 1);
        vm.warp(_now() + 2 minutes);
        Item[] memory items = new Item[](2);
        items[0] = Item(RANGE, RANGE_AT_START + 10, RANGE_AT_START + 20);
        items[1] = Item(CAP, CAP_AT_START, CAP_AT_START + 100);
        RoundResult memory result = _submit(_round(ETH, items));
        _assertTripped();
        assertEq(result.applied, 1, "tightening");
        assertEq(result.pended, 0, "loosening");
        assertEq(result.rejected, 1, "loosening rejected");
    }

    /// Lying engines cannot hide the harm of one round behind the heartbeat that follows it.
    function test_Base_emptyRoundsDoNotMoveIt() public {
        _tightenStating(0);
        meter.liquidate(ETH, LIMIT / 2 + 1);
        _submit(ETH, _items());
        meter.liquidate(ETH, LIMIT / 2);
        _submit(ETH, _items());
        _assertTripped();
    }

    function test_Base_movesWithEveryRoundThatApplies() public {
        _tightenStating(5e18);
        meter.liquidate(ETH, LIMIT);
        vm.warp(_now() + 2 minutes);
        Adjustment memory a = _round(ETH, _items(RANGE, RANGE_AT_START + 10, RANGE_AT_START + 20));
        a.impactNotional = 9e18;
        _submit(a);
        Lane memory lane = mandate.lane(ETH);
        assertEq(lane.statedImpact, 9e18, "stated");
        assertEq(lane.meterAtRound, meter.liquidatedNotional(ETH), "meter");
        assertEq(lane.impactAt, _now(), "time");
        _expectWithin(0, LIMIT);
    }

    /// A shadow round applies nothing, so its figure says nothing about harm.
    function test_Base_shadowRoundsHaveNone() public {
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.SHADOW, _settings());
        _submit(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 10));
        assertEq(mandate.lane(ETH).impactAt, 0, "no base");
    }

    function test_Meter_withoutReadingWithholdsLooseningOnly() public {
        for (uint8 fault = 0; fault < 3; ++fault) {
            uint256 snapshot = vm.snapshotState();
            BrokenMeter broken = new BrokenMeter(fault);
            vm.prank(dao);
            mandate.setMeter(ETH, ILiquidationMeter(address(broken)));
            vm.expectRevert(
                abi.encodeWithSelector(IControllerMandate.ControllerMandate_NoMeterReading.selector, ETH, address(broken))
            );
            mandate.checkImpact(ETH);
            Item[] memory items = new Item[](2);
            items[0] = Item(RANGE, RANGE_AT_START, RANGE_AT_START + 10);
            items[1] = Item(CAP, CAP_AT_START, CAP_AT_START + 100);
            RoundResult memory result = _submit(ETH, items);
            assertEq(result.applied, 1, "tightening");
            assertEq(result.pended, 0, "loosening");
            vm.revertToState(snapshot);
        }
    }

    function test_Meter_withoutCodeGivesNoReading() public {
        vm.prank(dao);
        mandate.setMeter(ETH, ILiquidationMeter(address(0x1234)));
        vm.expectRevert(
            abi.encodeWithSelector(IControllerMandate.ControllerMandate_NoMeterReading.selector, ETH, address(0x1234))
        );
        mandate.checkImpact(ETH);
    }

    function test_Forgotten_byResumeOpenLaneAndSetMeter() public {
        _tightenStating(0);
        meter.liquidate(ETH, LIMIT + 1);
        mandate.checkImpact(ETH);
        uint256 snapshot = vm.snapshotState();

        vm.prank(dao);
        mandate.resume(ETH);
        assertTrue(!mandate.lane(ETH).impactExceeded, "resume");
        assertEq(mandate.lane(ETH).impactAt, 0, "resume: base");

        vm.revertToState(snapshot);
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.SHADOW, _settings());
        assertTrue(!mandate.lane(ETH).impactExceeded, "openLane");

        vm.revertToState(snapshot);
        TestMeter other = new TestMeter();
        vm.prank(dao);
        mandate.setMeter(ETH, other);
        assertEq(mandate.lane(ETH).impactAt, 0, "setMeter: base");
        assertTrue(mandate.lane(ETH).impactExceeded, "setMeter keeps the excess");
    }

    function _tightenStating(uint128 notional) private {
        vm.warp(_now() + 1 minutes);
        Adjustment memory a = _round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 10));
        a.impactNotional = notional;
        _submit(a);
    }

    function _expectWithin(uint256 realised, uint256 limit) private {
        vm.expectRevert(
            abi.encodeWithSelector(IControllerMandate.ControllerMandate_ImpactWithinLimit.selector, ETH, realised, limit)
        );
        mandate.checkImpact(ETH);
    }

    function _assertTripped() private view {
        assertEq(uint256(mandate.lane(ETH).mode), uint256(LaneMode.TIGHTEN_ONLY), "mode");
        assertTrue(mandate.lane(ETH).impactExceeded, "remembered");
    }
}
