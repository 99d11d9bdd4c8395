// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IControllerMandate, Lane, LaneMode, LaneSettings} from "../../../../contracts/interfaces/IControllerMandate.sol";
import {IRiskParameters} from "../../../../contracts/interfaces/IRiskParameters.sol";
import {Adjustment, Signature} from "../../../../contracts/interfaces/IControllerMandate.sol";
import {ControllerMandate} from "../../../../contracts/parameters/ControllerMandate.sol";
import {MANDATE_ROLE, RECORDER_ROLE} from "../../../../contracts/interfaces/Roles.sol";
import {Misbehaviour, TestAggregator} from "../../support/OracleParts.sol";
import {ProtocolFixture} from "../../support/ProtocolFixture.sol";
import {Deploy} from "../../support/Deploy.sol";

/// ControllerMandate: engines, epochs, lanes and settings
/// ├── constructor: when nobody but engines could ever submit in time → it reverts
/// ├── setEngines
/// │   ├── when threshold is zero or above the number of engines → it reverts with both
/// │   ├── when addresses do not ascend strictly, or the first is zero → it reverts
/// │   └── else → a new epoch begins, the old engines are nobody, and the event is a link
/// ├── revokeEpoch: by guardian or DAO → no engine, no signature and no pending of the old epoch is worth anything
/// ├── settings: each field has its limit, reported by position
/// ├── openLane again: keeps round and observation, so nothing old can be replayed
/// ├── executeLoosening: order of faults closed, not live (also held), expired, no engines, stale; else it executes
/// └── walk: closed; not silent at T2, silent a second later; a round closes it; not while a sequencer is down or just back
contract EnginesTest is ProtocolFixture {
    function setUp() public {
        _deployProtocol(address(0xda0));
    }

    function test_Constructor_submitterWindowMustBeShorterThanValidity() public {
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_InvalidSettings.selector, 0, 60, 60));
        Deploy.controllerMandate(store, term, 60, 60);
    }

    // ------------------------------------------------------------------ engines and epochs

    function test_SetEngines_impossibleThresholdReverts() public {
        vm.startPrank(dao);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_InvalidThreshold.selector, 0, 3));
        mandate.setEngines(engineSet, 0);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_InvalidThreshold.selector, 4, 3));
        mandate.setEngines(engineSet, 4);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_InvalidThreshold.selector, 1, 256));
        mandate.setEngines(new address[](256), 1);
        vm.stopPrank();
    }

    function test_SetEngines_mustAscendFromAboveZero() public {
        address[] memory set = new address[](2);
        vm.startPrank(dao);
        vm.expectRevert(
            abi.encodeWithSelector(IControllerMandate.ControllerMandate_SignersNotAscending.selector, address(0), address(0))
        );
        mandate.setEngines(set, 1);
        (set[0], set[1]) = (engineSet[1], engineSet[1]);
        vm.expectRevert(
            abi.encodeWithSelector(IControllerMandate.ControllerMandate_SignersNotAscending.selector, engineSet[1], engineSet[1])
        );
        mandate.setEngines(set, 1);
        vm.stopPrank();
    }

    function test_SetEngines_beginsAnEpochAndIsChained() public {
        _open(ETH, LaneMode.LIVE);
        (uint224 hash, uint32 count) = _head();
        address[] memory set = new address[](1);
        set[0] = engineSet[2];
        vm.prank(dao);
        mandate.setEngines(set, 1);
        assertEq(mandate.epoch(), 2, "epoch");
        (address[] memory got, uint8 threshold) = mandate.engines();
        assertEq(got.length, 1, "engines");
        assertEq(got[0], engineSet[2], "engine");
        assertEq(threshold, 1, "threshold");
        (uint224 newHash, uint32 newCount) = _head();
        assertEq(newCount, count + 1, "links");
        bytes32 entryHash = keccak256(abi.encode(IControllerMandate.EnginesChanged.selector, uint32(2), uint8(1), set));
        assertEq(newHash, _linked(hash, address(mandate), entryHash), "head");

        vm.warp(START + 1 minutes);
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        vm.prank(engineSet[2]);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_NotAnEngine.selector, engineSet[0]));
        mandate.submitRound(a, signatures, _none());
    }

    function test_RevokeEpoch_voidsSignaturesAndPendings() public {
        _open(ETH, LaneMode.LIVE);
        _submit(ETH, _items(CAP, CAP_AT_START, CAP_AT_START + 100));
        vm.warp(START + 6 hours);
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        vm.prank(guardian);
        mandate.revokeEpoch();
        (address[] memory none,) = mandate.engines();
        assertEq(none.length, 0, "no engines");

        // The same engines again: their old signatures and the old pending stay void.
        vm.prank(dao);
        mandate.setEngines(engineSet, 2);
        vm.prank(engineSet[0]);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_UnknownEpoch.selector, 1, 3));
        mandate.submitRound(a, signatures, _none());
        _submit(ETH, _items());
        vm.expectRevert(abi.encodeWithSelector(IRiskParameters.RiskParameters_LooseningVoid.selector, ETH, CAP));
        mandate.executeLoosening(ETH, CAP);
    }

    // ------------------------------------------------------------------ lanes and settings

    function test_Settings_eachFieldHasItsLimit() public {
        LaneSettings memory s = _settings();
        s.heartbeatTimeout = 0;
        _expectInvalid(s, 0, 0, 1);
        s = _settings();
        s.deadManTimeout = s.heartbeatTimeout;
        _expectInvalid(s, 1, s.heartbeatTimeout, s.heartbeatTimeout);
        s = _settings();
        s.shadowRounds = 0;
        _expectInvalid(s, 3, 0, 1);
        s = _settings();
        s.canaryRounds = 0;
        _expectInvalid(s, 4, 0, 1);
        s = _settings();
        s.breakerRejections = 0;
        _expectInvalid(s, 5, 0, 1);
        s = _settings();
        s.impactMultipleBps = 9_999;
        _expectInvalid(s, 8, 9_999, 10_000);
        s = _settings();
        s.expiresAt = START;
        _expectInvalid(s, 9, START, START);
        s.expiresAt = START + 365 days + 1;
        _expectInvalid(s, 9, START + 365 days + 1, START + 365 days);
    }

    function test_SetSettings_renewsAnExpiredMandate() public {
        _open(ETH, LaneMode.LIVE);
        vm.warp(mandate.settingsOf(ETH).expiresAt);
        assertTrue(!mandate.powers(ETH).submit, "expired");
        LaneSettings memory s = _settings();
        vm.prank(dao);
        mandate.setSettings(ETH, s);
        assertTrue(mandate.powers(ETH).submit, "renewed");
    }

    /// Closing the gap of a fresh start: a lane opened again must not accept a round it has already seen.
    function test_OpenLane_againKeepsRoundAndObservation() public {
        _open(ETH, LaneMode.LIVE);
        vm.warp(START + 1 minutes);
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        _submit(a);
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.SHADOW, _settings());
        Lane memory lane = mandate.lane(ETH);
        assertEq(lane.round, 1, "round");
        assertEq(lane.observedAt, START + 1 minutes, "observation");
        vm.prank(engineSet[0]);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_RoundNotNext.selector, 1, 1));
        mandate.submitRound(a, signatures, _none());
    }

    // ------------------------------------------------------------------ executeLoosening and walk

    function test_ExecuteLoosening_faultsInOrder() public {
        LaneSettings memory s = _settings();
        s.expiresAt = START + 8 hours;
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_LaneClosed.selector, ETH));
        mandate.executeLoosening(ETH, CAP);
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.LIVE, s);
        uint256 fresh = vm.snapshotState();

        vm.prank(address(stewards));
        mandate.hold(ETH);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_NotLive.selector, ETH));
        mandate.executeLoosening(ETH, CAP);
        vm.warp(START + 1 hours);
        vm.expectRevert(abi.encodeWithSelector(IRiskParameters.RiskParameters_NoPendingLoosening.selector, ETH, CAP));
        mandate.executeLoosening(ETH, CAP);

        vm.revertToState(fresh);
        vm.warp(START + 8 hours);
        vm.prank(guardian);
        mandate.revokeEpoch();
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_MandateExpired.selector, ETH, START + 8 hours));
        mandate.executeLoosening(ETH, CAP);
        vm.warp(START + 8 hours - 1);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_NoEngines.selector, 2));
        mandate.executeLoosening(ETH, CAP);
        vm.prank(dao);
        mandate.setEngines(engineSet, 2);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_HeartbeatStale.selector, ETH, START));
        mandate.executeLoosening(ETH, CAP);
    }

    /// Silence T: at exactly T a due loosening still executes, a second later it does not, and a round makes it executable again.
    function test_ExecuteLoosening_needsAFreshHeartbeat() public {
        _open(ETH, LaneMode.LIVE);
        _submit(ETH, _items(CAP, CAP_AT_START, CAP_AT_START + 100));
        uint256 heard = _now();
        vm.warp(heard + 6 hours + 1);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_HeartbeatStale.selector, ETH, heard));
        mandate.executeLoosening(ETH, CAP);
        uint256 snapshot = vm.snapshotState();
        _submit(ETH, _items());
        vm.prank(outsider);
        mandate.executeLoosening(ETH, CAP);
        assertEq(store.valueOf(ETH, CAP), CAP_AT_START + 100, "after a heartbeat");
        vm.revertToState(snapshot);
        vm.warp(heard + 6 hours);
        mandate.executeLoosening(ETH, CAP);
        assertEq(store.valueOf(ETH, CAP), CAP_AT_START + 100, "at exactly T");
    }

    /// Invariant by name: nothing is executed that was not announced and did not wait.
    function test_ExecuteLoosening_notBeforeTheVetoWindow() public {
        _open(ETH, LaneMode.LIVE);
        _submit(ETH, _items(CAP, CAP_AT_START, CAP_AT_START + 100));
        uint48 eta = store.pendingOf(ETH, CAP).eta;
        vm.warp(eta - 1);
        vm.expectRevert(abi.encodeWithSelector(IRiskParameters.RiskParameters_LooseningNotDue.selector, ETH, CAP, eta));
        mandate.executeLoosening(ETH, CAP);
    }

    function test_Walk_onlyAfterLongSilenceAndARoundClosesIt() public {
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_LaneClosed.selector, ETH));
        mandate.walk(ETH, RANGE);
        _open(ETH, LaneMode.LIVE);
        vm.warp(START + 24 hours);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_NotSilent.selector, ETH, START + 24 hours));
        mandate.walk(ETH, RANGE);
        vm.warp(START + 24 hours + 1);
        mandate.walk(ETH, RANGE);
        assertEq(store.valueOf(ETH, RANGE), 1_250, "one step");
        vm.expectRevert(
            abi.encodeWithSelector(
                IRiskParameters.RiskParameters_Cooldown.selector, ETH, RANGE, 8, uint64(START + 24 hours + 1 + 1 minutes)
            )
        );
        mandate.walk(ETH, RANGE);
        _submit(ETH, _items());
        vm.expectRevert(
            abi.encodeWithSelector(
                IControllerMandate.ControllerMandate_NotSilent.selector, ETH, uint48(_now() + 24 hours)
            )
        );
        mandate.walk(ETH, RANGE);
    }

    /// B5: pause, expiry and a revoked epoch do not stop the clock.
    function test_Walk_clockRunsThroughPauseExpiryAndRevocation() public {
        LaneSettings memory s = _settings();
        s.expiresAt = START + 1 hours;
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.LIVE, s);
        vm.startPrank(guardian);
        mandate.pause(ETH);
        mandate.revokeEpoch();
        vm.stopPrank();
        vm.warp(START + 24 hours + 1);
        assertEq(mandate.walk(ETH, RANGE), 1_250, "walked");
    }

    /// A13: while the sequencer is down no engine can send a round, and right after it came back none has had the time.
    function test_Attack_WalkingOnTheSilenceOfAnOutage() public {
        TestAggregator uptime = new TestAggregator(0);
        uptime.setRound(1, 1, START - 1 days);
        mandate = Deploy.controllerMandate(store, term, MAX_VALIDITY, SUBMITTER_WINDOW, address(uptime), 1 hours);
        vm.startPrank(dao);
        store.grantRole(RECORDER_ROLE, address(mandate));
        store.grantRole(MANDATE_ROLE, address(mandate));
        vm.stopPrank();
        _open(ETH, LaneMode.LIVE);
        bytes memory notReady = abi.encodeWithSelector(IControllerMandate.ControllerMandate_SequencerNotReady.selector);

        uint48 back = START + 30 hours;
        vm.warp(back - 1);
        uptime.set(1, START + 1 hours);
        uptime.setRound(2, 2, START + 1 hours);
        assertTrue(mandate.powers(ETH).walks, "silent long enough");
        vm.expectRevert(notReady);
        mandate.walk(ETH, RANGE);
        uptime.set(0, back);
        uptime.setRound(3, 3, back);
        vm.warp(back + 1 hours);
        vm.expectRevert(notReady);
        mandate.walk(ETH, RANGE);
        vm.warp(back + 1 hours + 1);
        assertEq(mandate.walk(ETH, RANGE), 1_250, "a second after the grace");

        uptime.misbehave(Misbehaviour.REVERT);
        vm.warp(back + 3 hours);
        vm.expectRevert(notReady);
        mandate.walk(ETH, RANGE);
    }

    function test_Constructor_sequencerMustAnswerAndItsGraceEnd() public {
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_SequencerNotReady.selector));
        Deploy.controllerMandate(store, term, MAX_VALIDITY, SUBMITTER_WINDOW, address(0xdead), 0);
        vm.expectRevert(
            abi.encodeWithSelector(IControllerMandate.ControllerMandate_InvalidSettings.selector, 1, 1 days + 1, 1 days)
        );
        Deploy.controllerMandate(store, term, MAX_VALIDITY, SUBMITTER_WINDOW, address(0), 1 days + 1);
        mandate = Deploy.controllerMandate(store, term, MAX_VALIDITY, SUBMITTER_WINDOW, address(0), 1 days);
        assertEq(mandate.SEQUENCER(), address(0), "none");
        assertEq(mandate.SEQUENCER_GRACE(), 1 days, "grace");
    }

    function _expectInvalid(LaneSettings memory s, uint8 field, uint256 value, uint256 limit) private {
        bytes memory expected =
            abi.encodeWithSelector(IControllerMandate.ControllerMandate_InvalidSettings.selector, field, value, limit);
        vm.prank(dao);
        vm.expectRevert(expected);
        mandate.openLane(ETH, LaneMode.LIVE, s);
        uint256 snapshot = vm.snapshotState();
        _open(ETH, LaneMode.LIVE);
        vm.prank(dao);
        vm.expectRevert(expected);
        mandate.setSettings(ETH, s);
        vm.revertToState(snapshot);
    }
}
