// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardianTerm} from "../../../contracts/governance/GuardianTerm.sol";
import {
    Adjustment, LaneMode, LaneSettings, Signature
} from "../../../contracts/interfaces/IControllerMandate.sol";
import {
    Direction, Item, JointInvariant, ParamClass, ParamId, ParameterRule, ParameterSpec, RoundResult, ScopeId, ScopeKind
} from "../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, RECORDER_ROLE, STEWARDS_ROLE, STEWARD_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {ControllerMandate} from "../../../contracts/parameters/ControllerMandate.sol";
import {RiskParameters} from "../../../contracts/parameters/RiskParameters.sol";
import {RiskStewards} from "../../../contracts/parameters/RiskStewards.sol";
import {TestBase} from "./TestBase.sol";
import {Deploy} from "./Deploy.sol";

/// @notice Store, guardian term, mandate and stewards with one market of five parameters, and everybody who may sign.
/// @dev The catalogue is small on purpose: one two-sided MONEY parameter, one RISK parameter alone, a coupling group of two, and one that tightens down.
abstract contract ProtocolFixture is TestBase {
    uint48 internal constant START = 1_700_000_000;
    uint32 internal constant RULE_DELAY = 2 days;
    uint32 internal constant UNDO_WINDOW = 24 hours;
    uint32 internal constant EXECUTION_GRACE = 24 hours;
    uint32 internal constant MAX_VALIDITY = 15 minutes;
    uint32 internal constant SUBMITTER_WINDOW = 60;
    uint32 internal constant MAX_TERM = 365 days;

    ScopeId internal constant ETH = ScopeId.wrap(bytes32(bytes4(0x02455448))); // market "ETH"
    ScopeId internal constant BTC = ScopeId.wrap(bytes32(bytes4(0x02425443))); // market "BTC"
    ParamId internal constant FEE = ParamId.wrap("liquidation.fee");
    ParamId internal constant RANGE = ParamId.wrap("margin.priceScanRange");
    ParamId internal constant VOL_DOWN = ParamId.wrap("margin.volScanDown");
    ParamId internal constant VOL_UP = ParamId.wrap("margin.volScanUp");
    ParamId internal constant CAP = ParamId.wrap("market.openInterestCap");

    uint64 internal constant FEE_AT_START = 100;
    uint64 internal constant RANGE_AT_START = 1_000;
    uint64 internal constant VOL_AT_START = 2_000;
    uint64 internal constant CAP_AT_START = 50_000;

    RiskParameters internal store;
    GuardianTerm internal term;
    ControllerMandate internal mandate;
    RiskStewards internal stewards;

    address internal dao;
    uint256 internal constant GUARDIAN_KEY = 0x6a;
    uint256 internal constant STEWARD_KEY = 0x57e;
    uint256 internal constant OUTSIDER_KEY = 0x0dd;
    address internal guardian = vm.addr(GUARDIAN_KEY);
    address internal steward = vm.addr(STEWARD_KEY);
    address internal outsider = vm.addr(OUTSIDER_KEY);
    uint256[] internal engineKeys; // addresses ascend
    address[] internal engineSet;

    /// @dev Everything with `admin` as DAO: three engines, two signatures, no lane open.
    function _deployProtocol(address admin) internal {
        vm.warp(START);
        dao = admin;
        _makeEngines();
        store = Deploy.riskParameters(admin, _catalogue(), new JointInvariant[](0), RULE_DELAY, UNDO_WINDOW, EXECUTION_GRACE);
        term = Deploy.guardianTerm(store, MAX_TERM);
        mandate = Deploy.controllerMandate(store, term, MAX_VALIDITY, SUBMITTER_WINDOW);
        stewards = Deploy.riskStewards(store, mandate, term);

        vm.startPrank(admin);
        store.grantRole(RECORDER_ROLE, address(term));
        store.grantRole(RECORDER_ROLE, address(mandate));
        store.grantRole(RECORDER_ROLE, address(stewards));
        store.grantRole(MANDATE_ROLE, address(mandate));
        store.grantRole(STEWARDS_ROLE, address(stewards));
        store.grantRole(STEWARD_ROLE, steward);
        term.appoint(guardian, uint48(_now()) + 180 days);
        mandate.setEngines(engineSet, 2);
        _activate(ETH);
        vm.stopPrank();
    }

    function _activate(ScopeId scope) internal {
        ParamId[] memory ids = new ParamId[](5);
        (ids[0], ids[1], ids[2], ids[3], ids[4]) = (FEE, RANGE, VOL_DOWN, VOL_UP, CAP);
        ParameterRule[] memory rules = new ParameterRule[](5);
        rules[0] = _rule(10, 1_000, FEE_AT_START);
        (rules[0].emergencyStepBps, rules[0].emergencyCooldown) = (0, 0);
        rules[1] = _rule(100, 10_000, 3_000);
        rules[2] = _rule(100, 10_000, VOL_AT_START);
        rules[3] = _rule(100, 10_000, VOL_AT_START);
        rules[4] = _rule(1_000, 100_000, CAP_AT_START);
        uint64[] memory values = new uint64[](5);
        (values[0], values[1], values[2], values[3], values[4]) =
            (FEE_AT_START, RANGE_AT_START, VOL_AT_START, VOL_AT_START, CAP_AT_START);
        store.activateScope(scope, ids, rules, values);
    }

    function _rule(uint64 floor, uint64 ceiling, uint64 baseline) internal pure returns (ParameterRule memory) {
        return ParameterRule({
            floor: floor,
            ceiling: ceiling,
            baseline: baseline,
            tightenStepBps: 2_500,
            tightenStepFloor: 1,
            loosenStepBps: 1_000,
            tightenCooldown: 1,
            loosenCooldown: 60,
            tightenBudgetBps: 10_000,
            loosenBudgetBps: 2_000,
            loosenWindow: 168,
            vetoHours: 6,
            emergencyStepBps: 2_500,
            emergencyCooldown: 1,
            rampPerHour: 0
        });
    }

    function _catalogue() internal pure returns (ParameterSpec[] memory specs) {
        specs = new ParameterSpec[](5);
        specs[0] = _spec(FEE, Direction.TWO_SIDED, ParamClass.MONEY, 0);
        specs[1] = _spec(RANGE, Direction.UP, ParamClass.RISK, 1);
        specs[2] = _spec(VOL_DOWN, Direction.UP, ParamClass.RISK, 2);
        specs[3] = _spec(VOL_UP, Direction.UP, ParamClass.RISK, 2);
        specs[4] = _spec(CAP, Direction.DOWN, ParamClass.RISK, 3);
    }

    function _spec(ParamId id, Direction direction, ParamClass class, uint8 group) private pure returns (ParameterSpec memory) {
        return ParameterSpec({
            id: id,
            scopeKind: ScopeKind.MARKET,
            direction: direction,
            class: class,
            group: group,
            ramped: false,
            railFloor: 1,
            railCeiling: 1_000_000,
            maxTightenStepBps: 5_000,
            maxLoosenStepBps: 2_500,
            maxTightenBudgetBps: 20_000,
            maxLoosenBudgetBps: 10_000,
            minLoosenCooldown: 0,
            minVetoHours: 1
        });
    }

    function _makeEngines() private {
        engineKeys = [uint256(0xe1), 0xe2, 0xe3];
        for (uint256 i = 0; i < engineKeys.length; ++i) {
            for (uint256 j = i + 1; j < engineKeys.length; ++j) {
                if (vm.addr(engineKeys[j]) < vm.addr(engineKeys[i])) (engineKeys[i], engineKeys[j]) = (engineKeys[j], engineKeys[i]);
            }
            engineSet.push(vm.addr(engineKeys[i]));
        }
    }

    // ------------------------------------------------------------------ lanes and rounds

    function _settings() internal view returns (LaneSettings memory) {
        return LaneSettings({
            heartbeatTimeout: 6 hours,
            deadManTimeout: 24 hours,
            flipWindow: 3 days,
            shadowRounds: 3,
            canaryRounds: 2,
            breakerRejections: 5,
            impactAccountsLimit: 20,
            impactNotionalLimit: 1_000_000e18,
            impactMultipleBps: 20_000,
            expiresAt: uint48(_now()) + 180 days
        });
    }

    function _open(ScopeId scope, LaneMode mode) internal {
        vm.prank(dao);
        mandate.openLane(scope, mode, _settings());
    }

    function _items() internal pure returns (Item[] memory) {
        return new Item[](0);
    }

    function _items(ParamId id, uint64 expected, uint64 value) internal pure returns (Item[] memory items) {
        items = new Item[](1);
        items[0] = Item(id, expected, value);
    }

    /// @dev The next valid round of `scope`, observed now.
    function _round(ScopeId scope, Item[] memory items) internal view returns (Adjustment memory) {
        return Adjustment({
            scope: scope,
            epoch: mandate.epoch(),
            round: mandate.lane(scope).round + 1,
            observedAt: uint48(_now()),
            validUntil: uint48(_now()) + MAX_VALIDITY,
            items: items,
            impactNotional: 0,
            impactAccounts: 0,
            snapshot: keccak256("snapshot"),
            engine: keccak256("engine"),
            configuration: keccak256("configuration"),
            report: keccak256("report")
        });
    }

    /// @dev Signed by the first two engines and sent by the first, a minute after whatever came before.
    function _submit(ScopeId scope, Item[] memory items) internal returns (RoundResult memory) {
        vm.warp(_now() + 1 minutes);
        return _submit(_round(scope, items));
    }

    function _submit(Adjustment memory a) internal returns (RoundResult memory) {
        Signature[] memory signatures = _signatures(a);
        vm.prank(engineSet[0]);
        return mandate.submitRound(a, signatures, _none());
    }

    /// @dev As {_submit}, with the steward's signature on the same digest.
    function _submitCosigned(Adjustment memory a) internal returns (RoundResult memory) {
        Signature[] memory signatures = _signatures(a);
        Signature memory cosign = _sign(STEWARD_KEY, mandate.digestOf(a));
        vm.prank(engineSet[0]);
        return mandate.submitRound(a, signatures, cosign);
    }

    /// @dev Signatures of the first two engines.
    function _signatures(Adjustment memory a) internal view returns (Signature[] memory signatures) {
        bytes32 digest = mandate.digestOf(a);
        signatures = new Signature[](2);
        signatures[0] = _sign(engineKeys[0], digest);
        signatures[1] = _sign(engineKeys[1], digest);
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (Signature memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return Signature(vm.addr(key), abi.encodePacked(r, s, v));
    }

    function _none() internal pure returns (Signature memory) {
        return Signature(address(0), "");
    }

    /// @dev The bytes a call reverts with.
    function _error(bytes4 selector) internal pure returns (bytes memory) {
        return abi.encodePacked(selector);
    }

    function _head() internal view returns (uint224 hash, uint32 count) {
        bytes28 raw;
        (raw, count) = store.head();
        hash = uint224(raw);
    }

    /// @dev The head after one more link.
    function _linked(uint224 hash, address emitter, bytes32 entryHash) internal pure returns (uint224) {
        return uint224(uint256(keccak256(abi.encode(hash, emitter, entryHash))));
    }
}
