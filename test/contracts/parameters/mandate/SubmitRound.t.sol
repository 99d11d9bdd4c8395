// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Adjustment, IControllerMandate, Lane, LaneMode, LaneSettings, Signature
} from "../../../../contracts/interfaces/IControllerMandate.sol";
import {Item, ParamId, RoundResult} from "../../../../contracts/interfaces/ParameterTypes.sol";
import {ProtocolFixture} from "../../support/ProtocolFixture.sol";
import {Vm} from "../../support/Vm.sol";

/// ControllerMandate.submitRound: faults of the envelope revert, in this order, and consume nothing
/// ├── lane: closed, paused, expired (at the second of expiry), no engines
/// ├── epoch: not the current one
/// ├── round: not above the last one; a gap is allowed
/// ├── observation: in the future; not newer than the last one; now is allowed
/// ├── validity: more than MAX_VALIDITY after the observation; passed; the last second is allowed
/// ├── items: more than 16; ids not strictly ascending, or repeated
/// ├── sender: not an engine before observedAt + SUBMITTER_WINDOW; anyone from then on
/// ├── signatures: too few; signers not ascending, or repeated; not an engine; wrong key; wrong content; malleated
/// ├── co-signature: missing above either impact limit; not by a steward; by an engine; wrong
/// └── else: round, observation and heartbeat are stored, items go to the store, and the event is a link of the chain
contract SubmitRoundTest is ProtocolFixture {
    function setUp() public {
        _deployProtocol(address(0xda0));
        _open(ETH, LaneMode.LIVE);
        vm.warp(START + 1 hours);
    }

    // ------------------------------------------------------------------ lane

    function test_Lane_closedReverts() public {
        Adjustment memory a = _round(BTC, _items());
        _expectRevert(a, abi.encodeWithSelector(IControllerMandate.ControllerMandate_LaneClosed.selector, BTC));
    }

    function test_Lane_pausedReverts() public {
        vm.prank(guardian);
        mandate.pause(ETH);
        Adjustment memory a = _round(ETH, _items());
        _expectRevert(a, abi.encodeWithSelector(IControllerMandate.ControllerMandate_LanePaused.selector, ETH));
    }

    function test_Lane_expiredReverts() public {
        uint48 expiresAt = mandate.settingsOf(ETH).expiresAt;
        vm.warp(expiresAt - 1);
        _submit(_round(ETH, _items()));
        vm.warp(expiresAt);
        Adjustment memory a = _round(ETH, _items());
        _expectRevert(a, abi.encodeWithSelector(IControllerMandate.ControllerMandate_MandateExpired.selector, ETH, expiresAt));
    }

    function test_Lane_withoutEnginesReverts() public {
        Adjustment memory a = _round(ETH, _items());
        vm.prank(guardian);
        mandate.revokeEpoch();
        _expectRevert(a, abi.encodeWithSelector(IControllerMandate.ControllerMandate_NoEngines.selector, 2));
    }

    // ------------------------------------------------------------------ epoch, round, observation, validity

    function test_Epoch_otherThanCurrentReverts() public {
        Adjustment memory a = _round(ETH, _items());
        a.epoch = 2;
        _expectRevert(a, abi.encodeWithSelector(IControllerMandate.ControllerMandate_UnknownEpoch.selector, 2, 1));
    }

    function test_Round_mustRise() public {
        Adjustment memory a = _round(ETH, _items());
        a.round = 0;
        _expectRevert(a, abi.encodeWithSelector(IControllerMandate.ControllerMandate_RoundNotNext.selector, 0, 0));
        a.round = 7;
        _submit(a);
        vm.warp(_now() + 1 minutes);
        a = _round(ETH, _items());
        a.round = 7;
        _expectRevert(a, abi.encodeWithSelector(IControllerMandate.ControllerMandate_RoundNotNext.selector, 7, 7));
        a.round = 6;
        _expectRevert(a, abi.encodeWithSelector(IControllerMandate.ControllerMandate_RoundNotNext.selector, 6, 7));
    }

    function test_Observation_mustRise() public {
        uint48 first = uint48(_now());
        _submit(_round(ETH, _items()));
        vm.warp(first + 1 minutes);
        Adjustment memory a = _round(ETH, _items());
        a.validUntil = a.observedAt + 10 minutes;
        a.observedAt = first;
        _expectRevert(a, abi.encodeWithSelector(IControllerMandate.ControllerMandate_ObservationNotNewer.selector, first, first));
        a.observedAt = first + 1;
        _submit(a);
        assertEq(mandate.lane(ETH).observedAt, first + 1, "one second newer");
    }

    function test_Observation_inTheFutureReverts() public {
        Adjustment memory a = _round(ETH, _items());
        ++a.observedAt;
        _expectRevert(
            a,
            abi.encodeWithSelector(
                IControllerMandate.ControllerMandate_ObservationInFuture.selector, a.observedAt, uint48(_now())
            )
        );
    }

    function test_Validity_longerThanAllowedReverts() public {
        Adjustment memory a = _round(ETH, _items());
        ++a.validUntil;
        _expectRevert(
            a,
            abi.encodeWithSelector(
                IControllerMandate.ControllerMandate_ValidityTooLong.selector, a.observedAt, a.validUntil, MAX_VALIDITY
            )
        );
    }

    function test_Validity_endsAfterItsLastSecond() public {
        Adjustment memory a = _round(ETH, _items());
        vm.warp(a.validUntil + 1);
        _expectRevert(
            a, abi.encodeWithSelector(IControllerMandate.ControllerMandate_Expired.selector, a.validUntil, a.validUntil + 1)
        );
        vm.warp(a.validUntil);
        _submit(a);
        assertEq(mandate.lane(ETH).round, 1, "last second");
    }

    // ------------------------------------------------------------------ items

    function test_Items_moreThanSixteenReverts() public {
        Item[] memory items = new Item[](17);
        for (uint256 i = 0; i < items.length; ++i) {
            items[i] = Item(ParamId.wrap(bytes32(i + 1)), 0, 0);
        }
        _expectRevert(_round(ETH, items), abi.encodeWithSelector(IControllerMandate.ControllerMandate_TooManyItems.selector, 17, 16));
    }

    function test_Items_mustAscendStrictly() public {
        Item[] memory items = new Item[](2);
        items[0] = Item(VOL_UP, VOL_AT_START, VOL_AT_START + 1);
        items[1] = Item(RANGE, RANGE_AT_START, RANGE_AT_START + 1);
        _expectRevert(
            _round(ETH, items), abi.encodeWithSelector(IControllerMandate.ControllerMandate_IdsNotAscending.selector, VOL_UP, RANGE)
        );
        items[1] = items[0];
        _expectRevert(
            _round(ETH, items), abi.encodeWithSelector(IControllerMandate.ControllerMandate_IdsNotAscending.selector, VOL_UP, VOL_UP)
        );
    }

    // ------------------------------------------------------------------ sender

    function test_Sender_onlyEnginesFirst() public {
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        uint48 openAt = a.observedAt + SUBMITTER_WINDOW;
        vm.warp(openAt - 1);
        vm.prank(outsider);
        vm.expectRevert(abi.encodeWithSelector(IControllerMandate.ControllerMandate_SubmitterOnly.selector, outsider, openAt));
        mandate.submitRound(a, signatures, _none());
        vm.warp(openAt);
        vm.prank(outsider);
        mandate.submitRound(a, signatures, _none());
        assertEq(mandate.lane(ETH).round, 1, "anyone from then on");
    }

    function test_Sender_anEngineThatDidNotSignMaySend() public {
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        vm.prank(engineSet[2]);
        mandate.submitRound(a, signatures, _none());
        assertEq(mandate.lane(ETH).round, 1, "accepted");
    }

    // ------------------------------------------------------------------ signatures

    function test_Signatures_tooFewRevert() public {
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory one = new Signature[](1);
        one[0] = _sign(engineKeys[0], mandate.digestOf(a));
        _expectRevert(a, one, _none(), abi.encodeWithSelector(IControllerMandate.ControllerMandate_TooFewSignatures.selector, 1, 2));
        _expectRevert(
            a, new Signature[](0), _none(), abi.encodeWithSelector(IControllerMandate.ControllerMandate_TooFewSignatures.selector, 0, 2)
        );
    }

    function test_Signatures_ofOneSignerTwiceRevert() public {
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        signatures[1] = signatures[0];
        _expectRevert(
            a,
            signatures,
            _none(),
            abi.encodeWithSelector(
                IControllerMandate.ControllerMandate_SignersNotAscending.selector, engineSet[0], engineSet[0]
            )
        );
    }

    function test_Signatures_outOfOrderRevert() public {
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        (signatures[0], signatures[1]) = (signatures[1], signatures[0]);
        _expectRevert(
            a,
            signatures,
            _none(),
            abi.encodeWithSelector(
                IControllerMandate.ControllerMandate_SignersNotAscending.selector, engineSet[1], engineSet[0]
            )
        );
    }

    function test_Signatures_ofAStrangerRevert() public {
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = new Signature[](2);
        uint256 stranger = 0xbad;
        bytes32 digest = mandate.digestOf(a);
        bool first = vm.addr(stranger) < engineSet[2];
        signatures[first ? 0 : 1] = _sign(stranger, digest);
        signatures[first ? 1 : 0] = _sign(engineKeys[2], digest);
        _expectRevert(
            a, signatures, _none(), abi.encodeWithSelector(IControllerMandate.ControllerMandate_NotAnEngine.selector, vm.addr(stranger))
        );
    }

    function test_Signatures_byAnotherKeyRevert() public {
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        signatures[1].data = _sign(OUTSIDER_KEY, mandate.digestOf(a)).data;
        _expectBadSignature(a, signatures, engineSet[1]);
    }

    /// Every signed field binds: the same signatures over a round that differs in one field are worth nothing.
    function test_Signatures_bindEveryField() public {
        Adjustment memory a = _round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 10));
        Signature[] memory signatures = _signatures(a);
        for (uint256 field = 0; field < 12; ++field) {
            Adjustment memory other = _round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 10));
            if (field == 0) ++other.round;
            else if (field == 1) (other.observedAt, other.validUntil) = (a.observedAt - 1, a.validUntil - 1);
            else if (field == 2) --other.validUntil;
            else if (field == 3) other.items[0].id = VOL_UP;
            else if (field == 4) ++other.items[0].expected;
            else if (field == 5) ++other.items[0].value;
            else if (field == 6) ++other.impactNotional;
            else if (field == 7) ++other.impactAccounts;
            else if (field == 8) other.snapshot = 0;
            else if (field == 9) other.engine = 0;
            else if (field == 10) other.configuration = 0;
            else other.report = 0;
            _expectBadSignature(other, signatures, engineSet[0]);
        }
    }

    function test_Signatures_malleatedRevert() public {
        Adjustment memory a = _round(ETH, _items());
        Signature[] memory signatures = _signatures(a);
        bytes memory data = signatures[0].data;
        uint256 s;
        assembly {
            s := mload(add(data, 0x40))
        }
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        uint8 v = uint8(data[64]) == 27 ? 28 : 27;
        assembly {
            mstore(add(data, 0x40), sub(order, s))
        }
        data[64] = bytes1(v);
        _expectBadSignature(a, signatures, engineSet[0]);
    }

    function test_Signatures_moreThanNeededMustAllBeGood() public {
        Adjustment memory a = _round(ETH, _items());
        bytes32 digest = mandate.digestOf(a);
        Signature[] memory signatures = new Signature[](3);
        for (uint256 i = 0; i < 3; ++i) {
            signatures[i] = _sign(engineKeys[i], digest);
        }
        signatures[2].data = signatures[1].data;
        _expectBadSignature(a, signatures, engineSet[2]);
        signatures[2] = _sign(engineKeys[2], digest);
        vm.prank(engineSet[0]);
        mandate.submitRound(a, signatures, _none());
        assertEq(mandate.lane(ETH).round, 1, "three of three");
    }

    // ------------------------------------------------------------------ co-signature

    function test_Cosign_missingAboveEitherImpactLimitReverts() public {
        bytes memory expected = abi.encodeWithSelector(IControllerMandate.ControllerMandate_CosignRequired.selector, ETH);
        LaneSettings memory settings = mandate.settingsOf(ETH);
        Adjustment memory a = _round(ETH, _items());
        a.impactNotional = settings.impactNotionalLimit + 1;
        _expectRevert(a, expected);
        a.impactNotional = settings.impactNotionalLimit;
        a.impactAccounts = settings.impactAccountsLimit + 1;
        _expectRevert(a, expected);
        _submitCosigned(a);
        assertEq(mandate.lane(ETH).round, 1, "co-signed");
    }

    function test_Cosign_notNeededAtTheLimits() public {
        LaneSettings memory settings = mandate.settingsOf(ETH);
        Adjustment memory a = _round(ETH, _items());
        a.impactNotional = settings.impactNotionalLimit;
        a.impactAccounts = settings.impactAccountsLimit;
        _submit(a);
        assertEq(mandate.lane(ETH).round, 1, "at the limits");
    }

    function test_Cosign_byOthersReverts() public {
        Adjustment memory a = _round(ETH, _items());
        bytes32 digest = mandate.digestOf(a);
        Signature[] memory signatures = _signatures(a);
        _expectRevert(
            a,
            signatures,
            _sign(GUARDIAN_KEY, digest),
            abi.encodeWithSelector(IControllerMandate.ControllerMandate_NotASteward.selector, guardian)
        );
        Signature memory forged = _sign(OUTSIDER_KEY, digest);
        forged.signer = steward;
        _expectRevert(
            a, signatures, forged, abi.encodeWithSelector(IControllerMandate.ControllerMandate_BadSignature.selector, steward)
        );
    }

    function test_Cosign_byAnEngineReverts() public {
        vm.startPrank(dao);
        store.grantRole(keccak256("STEWARD_ROLE"), engineSet[0]);
        vm.stopPrank();
        Adjustment memory a = _round(ETH, _items());
        Signature memory cosign = _sign(engineKeys[0], mandate.digestOf(a));
        _expectRevert(
            a,
            _signatures(a),
            cosign,
            abi.encodeWithSelector(IControllerMandate.ControllerMandate_CosignerIsEngine.selector, engineSet[0])
        );
    }

    /// B17: a co-signed round charges the steward's tighten sum, not the controller's.
    function test_Cosign_chargesTheStewardsSum() public {
        _submitCosigned(_round(ETH, _items(RANGE, RANGE_AT_START, RANGE_AT_START + 100)));
        assertEq(store.stateOf(ETH, RANGE).stewardTightenUsed, 100, "steward's sum");
        assertEq(store.stateOf(ETH, RANGE).tightenBudgetUsed, 0, "controller's sum");
        _submit(ETH, _items(RANGE, RANGE_AT_START + 100, RANGE_AT_START + 150));
        assertEq(store.stateOf(ETH, RANGE).stewardTightenUsed, 100, "steward's sum");
        assertEq(store.stateOf(ETH, RANGE).tightenBudgetUsed, 50, "controller's sum");
    }

    /// The digest from the text of EIP-712 and the names of the fields, not from the contract's own helpers.
    function test_Digest_isEip712() public view {
        Item[] memory items = new Item[](2);
        items[0] = Item(RANGE, 1, 2);
        items[1] = Item(CAP, 3, 4);
        Adjustment memory a = _round(ETH, items);
        (a.impactNotional, a.impactAccounts) = (7, 8);
        bytes memory itemType = "Item(bytes32 id,uint64 expected,uint64 value)";
        bytes memory mainType = bytes.concat(
            "Adjustment(bytes32 scope,uint32 epoch,uint32 round,uint48 observedAt,uint48 validUntil,Item[] items,uint128 impactNotional,",
            "uint32 impactAccounts,bytes32 snapshot,bytes32 engine,bytes32 configuration,bytes32 report)"
        );
        bytes32 itemsHash = keccak256(
            bytes.concat(
                keccak256(abi.encode(keccak256(itemType), RANGE, 1, 2)), keccak256(abi.encode(keccak256(itemType), CAP, 3, 4))
            )
        );
        bytes memory first = abi.encode(keccak256(bytes.concat(mainType, itemType)), ETH, a.epoch, a.round, a.observedAt, a.validUntil);
        bytes memory last = abi.encode(itemsHash, 7, 8, a.snapshot, a.engine, a.configuration, a.report);
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Ballast ControllerMandate"), keccak256("1"), block.chainid, address(mandate)
            )
        );
        assertEq(
            mandate.digestOf(a), keccak256(abi.encodePacked(hex"1901", domain, keccak256(bytes.concat(first, last)))), "digest"
        );
    }

    // ------------------------------------------------------------------ order

    /// Each fault is reported before all that come later: the round below has every fault at once, and they are repaired one by one.
    function test_Order_ofFaultsIsFixed() public {
        _submit(_round(ETH, _items()));
        uint48 first = uint48(_now());
        vm.warp(first + 1 hours);
        Item[] memory items = new Item[](17);
        Adjustment memory a = _round(ETH, items);
        (a.epoch, a.round, a.observedAt, a.validUntil) = (9, 1, uint48(_now()) + 1, uint48(_now()) + 2 hours);
        a.impactAccounts = 21;
        Signature[] memory none = new Signature[](0);

        vm.prank(guardian);
        mandate.pause(ETH);
        _expectFault(a, none, IControllerMandate.ControllerMandate_LanePaused.selector);
        vm.prank(dao);
        mandate.openLane(ETH, LaneMode.SHADOW, _settings());
        _expectFault(a, none, IControllerMandate.ControllerMandate_UnknownEpoch.selector);
        a.epoch = 1;
        _expectFault(a, none, IControllerMandate.ControllerMandate_RoundNotNext.selector);
        a.round = 2;
        _expectFault(a, none, IControllerMandate.ControllerMandate_ObservationInFuture.selector);
        a.observedAt = first;
        _expectFault(a, none, IControllerMandate.ControllerMandate_ObservationNotNewer.selector);
        a.observedAt = uint48(_now()) - 10;
        _expectFault(a, none, IControllerMandate.ControllerMandate_ValidityTooLong.selector);
        a.validUntil = uint48(_now()) - 1;
        _expectFault(a, none, IControllerMandate.ControllerMandate_Expired.selector);
        a.validUntil = uint48(_now());
        _expectFault(a, none, IControllerMandate.ControllerMandate_TooManyItems.selector);
        a.items = new Item[](2);
        _expectFault(a, none, IControllerMandate.ControllerMandate_IdsNotAscending.selector);
        a.items = new Item[](0);
        _expectFault(a, none, IControllerMandate.ControllerMandate_SubmitterOnly.selector);
        a.observedAt = uint48(_now()) - SUBMITTER_WINDOW;
        _expectFault(a, none, IControllerMandate.ControllerMandate_TooFewSignatures.selector);
    }

    // ------------------------------------------------------------------ accepted

    function test_Accepted_emptyRoundIsTheHeartbeat() public {
        RoundResult memory result = _submit(_round(ETH, _items()));
        Lane memory lane = mandate.lane(ETH);
        assertEq(lane.round, 1, "round");
        assertEq(lane.observedAt, _now(), "observation");
        assertEq(lane.heartbeatAt, _now(), "heartbeat");
        assertEq(result.applied + result.pended + result.rejected, 0, "nothing moved");
    }

    function test_Accepted_heartbeatIsTheTimeOfAcceptance() public {
        Adjustment memory a = _round(ETH, _items());
        vm.warp(_now() + 10 minutes);
        _submit(a);
        assertEq(mandate.lane(ETH).observedAt + 10 minutes, mandate.lane(ETH).heartbeatAt, "heartbeat");
    }

    function test_Accepted_tighteningAppliesAndLooseningPends() public {
        Item[] memory items = new Item[](2);
        items[0] = Item(RANGE, RANGE_AT_START, RANGE_AT_START + 200);
        items[1] = Item(CAP, CAP_AT_START, CAP_AT_START + 5_000);
        RoundResult memory result = _submit(_round(ETH, items));
        assertEq(result.applied, 1, "applied");
        assertEq(result.pended, 1, "pended");
        assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START + 200, "tightened");
        assertEq(store.valueOf(ETH, CAP), CAP_AT_START, "waits");
        assertEq(store.pendingOf(ETH, CAP).target, CAP_AT_START + 5_000, "pending");
        assertEq(store.pendingOf(ETH, CAP).epoch, 1, "epoch");
    }

    /// A rejected round still consumes its number and counts as heartbeat: rejection is an outcome, not a fault.
    function test_Accepted_rejectedItemsConsumeTheRound() public {
        RoundResult memory result = _submit(_round(ETH, _items(RANGE, RANGE_AT_START, 10_001)));
        assertEq(result.rejected, 1, "rejected");
        assertEq(mandate.lane(ETH).round, 1, "consumed");
        assertEq(store.valueOf(ETH, RANGE), RANGE_AT_START, "unchanged");
    }

    function test_Accepted_eventIsALinkOfTheChain() public {
        (uint224 hash, uint32 count) = _head();
        Adjustment memory a = _round(ETH, _items());
        (a.impactNotional, a.impactAccounts) = (5e18, 3);
        bytes32 digest = mandate.digestOf(a);
        vm.recordLogs();
        _submitCosigned(a);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "one event");
        assertEq(logs[0].topics[0], IControllerMandate.RoundAccepted.selector, "topic");

        bytes memory head = abi.encode(
            IControllerMandate.RoundAccepted.selector, ETH, uint32(1), uint32(1), a.observedAt, digest, a.snapshot, a.engine,
            a.configuration
        );
        bytes memory tail =
            abi.encode(a.report, a.impactNotional, a.impactAccounts, uint16(0), uint16(0), uint16(0), engineSet[0], steward);
        (uint224 newHash, uint32 newCount) = _head();
        assertEq(newCount, count + 1, "links");
        assertEq(newHash, _linked(hash, address(mandate), keccak256(bytes.concat(head, tail))), "head");
        bytes memory data = bytes.concat(
            abi.encode(count, uint32(1), a.observedAt, digest, a.snapshot, a.engine, a.configuration), tail
        );
        assertEq(keccak256(logs[0].data), keccak256(data), "event data");
    }

    // ------------------------------------------------------------------ helpers

    function _expectRevert(Adjustment memory a, bytes memory expected) private {
        _expectRevert(a, _signatures(a), _none(), expected);
    }

    function _expectRevert(Adjustment memory a, Signature[] memory signatures, Signature memory cosign, bytes memory expected) private {
        uint32 round = mandate.lane(a.scope).round;
        vm.prank(engineSet[0]);
        vm.expectRevert(expected);
        mandate.submitRound(a, signatures, cosign);
        assertEq(mandate.lane(a.scope).round, round, "consumed nothing");
    }

    function _expectBadSignature(Adjustment memory a, Signature[] memory signatures, address signer) private {
        _expectRevert(
            a, signatures, _none(), abi.encodeWithSelector(IControllerMandate.ControllerMandate_BadSignature.selector, signer)
        );
    }

    /// @dev Sent by an outsider; only the selector is compared.
    function _expectFault(Adjustment memory a, Signature[] memory signatures, bytes4 selector) private {
        vm.prank(outsider);
        (bool success, bytes memory data) = address(mandate).call(abi.encodeCall(mandate.submitRound, (a, signatures, _none())));
        assertTrue(!success, "accepted");
        assertEq(bytes32(bytes4(data)), bytes32(selector), "fault");
    }
}
