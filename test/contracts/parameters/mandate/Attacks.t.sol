// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Adjustment, IControllerMandate, LaneMode, Signature} from "../../../../contracts/interfaces/IControllerMandate.sol";
import {Item, RoundResult} from "../../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, RECORDER_ROLE} from "../../../../contracts/interfaces/Roles.sol";
import {ControllerMandate} from "../../../../contracts/parameters/ControllerMandate.sol";
import {ERC1271_GAS} from "../../../../contracts/parameters/SignatureCheck.sol";
import {ProtocolFixture} from "../../support/ProtocolFixture.sol";
import {TestMeter} from "../../support/TestMeter.sol";
import {HostileWallet, Malice, Wallet1271} from "../../support/Wallet1271.sol";
import {Deploy} from "../../support/Deploy.sol";

/// Attacks on the mandate, each by its name.
contract MandateAttacksTest is ProtocolFixture {
    function setUp() public {
        _deployProtocol(address(0xda0));
        _open(ETH, LaneMode.LIVE);
        vm.warp(START + 1 hours);
    }

    // ------------------------------------------------------------------ replay

    function test_Replay_ofTheSameRound() public {
        Adjustment memory a = _round(ETH, _items());
        _submit(a);
        _expectRefused(a, _signatures(a), IControllerMandate.ControllerMandate_RoundNotNext.selector);
    }

    function test_Replay_acrossLanes() public {
        vm.startPrank(dao);
        _activate(BTC);
        mandate.openLane(BTC, LaneMode.LIVE, _settings());
        vm.stopPrank();
        Adjustment memory a = _round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 10));
        Signature[] memory signatures = _signatures(a);
        a.scope = BTC;
        _expectRefused(a, signatures, IControllerMandate.ControllerMandate_BadSignature.selector);
    }

    function test_Replay_acrossChainIds() public {
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        vm.chainId(block.chainid + 1);
        _expectRefused(a, signatures, IControllerMandate.ControllerMandate_BadSignature.selector);
    }

    function test_Replay_acrossContracts() public {
        ControllerMandate twin = Deploy.controllerMandate(store, term, MAX_VALIDITY, SUBMITTER_WINDOW);
        vm.startPrank(dao);
        store.grantRole(RECORDER_ROLE, address(twin));
        store.grantRole(MANDATE_ROLE, address(twin));
        twin.setEngines(engineSet, 2);
        twin.openLane(ETH, LaneMode.LIVE, _settings());
        vm.stopPrank();
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        vm.prank(engineSet[0]);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_BadSignature.selector, engineSet[0]));
        twin.submitRound(a, signatures, _none());
    }

    function test_Replay_acrossEpochs() public {
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        vm.prank(dao);
        mandate.setEngines(engineSet, 2);
        _expectRefused(a, signatures, IControllerMandate.ControllerMandate_UnknownEpoch.selector);
        a.epoch = 2;
        _expectRefused(a, signatures, IControllerMandate.ControllerMandate_BadSignature.selector);
    }

    /// A signed round kept back until it suits: a newer one voids it, and without a newer one it dies of age.
    function test_HeldBackRound_isVoidedByANewerOneAndByAge() public {
        Adjustment memory held = _round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 10));
        Signature[] memory signatures = _signatures(held);
        uint256 snapshot = vm.snapshotState();
        vm.warp(_now() + 1 minutes);
        Adjustment memory newer = _round(ETH, _items());
        _submit(newer);
        _expectRefused(held, signatures, IControllerMandate.ControllerMandate_RoundNotNext.selector);

        vm.revertToState(snapshot);
        held.round = 5; // even with a number reserved far ahead
        signatures = _signatures(held);
        vm.warp(_now() + 1 minutes);
        _submit(_round(ETH, _items()));
        _expectRefused(held, signatures, IControllerMandate.ControllerMandate_ObservationNotNewer.selector);

        vm.revertToState(snapshot);
        vm.warp(held.validUntil + 1);
        held.round = 1;
        _expectRefused(held, _signatures(held), IControllerMandate.ControllerMandate_Expired.selector);
    }

    // ------------------------------------------------------------------ ERC-1271 engines

    function test_Wallet_mayBeAnEngine() public {
        Wallet1271 wallet = new Wallet1271(vm.addr(OUTSIDER_KEY));
        Adjustment memory a = _roundOfWallet(address(wallet));
        Signature[] memory signatures = new Signature[](1);
        signatures[0] = Signature(address(wallet), _sign(OUTSIDER_KEY, mandate.digestOf(a)).data);
        vm.warp(a.validUntil);
        mandate.submitRound(a, signatures, _none());
        assertEq(mandate.lane(ETH).round, 1, "accepted");
    }

    function test_Wallet_signatureOfAnotherIsRefused() public {
        Wallet1271 wallet = new Wallet1271(vm.addr(OUTSIDER_KEY));
        Adjustment memory a = _roundOfWallet(address(wallet));
        Signature[] memory signatures = new Signature[](1);
        signatures[0] = Signature(address(wallet), _sign(GUARDIAN_KEY, mandate.digestOf(a)).data);
        vm.warp(a.validUntil);
        _expectRefused(a, signatures, IControllerMandate.ControllerMandate_BadSignature.selector);
    }

    /// Gas griefing: a hostile wallet can waste its capped share and nothing more, and no odd answer counts as yes.
    function test_GasGrief_hostileWalletIsCappedAndRefused() public {
        for (uint8 malice = 0; malice < uint8(Malice.NEEDS_GAS); ++malice) {
            HostileWallet wallet = new HostileWallet(Malice(malice));
            uint256 snapshot = vm.snapshotState();
            Adjustment memory a = _roundOfWallet(address(wallet));
            Signature[] memory signatures = new Signature[](1);
            signatures[0] = Signature(address(wallet), "");
            bytes memory call = abi.encodeCall(mandate.submitRound, (a, signatures, _none()));
            vm.warp(a.validUntil);
            uint256 before = gasleft();
            (bool success,) = address(mandate).call(call);
            uint256 used = before - gasleft();
            // A long answer that begins with the magic word is a yes; the other tricks are not.
            assertTrue(success == (Malice(malice) == Malice.RETURN_MUCH), string.concat("malice ", vm.toString(malice)));
            assertLe(used, ERC1271_GAS + 200_000, string.concat("gas, malice ", vm.toString(malice)));
            vm.revertToState(snapshot);
        }
    }

    /// 63/64: whoever submits chooses the gas, never the outcome. With any amount the call reverts whole, or does exactly what full gas does.
    function test_GasChoice_cannotBurnARoundOrChangeItsOutcome() public {
        HostileWallet wallet = new HostileWallet(Malice.NEEDS_GAS);
        TestMeter meter = new TestMeter();
        vm.prank(dao);
        mandate.setMeter(ETH, meter);
        Adjustment memory a = _roundOfWallet(address(wallet));
        a.items = new Item[](2);
        a.items[0] = Item(RANGE, RANGE_AT_START, RANGE_AT_START + 10);
        a.items[1] = Item(CAP, CAP_AT_START, CAP_AT_START + 100);
        Signature[] memory signatures = new Signature[](1);
        signatures[0] = Signature(address(wallet), "");
        bytes memory call = abi.encodeCall(mandate.submitRound, (a, signatures, _none()));
        vm.warp(a.validUntil);

        uint256 accepted = 0;
        uint256 refused = 0;
        uint256 tooLowForTheMeter = 0;
        for (uint256 gasGiven = 100_000; gasGiven < 900_000; gasGiven += 7_919) {
            uint256 snapshot = vm.snapshotState();
            (bool success, bytes memory data) = address(mandate).call{gas: gasGiven}(call);
            if (success) {
                ++accepted;
                RoundResult memory result = abi.decode(data, (RoundResult));
                assertEq(result.applied, 1, "applied");
                assertEq(result.pended, 1, "pended");
                assertEq(result.rejected, 0, "rejected");
            } else {
                ++refused;
                if (bytes4(data) == IControllerMandate.ControllerMandate_GasTooLow.selector) ++tooLowForTheMeter;
                assertEq(mandate.lane(ETH).round, 0, "round burnt");
            }
            vm.revertToState(snapshot);
        }
        assertTrue(accepted > 10 && refused > 10, "the sweep saw both outcomes");
        assertTrue(tooLowForTheMeter > 0, "and calls that end before the meter");
    }

    // ------------------------------------------------------------------ CAPO agent, 2026-03-10: wrong on its first live day

    /// A lane that is opened the careful way cannot move anything before its shadow rounds, and nothing without a steward before its canary rounds.
    function test_Capo_aNewControllerFirstOnlyShadows() public {
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.SHADOW, _settings());
        for (uint256 i = 0; i < 3; ++i) {
            vm.warp(_now() + 2 minutes);
            RoundResult memory result = _submit(_round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 200)));
            assertEq(result.applied, 0, "applied in shadow");
            assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START, "moved in shadow");
        }
        assertEq(uint256(mandate.lane(ETH).mode), uint256(LaneMode.CANARY), "canary");
        vm.warp(_now() + 2 minutes);
        Adjustment memory a = _round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 200));
        _expectRefused(a, _signatures(a), IControllerMandate.ControllerMandate_CosignRequired.selector);
        _submitCosigned(a);
        assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START + 200, "moved with a co-signature");
    }

    /// Empty rounds prove nothing: the agent had 1,200 clean payloads of other kinds behind it.
    function test_Capo_heartbeatsDoNotEarnTheNextMode() public {
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.SHADOW, _settings());
        for (uint256 i = 0; i < 10; ++i) {
            _submit(ETH, _items());
        }
        assertEq(uint256(mandate.lane(ETH).mode), uint256(LaneMode.SHADOW), "mode");
        assertEq(mandate.lane(ETH).roundsLeft, 3, "rounds left");
    }

    function test_Capo_rejectedRoundsDoNotEarnTheNextMode() public {
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.SHADOW, _settings());
        for (uint256 i = 0; i < 4; ++i) {
            _submit(ETH, _items(RANGE, RANGE_AT_START, 99));
        }
        assertEq(mandate.lane(ETH).roundsLeft, 3, "rounds left");
        assertEq(mandate.lane(ETH).rejectedInARow, 4, "rejected");
    }

    /// Two coupled values, one of them beyond its step: neither goes in.
    function test_Capo_aCoupledPairIsNeverSplit() public {
        Item[] memory items = new Item[](2);
        items[0] = Item(VOL_DOWN, VOL_AT_START, VOL_AT_START + 10);
        items[1] = Item(VOL_UP, VOL_AT_START, VOL_AT_START * 2);
        RoundResult memory result = _submit(_round(ETH, items));
        assertEq(result.applied, 0, "applied");
        assertEq(result.rejected, 2, "both rejected");
        assertEq(store.valueOf(ETH, VOL_DOWN), VOL_AT_START, "partner unchanged");
    }

    // ------------------------------------------------------------------ the breaker cannot be tripped by others, nor avoided

    /// A steward's one-unit write makes the engines' expected values wrong; that must not count against them.
    function test_Breaker_isNotTrippedByExpectedOrCooldown() public {
        for (uint256 i = 0; i < 8; ++i) {
            _submit(ETH, _items(RANGE, RANGE_AT_START + 1, RANGE_AT_START + 2));
        }
        assertEq(mandate.lane(ETH).rejectedInARow, 0, "expected");
        _submit(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 1));
        for (uint64 i = 0; i < 8; ++i) {
            vm.warp(_now() + 1);
            _submit(_round(ETH, _items(RANGE, RANGE_AT_START + 1, RANGE_AT_START + 2)));
        }
        assertEq(mandate.lane(ETH).rejectedInARow, 0, "cooldown");
    }

    /// B4: budget exhaustion is a rejection. Otherwise noise would exhaust it and disarm the controller before the crash.
    function test_Breaker_isNotTrippedByAnExhaustedBudget() public {
        uint64 value = RANGE_AT_START;
        uint256 refused = 0;
        uint256 tooLowForTheMeter = 0;
        for (uint256 i = 0; i < 14; ++i) {
            RoundResult memory result = _submit(ETH, _items(RANGE, value, value + value / 5));
            refused += result.rejected;
            value = store.valueOf(ETH, RANGE);
        }
        assertTrue(refused > 5, "the budget ran out");
        assertEq(uint256(mandate.lane(ETH).mode), uint256(LaneMode.LIVE), "still live");
    }

    function test_Breaker_emptyRoundsDoNotResetIt() public {
        for (uint256 i = 0; i < 4; ++i) {
            _submit(ETH, _items(RANGE, RANGE_AT_START, 99));
            _submit(ETH, _items());
        }
        assertEq(mandate.lane(ETH).rejectedInARow, 4, "counted through heartbeats");
        _submit(ETH, _items(RANGE, RANGE_AT_START, 99));
        assertEq(uint256(mandate.lane(ETH).mode), uint256(LaneMode.TIGHTEN_ONLY), "tripped");
    }

    function test_Breaker_aGoodRoundResetsIt() public {
        for (uint256 i = 0; i < 4; ++i) {
            _submit(ETH, _items(RANGE, RANGE_AT_START, 99));
        }
        _submit(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 1));
        assertEq(mandate.lane(ETH).rejectedInARow, 0, "reset");
    }

    /// Engines that keep sending nonsense to a lane that only tightens would stop it for good, if the count of their rejections had no end.
    function test_Breaker_countEndsAndTheLaneStillTightens() public {
        vm.prank(guardian);
        mandate.tightenOnly(ETH);
        for (uint256 i = 0; i < 256; ++i) {
            _submit(ETH, _items(RANGE, RANGE_AT_START, 99));
        }
        assertEq(mandate.lane(ETH).rejectedInARow, 255, "as many as a byte counts");
        assertEq(_submit(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 1)).applied, 1, "tightened");
        assertEq(mandate.lane(ETH).rejectedInARow, 0, "reset");
    }

    /// A turn in a lane that has no breaker any more: it tightens, and earns nothing toward rounds without a co-signature.
    function test_Breaker_aFlipInATightenOnlyLaneIsNoProgress() public {
        _submit(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 100));
        _submit(ETH, _items(RANGE, RANGE_AT_START + 100, RANGE_AT_START + 10));
        vm.warp(_now() + 6 hours - 1 minutes);
        _submit(ETH, _items());
        mandate.executeLoosening(ETH, RANGE);
        vm.prank(guardian);
        mandate.tightenOnly(ETH);
        vm.prank(dao);
        mandate.resume(ETH);
        vm.prank(guardian);
        mandate.tightenOnly(ETH);
        assertEq(mandate.lane(ETH).roundsLeft, 2, "owed");
        vm.warp(_now() + 1 minutes);
        RoundResult memory result = _submitCosigned(_round(ETH, _items(RANGE, RANGE_AT_START + 10, RANGE_AT_START + 20)));
        assertTrue(result.flipped && result.applied == 1, "up, down, up");
        assertEq(uint256(mandate.lane(ETH).mode), uint256(LaneMode.TIGHTEN_ONLY), "as before");
        assertEq(mandate.lane(ETH).roundsLeft, 2, "still owed");
        vm.warp(_now() + 2 minutes);
        _submitCosigned(_round(ETH, _items(RANGE, RANGE_AT_START + 20, RANGE_AT_START + 30)));
        assertEq(mandate.lane(ETH).roundsLeft, 1, "a clean one counts");
    }

    // ------------------------------------------------------------------ stopped lanes

    function test_TightenOnly_tightensAndRejectsLooseningWithMode() public {
        vm.prank(guardian);
        mandate.tightenOnly(ETH);
        Item[] memory items = new Item[](2);
        items[0] = Item(RANGE, RANGE_AT_START, RANGE_AT_START + 10);
        items[1] = Item(CAP, CAP_AT_START, CAP_AT_START + 100);
        RoundResult memory result = _submit(_round(ETH, items));
        assertEq(result.applied, 1, "tightening");
        assertEq(result.rejected, 1, "loosening");
        assertEq(store.pendingOf(ETH, CAP).createdAt, 0, "nothing pends");
    }

    /// The guardian cannot use TIGHTEN_ONLY to give a controller powers it has not earned.
    function test_Guardian_cannotLiftAShadowLaneOrAPause() public {
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.SHADOW, _settings());
        vm.startPrank(guardian);
        vm.expectRevert(
            abi.encodeWithSelector(
                IControllerMandate.ControllerMandate_InvalidTransition.selector, ETH, LaneMode.SHADOW, LaneMode.TIGHTEN_ONLY
            )
        );
        mandate.tightenOnly(ETH);
        mandate.pause(ETH);
        vm.expectRevert(
            abi.encodeWithSelector(
                IControllerMandate.ControllerMandate_InvalidTransition.selector, ETH, LaneMode.PAUSED, LaneMode.TIGHTEN_ONLY
            )
        );
        mandate.tightenOnly(ETH);
        vm.stopPrank();
    }

    function test_Guardian_losesEveryPowerWithItsTerm() public {
        vm.warp(term.termEnd());
        bytes memory expected = abi.encodeWithSelector(IControllerMandate.ControllerMandate_NotGuardian.selector, guardian);
        vm.startPrank(guardian);
        vm.expectRevert(expected);
        mandate.pause(ETH);
        vm.expectRevert(expected);
        mandate.tightenOnly(ETH);
        vm.expectRevert(expected);
        mandate.revokeEpoch();
        vm.stopPrank();
    }

    function test_Canary_debtFollowsIntoTightenOnly() public {
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.SHADOW, _settings());
        vm.prank(guardian);
        mandate.pause(ETH);
        vm.prank(dao);
        mandate.resume(ETH);
        vm.prank(guardian);
        mandate.tightenOnly(ETH);
        vm.warp(_now() + 1 minutes);
        Adjustment memory a = _round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 1));
        _expectRefused(a, _signatures(a), IControllerMandate.ControllerMandate_CosignRequired.selector);
        _submitCosigned(a);
        vm.warp(_now() + 2 minutes);
        _submitCosigned(_round(ETH, _items(RANGE, RANGE_AT_START + 1, RANGE_AT_START + 2)));
        assertTrue(!mandate.powers(ETH).cosigned, "both co-signed rounds are done");
        vm.warp(_now() + 2 minutes);
        _submit(_round(ETH, _items(RANGE, RANGE_AT_START + 2, RANGE_AT_START + 3)));
        assertEq(uint256(mandate.lane(ETH).mode), uint256(LaneMode.TIGHTEN_ONLY), "still only a vote resumes");
    }

    // ------------------------------------------------------------------ helpers

    /// @dev A round of an engine set that is the wallet alone.
    function _roundOfWallet(address wallet) private returns (Adjustment memory) {
        address[] memory set = new address[](1);
        set[0] = wallet;
        vm.prank(dao);
        mandate.setEngines(set, 1);
        return _round(ETH, _items());
    }

    function _expectRefused(Adjustment memory a, Signature[] memory signatures, bytes4 selector) private {
        uint32 round = mandate.lane(a.scope).round;
        vm.prank(engineSet[0]);
        (bool success, bytes memory data) = address(mandate).call(abi.encodeCall(mandate.submitRound, (a, signatures, _none())));
        assertTrue(!success, "accepted");
        assertEq(bytes32(bytes4(data)), bytes32(selector), "fault");
        assertEq(mandate.lane(a.scope).round, round, "consumed");
    }
}
