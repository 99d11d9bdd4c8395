// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMirrorAdapter, Probe} from "../../../contracts/interfaces/IMirrorAdapter.sol";
import {Binding, IParameterAdapter, Reading} from "../../../contracts/interfaces/IParameterAdapter.sol";
import {IPushAdapter, Setter} from "../../../contracts/interfaces/IPushAdapter.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {
    Direction, Item, JointInvariant, ParamClass, ParamId, ParameterRule, ParameterSpec, RoundContext, RoundResult, ScopeId, ScopeKind, Writer
} from "../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {TestBase} from "../support/TestBase.sol";
import {ForeignProtocol} from "./ForeignProtocol.sol";

/// @notice A store whose DAO is this contract, a protocol with other names and units, and the bindings between them.
/// @dev Six bindings in four batches, in this order: maintenance and initial margin (one coupling group), deposit cap, loan to value and liquidation
/// threshold (one parameter, read as target and as effective value), fee.
abstract contract AdapterFixture is TestBase {
    uint256 internal constant START = 1_700_000_000;
    address internal constant MANDATE = address(0xA11CE);
    address internal constant ANYONE = address(0xB0B);
    ScopeId internal constant ETH = ScopeId.wrap(bytes32(bytes4(0x02455448))); // market "ETH"
    ScopeId internal constant WETH = ScopeId.wrap(bytes32(bytes5(0x0357455448))); // asset "WETH"

    ParamId internal constant CAP = ParamId.wrap("cap"); // contracts, tightens down
    ParamId internal constant FEE = ParamId.wrap("fee"); // bps, MONEY
    ParamId internal constant HAIRCUT = ParamId.wrap("haircut"); // bps, of an asset, ramped
    ParamId internal constant INITIAL_ID = ParamId.wrap("initialRange"); // bps, coupled with range
    ParamId internal constant RANGE = ParamId.wrap("range"); // bps

    bytes32 internal constant MAINTENANCE = "maintenance"; // wad
    bytes32 internal constant INITIAL = "initial"; // percent
    bytes32 internal constant DEPOSIT_CAP = "depositCap"; // wei
    bytes32 internal constant LTV = "ltv"; // percent, the rest of 1.2 haircuts
    bytes32 internal constant THRESHOLD = "threshold"; // wad, the rest of the haircut
    bytes32 internal constant TAKER_FEE = "takerFee"; // parts per million

    IRiskParameters internal store;
    ForeignProtocol internal protocol;
    uint32 internal lastRound;
    uint32 internal epoch = 1;
    /// @dev The time of the next call; the compiler takes block.timestamp for constant inside one call.
    uint256 internal clock;

    function prepare() internal {
        clock = START;
        vm.warp(START);
        store = IRiskParameters(
            create("RiskParameters.sol:RiskParameters", abi.encode(address(this), specs(), new JointInvariant[](0), 2 days, 1 days, 1 days))
        );
        store.grantRole(MANDATE_ROLE, MANDATE);
        _activate();
        skip(10 days); // every timer of the activation has passed
        protocol = new ForeignProtocol();
        protocol.force(MAINTENANCE, 0.1e18);
        protocol.force(INITIAL, 20);
        protocol.force(DEPOSIT_CAP, 50_000e18);
        protocol.force(LTV, 70);
        protocol.force(THRESHOLD, 0.75e18);
        protocol.force(TAKER_FEE, 3_000);
    }

    function skip(uint256 duration) internal {
        clock += duration;
        vm.warp(clock);
    }

    function create(string memory artifact, bytes memory arguments) internal returns (address created) {
        bytes memory creation = bytes.concat(vm.getCode(artifact), arguments);
        assembly ("memory-safe") {
            created := create(0, add(creation, 32), mload(creation))
            if iszero(created) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
    }

    // ------------------------------------------------------------------ adapters

    function pullAdapter(Binding[] memory b, uint256[] memory expected) internal returns (IParameterAdapter) {
        return IParameterAdapter(create("PullAdapter.sol:PullAdapter", abi.encode(store, b, expected)));
    }

    function mirrorAdapter(Binding[] memory b, Probe[] memory p) internal returns (IMirrorAdapter) {
        return IMirrorAdapter(create("MirrorAdapter.sol:MirrorAdapter", abi.encode(store, b, p)));
    }

    function pushAdapter(Binding[] memory b, Probe[] memory p, Setter[] memory s) internal returns (IPushAdapter) {
        return IPushAdapter(create("PushAdapter.sol:PushAdapter", abi.encode(store, b, p, s)));
    }

    function bindings() internal pure returns (Binding[] memory b) {
        b = new Binding[](6);
        b[0] = Binding(MAINTENANCE, ETH, RANGE, Reading.TARGET, 1e14, 1, 0, 1e18);
        b[1] = Binding(INITIAL, ETH, INITIAL_ID, Reading.TARGET, 1, 100, 0, type(uint8).max);
        b[2] = Binding(DEPOSIT_CAP, ETH, CAP, Reading.TARGET, 1e18, 1, 0, type(uint128).max);
        b[3] = Binding(LTV, WETH, HAIRCUT, Reading.TARGET, 12, 1_000, 100, 100);
        b[4] = Binding(THRESHOLD, WETH, HAIRCUT, Reading.EFFECTIVE, 1e14, 1, 1e18, 1e18);
        b[5] = Binding(TAKER_FEE, ETH, FEE, Reading.TARGET, 100, 1, 0, 1_000_000);
    }

    function probes() internal view returns (Probe[] memory p) {
        Binding[] memory b = bindings();
        p = new Probe[](b.length);
        for (uint256 i; i < b.length; ++i) {
            p[i] = Probe(address(protocol), 0, abi.encodeCall(ForeignProtocol.number, (b[i].key)));
        }
        // One getter answers a struct.
        p[2] = Probe(address(protocol), 2, abi.encodeCall(ForeignProtocol.record, (b[2].key)));
    }

    function setters() internal view returns (Setter[] memory s) {
        Binding[] memory b = bindings();
        s = new Setter[](b.length);
        for (uint256 i; i < b.length; ++i) {
            s[i] = Setter(address(protocol), bytes.concat(ForeignProtocol.set.selector, b[i].key));
        }
    }

    // ------------------------------------------------------------------ the store

    /// @dev A tightening, or a loosening that pends.
    function round(ScopeId scope, ParamId id, uint64 to) internal returns (RoundResult memory) {
        Item[] memory items = new Item[](1);
        items[0] = Item(id, store.valueOf(scope, id), to);
        return round(scope, items);
    }

    function round(ScopeId scope, Item[] memory items) internal returns (RoundResult memory) {
        vm.prank(MANDATE);
        return store.applyRound(scope, items, RoundContext(++lastRound, epoch, Writer.CONTROLLER, false, true, true, false, 1 days));
    }

    /// @dev Range and initial range together.
    function roundOfPair(uint64 initial, uint64 range) internal returns (RoundResult memory) {
        Item[] memory items = new Item[](2);
        items[0] = Item(INITIAL_ID, store.valueOf(ETH, INITIAL_ID), initial);
        items[1] = Item(RANGE, store.valueOf(ETH, RANGE), range);
        return round(ETH, items);
    }

    /// @dev By vote: in either direction, at once.
    function vote(ScopeId scope, ParamId id, uint64 to) internal {
        ParamId[] memory ids = new ParamId[](1);
        uint64[] memory values = new uint64[](1);
        (ids[0], values[0]) = (id, to);
        store.setValues(scope, ids, values);
    }

    function specs() internal pure returns (ParameterSpec[] memory s) {
        s = new ParameterSpec[](5);
        s[0] = _spec(CAP, ScopeKind.MARKET, Direction.DOWN, ParamClass.RISK, 1, false, 1, 1_000_000);
        s[1] = _spec(FEE, ScopeKind.MARKET, Direction.TWO_SIDED, ParamClass.MONEY, 2, false, 1, 1_000);
        s[2] = _spec(HAIRCUT, ScopeKind.ASSET, Direction.UP, ParamClass.RISK, 1, true, 500, 8_000);
        s[3] = _spec(INITIAL_ID, ScopeKind.MARKET, Direction.UP, ParamClass.RISK, 7, false, 100, 9_000);
        s[4] = _spec(RANGE, ScopeKind.MARKET, Direction.UP, ParamClass.RISK, 7, false, 100, 9_000);
    }

    function _spec(ParamId id, ScopeKind kind, Direction direction, ParamClass class, uint8 group, bool ramped, uint64 floor, uint64 ceiling)
        private
        pure
        returns (ParameterSpec memory)
    {
        return ParameterSpec(id, kind, direction, class, group, ramped, floor, ceiling, 5_000, 5_000, 20_000, 10_000, 60, 1);
    }

    function _activate() private {
        ParamId[] memory ids = new ParamId[](4);
        (ids[0], ids[1], ids[2], ids[3]) = (CAP, FEE, INITIAL_ID, RANGE);
        ParameterRule[] memory rules = new ParameterRule[](4);
        uint64[] memory values = new uint64[](4);
        (values[0], values[1], values[2], values[3]) = (50_000, 30, 2_000, 1_000);
        rules[0] = _rule(1_000, 100_000, 50_000);
        rules[1] = _rule(10, 100, 30);
        rules[1].emergencyStepBps = 0;
        rules[2] = _rule(1_000, 8_000, 2_000);
        rules[3] = _rule(500, 6_000, 1_000);
        store.activateScope(ETH, ids, rules, values);
        ids = new ParamId[](1);
        rules = new ParameterRule[](1);
        values = new uint64[](1);
        (ids[0], values[0], rules[0]) = (HAIRCUT, 2_500, _rule(1_000, 6_000, 2_500));
        rules[0].rampPerHour = 50;
        store.activateScope(WETH, ids, rules, values);
    }

    function _rule(uint64 floor, uint64 ceiling, uint64 baseline) private pure returns (ParameterRule memory r) {
        (r.floor, r.ceiling, r.baseline) = (floor, ceiling, baseline);
        (r.tightenStepBps, r.loosenStepBps, r.tightenCooldown, r.loosenCooldown) = (5_000, 2_500, 1, 60);
        (r.tightenBudgetBps, r.loosenBudgetBps, r.loosenWindow, r.vetoHours) = (20_000, 10_000, 24, 1);
        (r.emergencyStepBps, r.emergencyCooldown) = (2_500, 1);
    }
}
