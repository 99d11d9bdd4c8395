// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Adjustment, Lane, LaneMode, Signature} from "../../../../contracts/interfaces/IControllerMandate.sol";
import {EmergencyTightening} from "../../../../contracts/interfaces/IRiskStewards.sol";
import {Item, ParamId, PendingLoosening, ScopeId, Writer} from "../../../../contracts/interfaces/ParameterTypes.sol";
import {LooseningVeto} from "../../../../contracts/parameters/LooseningVeto.sol";
import {RiskParameters} from "../../../../contracts/parameters/RiskParameters.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {RECORDER_ROLE, VETO_ROLE} from "../../../../contracts/interfaces/Roles.sol";
import {ProtocolFixture} from "../../support/ProtocolFixture.sol";
import {Deploy} from "../../support/Deploy.sol";

/// @notice Calls the protocol as anyone might: right and wrong callers, signatures, rounds, times. It writes down what it saw happen, from outside.
contract MandateHandler is ProtocolFixture {
    LooseningVeto private veto;

    /// @notice First broken rule, empty while none is.
    string public broken;
    uint256 public accepted;
    uint256 public executed;
    uint256 public transitions;

    constructor() {
        _deployProtocol(address(0xda0));
        veto = Deploy.looseningVeto(store, term, IVotes(address(0)), 300);
        vm.startPrank(dao);
        store.grantRole(VETO_ROLE, address(veto));
        store.grantRole(RECORDER_ROLE, address(veto));
        vm.stopPrank();
        _open(ETH, LaneMode.LIVE);
    }

    modifier watched() {
        Lane memory before = mandate.lane(ETH);
        uint64[5] memory values = _values();
        uint32 epoch = mandate.epoch();
        _;
        _compare(before, values, epoch);
    }

    // ------------------------------------------------------------------ what anyone may try

    function wait(uint256 seconds_) external watched {
        vm.warp(_now() + bound(seconds_, 1, 8 hours));
    }

    function waitLong(uint256 seconds_) external watched {
        vm.warp(_now() + bound(seconds_, 8 hours, 30 hours));
    }

    /// @dev A round that is right in most respects, and wrong in the one that `flaw` picks.
    function submit(uint256 seed, uint8 signers, uint8 flaw, bool cosigned) external watched {
        if (seed % 4 != 0) vm.warp(_now() + 1 minutes);
        Adjustment memory a = _round(ETH, _randomItems(seed));
        flaw = flaw % 32;
        if (flaw == 1) a.round -= 1;
        else if (flaw == 2) a.observedAt -= uint48(1 hours);
        else if (flaw == 3) a.epoch += 1;
        else if (flaw == 4) a.impactNotional = type(uint128).max;
        else if (flaw == 5) a.validUntil = uint48(_now()) - 1;
        else if (flaw == 6) a.round += uint32(seed % 3);
        bytes32 digest = mandate.digestOf(a);
        uint256 given = 0;
        if (signers >= 64) signers = 3; // most often the first two engines
        for (uint256 i = 0; i < 3; ++i) {
            if (signers & (1 << i) != 0) ++given;
        }
        Signature[] memory signatures = new Signature[](given);
        given = 0;
        for (uint256 i = 0; i < 3; ++i) {
            if (signers & (1 << i) != 0) signatures[given++] = _sign(flaw == 7 ? OUTSIDER_KEY : engineKeys[i], digest);
        }
        if (flaw == 8 && given == 2) signatures[1] = signatures[0];
        Signature memory cosign = cosigned ? _sign(STEWARD_KEY, digest) : _none();
        bool right = given >= 2 && flaw != 7 && !(flaw == 8 && given == 2) && a.epoch == mandate.epoch();
        vm.prank(seed % 8 == 7 ? outsider : engineSet[seed % 3]);
        (bool success,) = address(mandate).call(abi.encodeCall(mandate.submitRound, (a, signatures, cosign)));
        if (!success) return;
        ++accepted;
        if (!right) broken = "a round was applied without k signatures of the epoch";
    }

    function execute(uint256 seed) external watched {
        PendingLoosening memory p = store.pendingOf(ETH, _id(seed));
        Lane memory lane = mandate.lane(ETH);
        (bool success,) = address(mandate).call(abi.encodeCall(mandate.executeLoosening, (ETH, _id(seed))));
        if (!success) return;
        ++executed;
        if (p.createdAt == 0 || _now() < p.createdAt + 6 hours || _now() < p.eta || _now() > p.expiry) {
            broken = "executed what was not scheduled, or not when it was";
        }
        if (p.epoch != mandate.epoch()) broken = "executed a pending of a revoked epoch";
        if (lane.mode != LaneMode.LIVE || _now() < lane.tightenOnlyUntil || _now() - lane.heartbeatAt > 6 hours) {
            broken = "executed in a lane that may not loosen";
        }
    }

    function walk(uint256 seed) external watched {
        Lane memory lane = mandate.lane(ETH);
        (bool success,) = address(mandate).call(abi.encodeCall(mandate.walk, (ETH, _id(seed))));
        if (success && _now() - lane.heartbeatAt <= 24 hours) broken = "walked without silence";
    }

    function stewardTightens(uint256 seed) external watched {
        Item[] memory items = _randomItems(seed);
        uint64[5] memory before = _values();
        EmergencyTightening memory t = EmergencyTightening({
            scope: ETH,
            items: items,
            impactNotional: 0,
            impactAccounts: 0,
            nonce: stewards.nonceOf(ETH),
            validUntil: uint48(_now())
        });
        uint256 pendings = _pendings();
        vm.prank(seed % 8 == 7 ? outsider : steward);
        (bool success,) = address(stewards).call(abi.encodeCall(stewards.tighten, (t, _none())));
        if (!success) return;
        uint64[5] memory values = _values();
        for (uint256 i = 0; i < 5; ++i) {
            if (_looser(i, before[i], values[i])) broken = "the steward's path loosened";
        }
        if (_pendings() > pendings) broken = "the steward's path pended a loosening";
        if (values[0] != before[0]) broken = "the steward's path moved money";
    }

    function undo(uint256 seed, bool both) external watched {
        ParamId id = _id(seed);
        uint32 length = store.stateOf(ETH, id).historyLength;
        uint32 entry = uint32((seed >> 8) % length);
        bytes32 digest = stewards.undoDigest(ETH, id, entry);
        Signature memory byGuardian = _sign(GUARDIAN_KEY, digest);
        Signature memory bySteward = both ? _sign(STEWARD_KEY, digest) : _none();
        (bool success,) = address(stewards).call(abi.encodeCall(stewards.undo, (ETH, id, entry, bySteward, byGuardian)));
        if (success && !both) broken = "undone by the guardian alone without realised impact";
    }

    function stop(uint256 seed) external watched {
        if ((seed >> 16) % 4 != 0) return; // a lane that is stopped most of the time shows little
        vm.prank(seed % 4 == 3 ? outsider : guardian);
        (bool success,) = address(mandate).call(
            seed % 2 == 0 ? abi.encodeCall(mandate.pause, (ETH)) : abi.encodeCall(mandate.tightenOnly, (ETH))
        );
        if (success && seed % 4 == 3) broken = "stopped by a stranger";
    }

    function vetoes(uint256 seed) external watched {
        vm.prank(seed % 4 == 3 ? outsider : guardian);
        (bool success,) = address(veto).call(abi.encodeCall(veto.veto, (ETH, _id(seed >> 8))));
        if (success && seed % 4 == 3) broken = "vetoed by a stranger";
    }

    function daoActs(uint256 seed) external watched {
        vm.prank(seed % 4 == 3 ? outsider : dao);
        bytes memory call;
        if (seed % 5 == 0) call = abi.encodeCall(mandate.openLane, (ETH, LaneMode((seed >> 8) % 6), _settings()));
        else if (seed % 5 == 1) call = abi.encodeCall(mandate.setEngines, (engineSet, 2));
        else call = abi.encodeCall(mandate.resume, (ETH));
        (bool success,) = address(mandate).call(call);
        if (success && seed % 4 == 3) broken = "governed by a stranger";
    }

    // ------------------------------------------------------------------ what must hold after every call

    function _compare(Lane memory before, uint64[5] memory values, uint32 epoch) private {
        Lane memory lane = mandate.lane(ETH);
        if (lane.round < before.round) broken = "the round fell";
        if (lane.observedAt < before.observedAt) broken = "the observation fell";
        if ((lane.round > before.round) != (lane.observedAt > before.observedAt)) broken = "round and observation did not rise together";
        if (mandate.epoch() < epoch) broken = "the epoch fell";
        if (lane.mode != before.mode) {
            ++transitions;
            _checkTransition(before.mode, lane.mode);
        }
        if (before.mode == LaneMode.TIGHTEN_ONLY || before.mode == LaneMode.PAUSED || before.mode == LaneMode.SHADOW) {
            uint64[5] memory now_ = _values();
            for (uint256 i = 0; i < 5; ++i) {
                if (_looser(i, values[i], now_[i]) && !_lastIsUndo(i)) broken = "a stopped lane loosened";
            }
        }
    }

    function _checkTransition(LaneMode from, LaneMode to) private {
        if (to == LaneMode.CLOSED) broken = "a lane closed";
        if (to == LaneMode.LIVE && from != LaneMode.CANARY) broken = "live other than through canary";
        if (to == LaneMode.TIGHTEN_ONLY && from == LaneMode.SHADOW) broken = "a shadow lane began to apply";
        if (to == LaneMode.TIGHTEN_ONLY && from == LaneMode.PAUSED) broken = "a pause was lifted without a vote";
        if (to == LaneMode.CANARY && from == LaneMode.LIVE) broken = "live became canary";
    }

    function _lastIsUndo(uint256 i) private view returns (bool) {
        uint32 length = store.stateOf(ETH, _id(i)).historyLength;
        return store.entry(ETH, _id(i), length - 1).writer == Writer.UNDO;
    }

    /// @dev MONEY never moves on the steward's path, and counts as loosening both ways.
    function _looser(uint256 i, uint64 before, uint64 value) private pure returns (bool) {
        if (i == 0) return value != before;
        return i == 4 ? value > before : value < before;
    }

    function _pendings() private view returns (uint256 count) {
        for (uint256 i = 0; i < 5; ++i) {
            if (store.pendingOf(ETH, _id(i)).createdAt != 0) ++count;
        }
    }

    function _values() private view returns (uint64[5] memory values) {
        for (uint256 i = 0; i < 5; ++i) {
            values[i] = store.valueOf(ETH, _id(i));
        }
    }

    function _id(uint256 seed) private pure returns (ParamId) {
        return [FEE, RANGE, VOL_DOWN, VOL_UP, CAP][seed % 5];
    }

    /// @dev Up to two parameters, most often moved a little either way from their live value.
    function _randomItems(uint256 seed) private view returns (Item[] memory items) {
        uint256 count = (seed >> 16) % 3;
        items = new Item[](count);
        uint256 first = (seed >> 24) % (6 - (count == 0 ? 1 : count));
        for (uint256 i = 0; i < count; ++i) {
            ParamId id = _id(first + i);
            uint64 value = store.valueOf(ETH, id);
            uint64 move = 1 + uint64(value * ((seed >> (32 + 8 * i)) % 12) / 100);
            bool up = (seed >> (64 + i)) % 2 == 0;
            items[i] = Item(id, seed % 32 == 31 ? value + 1 : value, up ? value + move : value > move ? value - move : 1);
        }
    }

    function parameters() external view returns (RiskParameters) {
        return store;
    }
}

/// Invariants of the mandate under random callers, orders and times; numbered in docs/invariants.md, "Mandate and governance".
contract MandateInvariantsTest {
    MandateHandler private handler;

    function setUp() public {
        handler = new MandateHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// The invariants say something: a fixed random walk of the same handler has rounds accepted, loosenings executed and modes changed.
    function test_Handler_reachesWhatTheInvariantsGuard() public {
        uint256 seed = 0xba11a57;
        for (uint256 i = 0; i < 600; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 pick = seed % 32;
            uint256 argument = seed >> 8;
            if (pick < 16) handler.submit(argument, uint8(seed >> 3), uint8(seed >> 200), seed % 3 == 0);
            else if (pick < 20) handler.wait(argument);
            else if (pick < 21) handler.waitLong(argument);
            else if (pick < 25) handler.execute(argument);
            else if (pick < 26) handler.walk(argument);
            else if (pick < 27) handler.stewardTightens(argument);
            else if (pick < 28) handler.undo(argument, seed >> 128 & 1 == 0);
            else if (pick < 29) handler.stop(argument);
            else handler.daoActs(argument);
        }
        require(bytes(handler.broken()).length == 0, handler.broken());
        require(handler.accepted() > 50, "too few rounds");
        require(handler.executed() > 0, "no loosening executed");
        require(handler.transitions() > 5, "too few transitions");
    }

    /// M1 to M8: each is checked by the handler around every call and named in `broken`.
    function invariant_nothingForbiddenEverHappened() public view {
        string memory broken = handler.broken();
        require(bytes(broken).length == 0, broken);
    }

    /// M9: every value the store holds was written by somebody the chain can name: history is never longer than the chain.
    function invariant_everyEntryIsALink() public view {
        RiskParameters store = handler.parameters();
        (, uint32 links) = store.head();
        uint256 entries = 0;
        ScopeId eth = ScopeId.wrap(bytes32(bytes4(0x02455448)));
        ParamId[5] memory ids = [
            ParamId.wrap("liquidation.fee"), ParamId.wrap("margin.priceScanRange"), ParamId.wrap("margin.volScanDown"),
            ParamId.wrap("margin.volScanUp"), ParamId.wrap("market.openInterestCap")
        ];
        for (uint256 i = 0; i < 5; ++i) {
            entries += store.stateOf(eth, ids[i]).historyLength;
        }
        require(entries < links, "an entry without a link");
    }
}
