// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IControllerMandate, LaneMode, LaneSettings, Powers} from "../../../../contracts/interfaces/IControllerMandate.sol";
import {IRiskParameters} from "../../../../contracts/interfaces/IRiskParameters.sol";
import {ProtocolFixture} from "../../support/ProtocolFixture.sol";
import {TestMeter} from "../../support/TestMeter.sol";

/// The state machine, enumerated: every (state, caller, event) has its outcome in a table of this file, written by hand from the rules.
/// Its pure half: LaneTable.t.sol.
///
/// States, in the order of {LaneMode}: Z closed, S shadow, C canary, L live, T tighten only, P paused.
/// A cell is the mode afterwards, or a lower-case letter for the error: z closed lane, t invalid transition, p paused, n not live, s not silent,
/// i impact within its limit, m no meter reading, c co-signature required.
contract LaneMachineTest is ProtocolFixture {
    uint256 private constant STATES = 6;
    bytes private constant NAMES = "ZSCLTP";

    TestMeter private meter;

    function setUp() public {
        _deployProtocol(address(0xda0));
        meter = new TestMeter();
    }

    // ------------------------------------------------------------------ every (state, caller, event) on the contract

    enum Caller {
        DAO,
        GUARDIAN,
        STEWARD,
        ENGINE,
        STEWARDS_MODULE,
        ANYONE
    }

    /// One function of the contract: who may call it, what happens in each state, and the error for everybody else.
    struct Row {
        string name;
        bytes call;
        string outcome; // by state, for callers with the right
        string callers; // D, G, S, E, M, A
        bytes4 refusal;
    }

    function test_EveryStateCallerAndEvent() public {
        Row[] memory rows = _rows();
        for (uint256 state = 0; state < STATES; ++state) {
            for (uint256 r = 0; r < rows.length; ++r) {
                for (uint256 caller = 0; caller <= uint256(type(Caller).max); ++caller) {
                    uint256 snapshot = vm.snapshotState();
                    _enter(LaneMode(state));
                    _check(rows[r], state, Caller(caller));
                    vm.revertToState(snapshot);
                }
            }
        }
    }

    function _rows() private view returns (Row[] memory rows) {
        bytes4 notDao = IControllerMandate.ControllerMandate_NotGovernance.selector;
        bytes4 notGuardian = IControllerMandate.ControllerMandate_NotGuardian.selector;
        bytes4 notModule = IControllerMandate.ControllerMandate_NotStewards.selector;
        LaneSettings memory settings = _settings();
        rows = new Row[](16);
        rows[0] = Row("openLane SHADOW", abi.encodeCall(mandate.openLane, (ETH, LaneMode.SHADOW, settings)), "SSSSSS", "D", notDao);
        rows[1] = Row("openLane CANARY", abi.encodeCall(mandate.openLane, (ETH, LaneMode.CANARY, settings)), "Cttttt", "D", notDao);
        rows[2] = Row("openLane LIVE", abi.encodeCall(mandate.openLane, (ETH, LaneMode.LIVE, settings)), "Lttttt", "D", notDao);
        rows[3] = Row("openLane CLOSED", abi.encodeCall(mandate.openLane, (ETH, LaneMode.CLOSED, settings)), "tttttt", "D", notDao);
        rows[4] = Row("openLane TIGHTEN_ONLY", abi.encodeCall(mandate.openLane, (ETH, LaneMode.TIGHTEN_ONLY, settings)), "tttttt", "D", notDao);
        rows[5] = Row("openLane PAUSED", abi.encodeCall(mandate.openLane, (ETH, LaneMode.PAUSED, settings)), "tttttt", "D", notDao);
        rows[6] = Row("resume", abi.encodeCall(mandate.resume, (ETH)), "ttttCC", "D", notDao);
        rows[7] = Row("setSettings", abi.encodeCall(mandate.setSettings, (ETH, settings)), "zSCLTP", "D", notDao);
        rows[8] = Row("setMeter", abi.encodeCall(mandate.setMeter, (ETH, meter)), "ZSCLTP", "D", notDao);
        rows[9] = Row("setEngines", abi.encodeCall(mandate.setEngines, (engineSet, 1)), "ZSCLTP", "D", notDao);
        rows[10] = Row("pause", abi.encodeCall(mandate.pause, (ETH)), "tPPPPt", "DG", notGuardian);
        rows[11] = Row("tightenOnly", abi.encodeCall(mandate.tightenOnly, (ETH)), "ttTTtt", "DG", notGuardian);
        rows[12] = Row("revokeEpoch", abi.encodeCall(mandate.revokeEpoch, ()), "ZSCLTP", "DG", notGuardian);
        rows[13] = Row("hold", abi.encodeCall(mandate.hold, (ETH)), "ZSCLTP", "M", notModule);
        rows[14] = Row("executeLoosening, nothing due", abi.encodeCall(mandate.executeLoosening, (ETH, CAP)), "znnvnn", "DGSEMA", 0);
        rows[15] = Row("walk, not silent", abi.encodeCall(mandate.walk, (ETH, RANGE)), "zsssss", "DGSEMA", 0);
    }

    function _check(Row memory row, uint256 state, Caller caller) private {
        vm.prank(_address(caller));
        (bool success, bytes memory data) = address(mandate).call(row.call);
        LaneMode mode = mandate.lane(ETH).mode;
        string memory what = string.concat(row.name, " in ", string(abi.encodePacked(NAMES[state])), " by ", vm.toString(uint256(caller)));
        if (!_contains(row.callers, bytes("DGSEMA")[uint256(caller)])) {
            assertTrue(!success, string.concat(what, ": allowed"));
            assertEq(bytes32(bytes4(data)), bytes32(row.refusal), what);
            assertEq(uint256(mode), state, what);
            return;
        }
        bytes1 cell = bytes(row.outcome)[state];
        if (uint8(cell) < 0x60) {
            assertTrue(success, string.concat(what, ": refused"));
            assertEq(uint256(mode), uint256(_modeOf(cell)), what);
        } else {
            assertTrue(!success, string.concat(what, ": allowed"));
            assertEq(bytes32(bytes4(data)), bytes32(_faultOf(cell)), what);
            assertEq(uint256(mode), state, what);
        }
    }

    // ------------------------------------------------------------------ what rounds and the meter do, in every state

    /// An empty round, alone and co-signed.
    function test_EveryState_emptyRound() public {
        _eachState("zSc?T?", this.emptyRound);
        _eachState("zSCLTp", this.emptyCosignedRound);
    }

    /// Rounds with items: three finish SHADOW, two co-signed ones CANARY; elsewhere they change nothing.
    function test_EveryState_goodRounds() public {
        _eachState("zCLLTp", this.goodRounds);
    }

    /// Five rejected rounds in a row.
    function test_EveryState_rejectedRounds() public {
        _eachState("zSTTTp", this.rejectedRounds);
    }

    /// A parameter that goes up, down, up inside the flip window. Only LIVE executes loosenings, so only there can it happen.
    function test_Live_flipTripsTheBreaker() public {
        _open(ETH, LaneMode.LIVE);
        _flip(2 days);
        assertEq(uint256(mandate.lane(ETH).mode), uint256(LaneMode.TIGHTEN_ONLY), "tripped");
    }

    function test_Live_slowTurnIsNoFlip() public {
        _open(ETH, LaneMode.LIVE);
        _flip(4 days);
        assertEq(uint256(mandate.lane(ETH).mode), uint256(LaneMode.LIVE), "outside the window");
    }

    /// Silence T2, then anyone walks, in every state: pause, expiry and shadow do not stop the clock.
    function test_EveryState_walkAfterSilence() public {
        _eachState("zSCLTP", this.walkAfterSilence);
    }

    /// checkImpact without a meter, within the limit, and above it.
    function test_EveryState_checkImpact() public {
        _eachState("mmmmmm", this.checkImpact);
        vm.prank(dao);
        mandate.setMeter(ETH, meter);
        _eachState("iiiiii", this.checkImpact);
    }

    function test_EveryState_impactExceeded() public {
        vm.prank(dao);
        mandate.setMeter(ETH, meter);
        _eachState("iiTTTi", this.exceedAndCheckImpact);
    }

    function _eachState(string memory outcomes, function() external run) private {
        for (uint256 state = 0; state < STATES; ++state) {
            if (bytes(outcomes)[state] == "?") continue;
            uint256 snapshot = vm.snapshotState();
            _enter(LaneMode(state));
            bytes1 cell = bytes(outcomes)[state];
            string memory what = string(abi.encodePacked("state ", NAMES[state], " expected ", cell));
            (bool success, bytes memory data) = run.address.call(abi.encodePacked(run.selector));
            if (uint8(cell) < 0x60) {
                assertTrue(success, what);
                assertEq(uint256(mandate.lane(ETH).mode), uint256(_modeOf(cell)), what);
            } else {
                assertTrue(!success, what);
                assertEq(bytes32(bytes4(data)), bytes32(_faultOf(cell)), what);
            }
            vm.revertToState(snapshot);
        }
    }

    function emptyRound() external {
        _submit(ETH, _items());
    }

    function emptyCosignedRound() external {
        vm.warp(_now() + 1 minutes);
        _submitCosigned(_round(ETH, _items()));
    }

    function goodRounds() external {
        bool cosigned = mandate.powers(ETH).cosigned;
        uint256 rounds = mandate.lane(ETH).mode == LaneMode.SHADOW ? 3 : 2;
        for (uint64 i = 0; i < rounds; ++i) {
            vm.warp(_now() + 2 minutes);
            uint64 value = store.valueOf(ETH, RANGE);
            if (cosigned) _submitCosigned(_round(ETH, _items(RANGE, value, value + 1)));
            else _submit(_round(ETH, _items(RANGE, value, value + 1)));
        }
    }

    function rejectedRounds() external {
        bool cosigned = mandate.powers(ETH).cosigned;
        if (cosigned) {
            // Long enough a canary to be still in it at the fifth round.
            LaneSettings memory settings = _settings();
            settings.canaryRounds = 100;
            vm.startPrank(dao);
            mandate.openLane(ETH, LaneMode.SHADOW, settings);
            vm.stopPrank();
            vm.prank(guardian);
            mandate.pause(ETH);
            vm.prank(dao);
            mandate.resume(ETH);
        }
        for (uint256 i = 0; i < 5; ++i) {
            vm.warp(_now() + 1 minutes);
            if (cosigned) _submitCosigned(_round(ETH, _items(RANGE, RANGE_AT_START, 99)));
            else _submit(_round(ETH, _items(RANGE, RANGE_AT_START, 99)));
        }
    }

    function walkAfterSilence() external {
        vm.warp(_now() + 24 hours + 1);
        vm.prank(outsider);
        uint64 value = mandate.walk(ETH, RANGE);
        assertEq(value, RANGE_AT_START + RANGE_AT_START / 4, "one tighten step");
        assertEq(store.valueOf(ETH, RANGE), value, "written");
    }

    function checkImpact() external {
        mandate.checkImpact(ETH);
    }

    /// A round that tightens, then liquidations above the limit. Where no round can apply anything there is nothing to compare.
    function exceedAndCheckImpact() external {
        Powers memory p = mandate.powers(ETH);
        if (p.applies) {
            vm.warp(_now() + 1 minutes);
            if (p.cosigned) _submitCosigned(_round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 1)));
            else _submit(_round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 1)));
        }
        meter.liquidate(ETH, 1_000_000e18 + 1);
        mandate.checkImpact(ETH);
    }

    function _flip(uint256 pause) private {
        _submit(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 100));
        _submit(ETH, _items(RANGE, RANGE_AT_START + 100, RANGE_AT_START + 10));
        vm.warp(_now() + 6 hours - 1 minutes);
        _submit(ETH, _items());
        mandate.executeLoosening(ETH, RANGE);
        assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START + 10, "loosened");
        vm.warp(START + pause);
        _submit(ETH, _items(RANGE, RANGE_AT_START + 10, RANGE_AT_START + 20));
    }

    // ------------------------------------------------------------------ helpers

    function _enter(LaneMode mode) private {
        if (mode == LaneMode.CLOSED) return;
        if (mode < LaneMode.TIGHTEN_ONLY) return _open(ETH, mode);
        _open(ETH, LaneMode.LIVE);
        vm.prank(guardian);
        if (mode == LaneMode.PAUSED) mandate.pause(ETH);
        else mandate.tightenOnly(ETH);
    }

    function _address(Caller caller) private view returns (address) {
        if (caller == Caller.DAO) return dao;
        if (caller == Caller.GUARDIAN) return guardian;
        if (caller == Caller.STEWARD) return steward;
        if (caller == Caller.ENGINE) return engineSet[0];
        return caller == Caller.STEWARDS_MODULE ? address(stewards) : outsider;
    }

    function _contains(string memory letters, bytes1 letter) private pure returns (bool) {
        for (uint256 i = 0; i < bytes(letters).length; ++i) {
            if (bytes(letters)[i] == letter) return true;
        }
        return false;
    }

    function _modeOf(bytes1 letter) private pure returns (LaneMode) {
        for (uint256 i = 0; i < STATES; ++i) {
            if (NAMES[i] == letter) return LaneMode(i);
        }
        revert("no such mode");
    }

    function _faultOf(bytes1 letter) private pure returns (bytes4) {
        if (letter == "z") return IControllerMandate.ControllerMandate_LaneClosed.selector;
        if (letter == "t") return IControllerMandate.ControllerMandate_InvalidTransition.selector;
        if (letter == "p") return IControllerMandate.ControllerMandate_LanePaused.selector;
        if (letter == "n") return IControllerMandate.ControllerMandate_NotLive.selector;
        if (letter == "s") return IControllerMandate.ControllerMandate_NotSilent.selector;
        if (letter == "i") return IControllerMandate.ControllerMandate_ImpactWithinLimit.selector;
        if (letter == "m") return IControllerMandate.ControllerMandate_NoMeterReading.selector;
        if (letter == "c") return IControllerMandate.ControllerMandate_CosignRequired.selector;
        if (letter == "v") return IRiskParameters.RiskParameters_NoPendingLoosening.selector;
        revert("no such fault");
    }
}
