// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneMode, LaneSettings, Signature} from "../../../../contracts/interfaces/IControllerMandate.sol";
import {IRiskParameters} from "../../../../contracts/interfaces/IRiskParameters.sol";
import {EmergencyTightening, IRiskStewards} from "../../../../contracts/interfaces/IRiskStewards.sol";
import {Item, ParameterRule, RoundResult, Writer} from "../../../../contracts/interfaces/ParameterTypes.sol";
import {ProtocolFixture} from "../../support/ProtocolFixture.sol";
import {TestMeter} from "../../support/TestMeter.sol";
import {Wallet1271} from "../../support/Wallet1271.sol";

/// RiskStewards
/// ├── tighten: faults in order: not a steward, expired, wrong nonce, empty, too many, ids, guardian missing or wrong
/// │   ├── above either impact limit → the guardian's signature on the same digest is needed, of another address than the steward's
/// │   ├── a loosening, or a MONEY parameter, among the items → rejected and recorded; nothing loosens
/// │   ├── while the lane is closed, paused or expired → it works
/// │   └── else → applied with writer STEWARD, charged to the steward's sum, nonce consumed, chained
/// ├── undo: guardian and steward, both on one digest, two addresses
/// │   ├── given the lane tripped on realised impact → the guardian alone, also while paused, until the DAO resumes
/// │   └── it restores the value before, and the lane may only tighten for a tick
/// └── restrict: steward or guardian, only rules that restrict loosening
contract RiskStewardsTest is ProtocolFixture {
    function setUp() public {
        _deployProtocol(address(0xda0));
        _open(ETH, LaneMode.LIVE);
        vm.warp(START + 1 hours);
    }

    // ------------------------------------------------------------------ tighten

    function test_Tighten_onlyStewards() public {
        address[4] memory callers = [dao, guardian, engineSet[0], outsider];
        EmergencyTightening memory t = _emergency(RANGE_AT_START + 10);
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_NotASteward.selector, callers[i]));
            stewards.tighten(t, _none());
        }
    }

    function test_Tighten_faultsInOrder() public {
        EmergencyTightening memory t = _emergency(RANGE_AT_START + 10);
        (t.validUntil, t.nonce, t.impactAccounts) = (uint48(_now()) - 1, 1, 21);
        t.items = new Item[](0);
        _expectTighten(t, abi.encodeWithSelector(IRiskStewards.RiskStewards_Expired.selector, t.validUntil));
        ++t.validUntil;
        _expectTighten(t, abi.encodeWithSelector(IRiskStewards.RiskStewards_WrongNonce.selector, 1, 0));
        t.nonce = 0;
        _expectTighten(t, abi.encodeWithSelector(IRiskStewards.RiskStewards_EmptyBatch.selector, ETH));
        t.items = new Item[](17);
        _expectTighten(t, abi.encodeWithSelector(IRiskStewards.RiskStewards_TooManyItems.selector, 17, 16));
        t.items = new Item[](2);
        (t.items[0].id, t.items[1].id) = (VOL_UP, RANGE);
        _expectTighten(t, abi.encodeWithSelector(IRiskStewards.RiskStewards_IdsNotAscending.selector, VOL_UP, RANGE));
        t.items = _items(RANGE, RANGE_AT_START, RANGE_AT_START + 10);
        _expectTighten(t, abi.encodeWithSelector(IRiskStewards.RiskStewards_GuardianRequired.selector, ETH, 0, 21));
    }

    function test_Tighten_appliesChargesAndIsChained() public {
        EmergencyTightening memory t = _emergency(RANGE_AT_START + 200);
        uint32 entries = store.stateOf(ETH, RANGE).historyLength;
        (, uint32 count) = _head();
        vm.prank(steward);
        RoundResult memory result = stewards.tighten(t, _none());
        assertEq(result.applied, 1, "applied");
        assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START + 200, "value");
        assertEq(uint256(store.entry(ETH, RANGE, entries).writer), uint256(Writer.STEWARD), "writer");
        assertEq(store.stateOf(ETH, RANGE).stewardTightenUsed, 200, "steward's sum");
        assertEq(store.stateOf(ETH, RANGE).tightenBudgetUsed, 0, "controller's sum");
        assertEq(stewards.nonceOf(ETH), 1, "nonce");
        (, uint32 newCount) = _head();
        assertEq(newCount, count + 2, "value and event");
    }

    function test_Tighten_eventIsALink() public {
        EmergencyTightening memory t = _emergency(RANGE_AT_START); // equal: rejected
        vm.prank(steward);
        stewards.tighten(t, _none());
        (uint224 before,) = _head();
        t = _emergency(RANGE_AT_START);
        bytes32 rejected = keccak256(
            abi.encode(
                IRiskParameters.ItemRejected.selector, ETH, RANGE, uint32(1), RANGE_AT_START, RANGE_AT_START, uint8(4), RANGE_AT_START
            )
        );
        bytes32 own = keccak256(
            abi.encode(
                IRiskStewards.EmergencyTightened.selector, ETH, uint32(1), uint128(0), uint32(0), uint16(0), uint16(1), steward, address(0)
            )
        );
        vm.prank(steward);
        stewards.tighten(t, _none());
        (uint224 hash,) = _head();
        assertEq(hash, _linked(_linked(before, address(store), rejected), address(stewards), own), "head");
    }

    function test_Tighten_aboveALimitNeedsTheGuardian() public {
        LaneSettings memory limits = mandate.settingsOf(ETH);
        EmergencyTightening memory t = _emergency(RANGE_AT_START + 10);
        t.impactNotional = limits.impactNotionalLimit + 1;
        _expectTighten(
            t, abi.encodeWithSelector(IRiskStewards.RiskStewards_GuardianRequired.selector, ETH, t.impactNotional, 0)
        );
        Signature memory signature = _sign(GUARDIAN_KEY, stewards.tightenDigest(t));
        vm.prank(steward);
        assertEq(stewards.tighten(t, signature).applied, 1, "with the guardian");
    }

    function test_Tighten_guardianSignatureIsChecked() public {
        EmergencyTightening memory t = _emergency(RANGE_AT_START + 10);
        bytes32 digest = stewards.tightenDigest(t);
        Signature memory signature = _sign(OUTSIDER_KEY, digest);
        vm.prank(steward);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_NotGuardian.selector, outsider));
        stewards.tighten(t, signature);
        signature.signer = guardian;
        vm.prank(steward);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_BadSignature.selector, guardian));
        stewards.tighten(t, signature);
        signature = _sign(GUARDIAN_KEY, digest);
        t.impactAccounts = 99; // not what was signed
        vm.prank(steward);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_BadSignature.selector, guardian));
        stewards.tighten(t, signature);
        vm.warp(term.termEnd());
        t = _emergency(RANGE_AT_START + 10);
        signature = _sign(GUARDIAN_KEY, stewards.tightenDigest(t));
        vm.prank(steward);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_NotGuardian.selector, guardian));
        stewards.tighten(t, signature);
    }

    function test_Tighten_oneAddressIsNotTwoRoles() public {
        bytes32 role = keccak256("STEWARD_ROLE");
        vm.prank(dao);
        store.grantRole(role, guardian);
        EmergencyTightening memory t = _emergency(RANGE_AT_START + 10);
        Signature memory signature = _sign(GUARDIAN_KEY, stewards.tightenDigest(t));
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_SameSigner.selector, guardian));
        stewards.tighten(t, signature);
    }

    function test_Tighten_nonceIsPerScopeAndNotReplayable() public {
        EmergencyTightening memory t = _emergency(RANGE_AT_START + 10);
        vm.startPrank(steward);
        stewards.tighten(t, _none());
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_WrongNonce.selector, 0, 1));
        stewards.tighten(t, _none());
        vm.stopPrank();
        assertEq(stewards.nonceOf(BTC), 0, "other scope");
    }

    /// Invariant by name: the steward's path never loosens.
    function test_Tighten_neverLoosens() public {
        Item[] memory items = new Item[](2);
        items[0] = Item(RANGE, RANGE_AT_START, RANGE_AT_START - 10);
        items[1] = Item(CAP, CAP_AT_START, CAP_AT_START + 10);
        EmergencyTightening memory t = _emergency(0);
        t.items = items;
        vm.prank(steward);
        RoundResult memory result = stewards.tighten(t, _none());
        assertEq(result.rejected, 2, "rejected");
        assertEq(result.pended, 0, "pended");
        assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START, "range");
        assertEq(store.pendingOf(ETH, CAP).createdAt, 0, "cap");
    }

    /// A3: a stolen steward key cannot raise range, fee and share together and harvest: MONEY has no emergency path.
    function test_Tighten_moneyHasNoEmergencyPath() public {
        EmergencyTightening memory t = _emergency(0);
        t.items = _items(FEE, FEE_AT_START, FEE_AT_START + 5);
        vm.prank(steward);
        assertEq(stewards.tighten(t, _none()).rejected, 1, "rejected");
        assertEq(store.valueOf(ETH, FEE), FEE_AT_START, "fee");
    }

    /// A3: the steward's tightenings share one gross budget per 24 h.
    function test_Tighten_isBoundByTheBudget() public {
        uint64 value = RANGE_AT_START;
        for (uint256 i = 0; i < 12; ++i) {
            vm.warp(_now() + 1 minutes);
            EmergencyTightening memory t = _emergency(value + value / 4);
            t.items[0].expected = value;
            vm.prank(steward);
            stewards.tighten(t, _none());
            value = store.valueOf(ETH, RANGE);
        }
        assertLe(value, RANGE_AT_START * 2, "at most the value at the window's start again");
        assertTrue(value > RANGE_AT_START * 3 / 2, "the budget was used");
    }

    function test_Tighten_worksWhateverTheLaneDoes() public {
        vm.prank(guardian);
        mandate.pause(ETH);
        EmergencyTightening memory t = _emergency(RANGE_AT_START + 10);
        vm.prank(steward);
        assertEq(stewards.tighten(t, _none()).applied, 1, "paused");
        vm.warp(mandate.settingsOf(ETH).expiresAt);
        t = _emergency(RANGE_AT_START + 20);
        t.items[0].expected = RANGE_AT_START + 10;
        vm.prank(steward);
        assertEq(stewards.tighten(t, _none()).applied, 1, "expired");
    }

    // ------------------------------------------------------------------ undo

    function test_Undo_restoresAndHoldsTheLaneForATick() public {
        uint32 entry = _badTightening();
        bytes32 digest = stewards.undoDigest(ETH, RANGE, entry);
        (, uint32 count) = _head();
        vm.prank(outsider);
        stewards.undo(ETH, RANGE, entry, _sign(STEWARD_KEY, digest), _sign(GUARDIAN_KEY, digest));
        assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START, "restored");
        assertEq(uint256(store.entry(ETH, RANGE, entry + 1).writer), uint256(Writer.UNDO), "writer");
        (, uint32 newCount) = _head();
        assertEq(newCount, count + 3, "value, undo, hold");
        assertEq(mandate.lane(ETH).tightenOnlyUntil, _now() + 1 hours, "held");
        assertTrue(!mandate.powers(ETH).loosens && mandate.powers(ETH).tightens, "only tightens");
        assertEq(_submit(ETH, _items(CAP, CAP_AT_START, CAP_AT_START + 100)).rejected, 1, "loosening rejected");
        vm.warp(mandate.lane(ETH).tightenOnlyUntil);
        assertTrue(mandate.powers(ETH).loosens, "a tick later");
    }

    function test_Undo_needsBothRoles() public {
        uint32 entry = _badTightening();
        bytes32 digest = stewards.undoDigest(ETH, RANGE, entry);
        Signature memory byGuardian = _sign(GUARDIAN_KEY, digest);
        Signature memory bySteward = _sign(STEWARD_KEY, digest);
        Signature memory byOutsider = _sign(OUTSIDER_KEY, digest);

        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_NotASteward.selector, address(0)));
        stewards.undo(ETH, RANGE, entry, _none(), byGuardian);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_NotGuardian.selector, address(0)));
        stewards.undo(ETH, RANGE, entry, bySteward, _none());
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_NotASteward.selector, outsider));
        stewards.undo(ETH, RANGE, entry, byOutsider, byGuardian);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_NotGuardian.selector, outsider));
        stewards.undo(ETH, RANGE, entry, bySteward, byOutsider);
        byOutsider.signer = steward;
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_BadSignature.selector, steward));
        stewards.undo(ETH, RANGE, entry, byOutsider, byGuardian);
        byOutsider.signer = guardian;
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_BadSignature.selector, guardian));
        stewards.undo(ETH, RANGE, entry, bySteward, byOutsider);

        bytes32 role = keccak256("STEWARD_ROLE");
        vm.prank(dao);
        store.grantRole(role, guardian);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_SameSigner.selector, guardian));
        stewards.undo(ETH, RANGE, entry, byGuardian, byGuardian);
    }

    function test_Undo_signaturesBindScopeParameterAndEntry() public {
        uint32 entry = _badTightening();
        bytes32 digest = stewards.undoDigest(ETH, RANGE, entry);
        Signature memory byGuardian = _sign(GUARDIAN_KEY, digest);
        Signature memory bySteward = _sign(STEWARD_KEY, digest);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_BadSignature.selector, guardian));
        stewards.undo(BTC, RANGE, entry, bySteward, byGuardian);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_BadSignature.selector, guardian));
        stewards.undo(ETH, VOL_UP, entry, bySteward, byGuardian);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_BadSignature.selector, guardian));
        stewards.undo(ETH, RANGE, entry + 1, bySteward, byGuardian);
    }

    /// The undo digest has no nonce: an entry is undone at most once, also when it was undone in the second in which it was made.
    function test_Undo_isNotReplayable() public {
        uint32 entry = _badTightening();
        bytes32 digest = stewards.undoDigest(ETH, RANGE, entry);
        Signature memory byGuardian = _sign(GUARDIAN_KEY, digest);
        Signature memory bySteward = _sign(STEWARD_KEY, digest);
        stewards.undo(ETH, RANGE, entry, bySteward, byGuardian);
        uint256 start = _now();
        for (uint256 later = 0; later <= 2 * uint256(UNDO_WINDOW); later += 3 hours) {
            vm.warp(start + later);
            vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_AlreadyUndone.selector, ETH, RANGE, entry));
            stewards.undo(ETH, RANGE, entry, bySteward, byGuardian);
            // Tighten again, so that there would be something to undo.
            if (later == 0) _submit(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 200));
        }
        assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START + 200, "the second tightening stands");
    }

    /// A9: after realised liquidations beyond what was stated the guardian alone repairs, even if it paused the lane first.
    function test_Undo_guardianAloneAfterRealisedImpact() public {
        TestMeter meter = new TestMeter();
        vm.prank(dao);
        mandate.setMeter(ETH, meter);
        uint32 entry = _badTightening();
        Signature memory byGuardian = _sign(GUARDIAN_KEY, stewards.undoDigest(ETH, RANGE, entry));
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_NotASteward.selector, address(0)));
        stewards.undo(ETH, RANGE, entry, _none(), byGuardian);

        meter.liquidate(ETH, 1_000_000e18 + 1);
        mandate.checkImpact(ETH);
        uint256 snapshot = vm.snapshotState();
        vm.prank(dao);
        mandate.resume(ETH);
        vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_NotASteward.selector, address(0)));
        stewards.undo(ETH, RANGE, entry, _none(), byGuardian);

        vm.revertToState(snapshot);
        vm.prank(guardian);
        mandate.pause(ETH);
        stewards.undo(ETH, RANGE, entry, _none(), byGuardian);
        assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START, "restored");
    }

    function test_Undo_aWalletMayBeGuardian() public {
        Wallet1271 wallet = new Wallet1271(outsider);
        vm.prank(dao);
        term.appoint(address(wallet), uint48(_now()) + 1 days);
        uint32 entry = _badTightening();
        bytes32 digest = stewards.undoDigest(ETH, RANGE, entry);
        Signature memory byWallet = Signature(address(wallet), _sign(OUTSIDER_KEY, digest).data);
        stewards.undo(ETH, RANGE, entry, _sign(STEWARD_KEY, digest), byWallet);
        assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START, "restored");
    }

    // ------------------------------------------------------------------ restrict

    function test_Restrict_byStewardOrGuardianOnly() public {
        ParameterRule memory rule = store.ruleOf(ETH, RANGE);
        rule.loosenStepBps = 500;
        address[3] memory others = [dao, engineSet[0], outsider];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(abi.encodeWithSelector(IRiskStewards.RiskStewards_NotASteward.selector, others[i]));
            stewards.restrict(ETH, RANGE, rule);
        }
        vm.prank(steward);
        stewards.restrict(ETH, RANGE, rule);
        assertEq(store.ruleOf(ETH, RANGE).loosenStepBps, 500, "steward");
        rule.loosenStepBps = 400;
        vm.prank(guardian);
        stewards.restrict(ETH, RANGE, rule);
        assertEq(store.ruleOf(ETH, RANGE).loosenStepBps, 400, "guardian");
    }

    function test_Restrict_neverFreesLoosening() public {
        ParameterRule memory rule = store.ruleOf(ETH, RANGE);
        ++rule.loosenStepBps;
        vm.prank(steward);
        vm.expectRevert(abi.encodeWithSelector(IRiskParameters.RiskParameters_NotRestricting.selector, ETH, RANGE));
        stewards.restrict(ETH, RANGE, rule);
    }

    // ------------------------------------------------------------------ helpers

    /// @dev The controller tightens RANGE; returns the number of that entry.
    function _badTightening() private returns (uint32 entry) {
        entry = store.stateOf(ETH, RANGE).historyLength;
        assertEq(_submit(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 200)).applied, 1, "applied");
    }

    function _emergency(uint64 value) private view returns (EmergencyTightening memory) {
        return EmergencyTightening({
            scope: ETH,
            items: _items(RANGE, RANGE_AT_START, value),
            impactNotional: 0,
            impactAccounts: 0,
            nonce: stewards.nonceOf(ETH),
            validUntil: uint48(_now()) + 1 hours
        });
    }

    function _expectTighten(EmergencyTightening memory t, bytes memory expected) private {
        vm.prank(steward);
        vm.expectRevert(expected);
        stewards.tighten(t, _none());
    }
}
