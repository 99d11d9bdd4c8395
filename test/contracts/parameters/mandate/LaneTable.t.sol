// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneMode, Powers} from "../../../../contracts/interfaces/IControllerMandate.sol";
import {LaneCore, LaneEvent, LaneRules, next, powersOf} from "../../../../contracts/parameters/LaneMachine.sol";
import {TestBase} from "../../support/TestBase.sol";

/// The pure half of the state machine, enumerated: {next} and {powersOf}. States, in the order of {LaneMode}: Z closed, S shadow, C canary, L live,
/// T tighten only, P paused.
contract LaneTableTest is TestBase {
    uint256 private constant STATES = 6;
    bytes private constant NAMES = "ZSCLTP";

    /// next(mode, event), every cell; a dot is "no such transition".
    function test_Next_everyCell() public pure {
        string[10] memory rows = [
            "SSSSSS", // OPEN_SHADOW
            "C.....", // OPEN_CANARY
            "L.....", // OPEN_LIVE
            "....CC", // RESUME
            ".C....", // SHADOW_DONE
            "..L...", // CANARY_DONE
            ".STT..", // BREAKER
            "..TTTP", // IMPACT_EXCEEDED
            "..TT..", // RESTRICT_TO_TIGHTENING
            ".PPPP." // PAUSE
        ];
        for (uint256 what = 0; what < rows.length; ++what) {
            for (uint256 mode = 0; mode < STATES; ++mode) {
                bytes1 cell = bytes(rows[what])[mode];
                uint256 expected = cell == "." ? 0 : _stateOf(cell);
                string memory where = string.concat("row ", rows[what], ", state ", vm.toString(mode));
                assertEq(uint256(next(LaneMode(mode), LaneEvent(what))), expected, where);
            }
        }
    }

    /// Forbidden, whatever the event: an automatic or guardian event that leads to more power than before.
    function test_Next_onlyTheDaoAddsPower() public pure {
        // Power to loosen: none in Z, S, T, P; with a co-signature in C; alone in L.
        uint8[6] memory power = [0, 0, 1, 2, 0, 0];
        for (uint256 mode = 0; mode < STATES; ++mode) {
            for (uint256 what = uint256(LaneEvent.BREAKER); what <= uint256(LaneEvent.PAUSE); ++what) {
                LaneMode after_ = next(LaneMode(mode), LaneEvent(what));
                assertLe(power[uint256(after_)], power[mode], "power to loosen rose");
                bool applies = after_ == LaneMode.TIGHTEN_ONLY || after_ == LaneMode.CANARY || after_ == LaneMode.LIVE;
                assertTrue(!applies || mode > uint256(LaneMode.SHADOW), "a lane that applied nothing applies");
                if (what != uint256(LaneEvent.PAUSE) && after_ == LaneMode.PAUSED) {
                    assertEq(mode, uint256(LaneMode.PAUSED), "paused automatically");
                }
            }
            assertTrue(next(LaneMode(mode), LaneEvent.RESUME) != LaneMode.LIVE, "resumed without canary");
        }
    }

    // ------------------------------------------------------------------ powers

    /// powers() in every mode, with each derived condition in turn: expiry, no engines, hold, silence T, silence T2.
    /// Letters: s submit, c co-signed, a applies, t tightens, l loosens, e executes, w walks.
    function test_Powers_everyModeAndCondition() public pure {
        string[6] memory normal = ["", "s", "scatl", "satle", "sat", ""];
        string[6] memory stopped = ["", "", "c", "", "", ""]; // expired, or no engines
        string[6] memory held = ["", "s", "scat", "sat", "sat", ""];
        string[6] memory silent = ["", "s", "scatl", "satl", "sat", ""];
        string[6] memory abandoned = ["", "sw", "scatlw", "satlw", "satw", "w"];
        string[6] memory abandonedAndStopped = ["", "w", "cw", "w", "w", "w"];
        for (uint256 mode = 0; mode < STATES; ++mode) {
            _checkPowers(normal[mode], LaneMode(mode), 3, 0, 6 hours);
            _checkPowers(stopped[mode], LaneMode(mode), 0, 0, 6 hours);
            _checkPowers(stopped[mode], LaneMode(mode), 3, 0, 180 days - 1 days); // expired; silence far below in this call
            _checkPowers(held[mode], LaneMode(mode), 3, 6 hours + 1, 6 hours);
            _checkPowers(normal[mode], LaneMode(mode), 3, 6 hours, 6 hours);
            _checkPowers(silent[mode], LaneMode(mode), 3, 0, 6 hours + 1);
            _checkPowers(silent[mode], LaneMode(mode), 3, 0, 24 hours);
            _checkPowers(abandoned[mode], LaneMode(mode), 3, 0, 24 hours + 1);
            _checkPowers(abandonedAndStopped[mode], LaneMode(mode), 0, 0, 24 hours + 1);
        }
    }

    /// A lane that fell to TIGHTEN_ONLY from CANARY still owes its co-signed rounds.
    function test_Powers_tightenOnlyFromCanaryStaysCosigned() public pure {
        LaneCore memory core;
        (core.mode, core.roundsLeft) = (LaneMode.TIGHTEN_ONLY, 1);
        LaneRules memory rules;
        rules.expiresAt = 100;
        assertTrue(powersOf(core, rules, 1, 50).cosigned, "co-signed");
        core.roundsLeft = 0;
        assertTrue(!powersOf(core, rules, 1, 50).cosigned, "done");
    }

    /// @dev Heartbeat at zero; `time` is the silence. A time past 100 days stands for expiry with a fresh heartbeat.
    function _checkPowers(string memory expected, LaneMode mode, uint256 engines, uint48 heldUntil, uint256 time) private pure {
        LaneCore memory core;
        (core.mode, core.tightenOnlyUntil) = (mode, heldUntil);
        LaneRules memory rules;
        (rules.heartbeatTimeout, rules.deadManTimeout, rules.expiresAt) = (6 hours, 24 hours, 100 days);
        if (time > 100 days) core.heartbeatAt = uint48(time);
        Powers memory p = powersOf(core, rules, engines, time);
        bytes memory got = abi.encodePacked(
            p.submit ? "s" : "", p.cosigned ? "c" : "", p.applies ? "a" : "", p.tightens ? "t" : "", p.loosens ? "l" : "",
            p.executes ? "e" : "", p.walks ? "w" : ""
        );
        assertEq(
            keccak256(got), keccak256(bytes(expected)), string.concat("mode ", vm.toString(uint256(mode)), " got ", string(got))
        );
    }

    function _stateOf(bytes1 letter) private pure returns (uint256 state) {
        while (NAMES[state] != letter) ++state;
    }
}
