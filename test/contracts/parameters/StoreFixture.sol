// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {
    Direction, Item, JointInvariant, ParamClass, ParamId, ParameterEntry, ParameterRule, ParameterSpec, ParameterState, PendingLoosening,
    Rejection, RoundContext, RoundResult, ScopeId, ScopeKind, Writer
} from "../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, RECORDER_ROLE, STEWARDS_ROLE, VETO_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {RiskParameters} from "../../../contracts/parameters/RiskParameters.sol";
import {TestBase} from "../support/TestBase.sol";
import {Deploy} from "../support/Deploy.sol";

/// @notice A store with a small catalogue that has every class, direction and coupling. The test contract is the DAO.
abstract contract StoreFixture is TestBase {
    uint256 internal constant START = 1_700_000_000;
    address internal constant MANDATE = address(0xA11CE);
    address internal constant STEWARDS = address(0x57E3);
    address internal constant VETO = address(0x3E70);
    address internal constant ANYONE = address(0xB0B);

    ScopeId internal constant ETH = ScopeId.wrap(bytes32(bytes4(0x02455448))); // market "ETH"
    ScopeId internal constant BTC = ScopeId.wrap(bytes32(bytes4(0x02425443))); // market "BTC"
    ScopeId internal constant WETH = ScopeId.wrap(bytes32(bytes5(0x0357455448))); // asset "WETH"

    ParamId internal constant CAP = ParamId.wrap("cap"); // RISK, tightens down
    ParamId internal constant FEE = ParamId.wrap("fee"); // MONEY
    ParamId internal constant HEARTBEAT = ParamId.wrap("feed.heartbeat"); // GOVERNANCE
    ParamId internal constant MAX_AGE = ParamId.wrap("feed.maxAge"); // FEED
    ParamId internal constant HAIRCUT = ParamId.wrap("haircut"); // RISK, of an asset
    ParamId internal constant RANGE = ParamId.wrap("range"); // RISK, tightens up, ramped
    ParamId internal constant RANGE_FLOOR = ParamId.wrap("rangeFloor"); // RISK, tightens up
    ParamId internal constant VOL_DOWN = ParamId.wrap("volDown"); // RISK, coupled with volUp
    ParamId internal constant VOL_UP = ParamId.wrap("volUp");
    ParamId internal constant NOBODY = ParamId.wrap("zzz"); // in no catalogue

    uint8 internal constant COUPLED = 7; // group of volDown and volUp
    uint32 internal constant EPOCH = 3;
    uint256 internal constant DAY = 1 days;

    RiskParameters internal store;
    /// @dev The time of the next call. The compiler takes block.timestamp for constant inside one call, so tests never read it.
    uint256 internal clock;
    uint32 internal lastRound;

    function setUp() public virtual {
        warpTo(START);
        store = deploy();
        activate(store, ETH);
        skip(2 * DAY); // every timer of the activation has passed
    }

    function warpTo(uint256 time) internal {
        clock = time;
        vm.warp(time);
    }

    function skip(uint256 duration) internal {
        warpTo(clock + duration);
    }

    // ------------------------------------------------------------------ deployment

    function deploy() internal returns (RiskParameters fresh) {
        fresh = Deploy.riskParameters(address(this), specs(), invariants(), 2 days, 1 days, 1 days);
        fresh.grantRole(MANDATE_ROLE, MANDATE);
        fresh.grantRole(STEWARDS_ROLE, STEWARDS);
        fresh.grantRole(VETO_ROLE, VETO);
    }

    function activate(RiskParameters target, ScopeId scope) internal {
        activate(target, scope, marketRules());
    }

    function activate(RiskParameters target, ScopeId scope, ParameterRule[] memory rules) internal {
        uint64[] memory values = new uint64[](rules.length);
        for (uint256 i; i < rules.length; ++i) values[i] = rules[i].baseline;
        target.activateScope(scope, marketIds(), rules, values);
    }

    function marketRules() internal pure returns (ParameterRule[] memory rules) {
        ParamId[] memory ids = marketIds();
        rules = new ParameterRule[](ids.length);
        for (uint256 i; i < ids.length; ++i) rules[i] = ruleFor(ids[i]);
    }

    function marketIds() internal pure returns (ParamId[] memory ids) {
        ids = new ParamId[](8);
        (ids[0], ids[1], ids[2], ids[3]) = (CAP, FEE, HEARTBEAT, MAX_AGE);
        (ids[4], ids[5], ids[6], ids[7]) = (RANGE, RANGE_FLOOR, VOL_DOWN, VOL_UP);
    }

    function specs() internal pure returns (ParameterSpec[] memory s) {
        s = new ParameterSpec[](9);
        s[0] = specFor(CAP, Direction.DOWN, ParamClass.RISK, 1, false, 0, 2_000_000);
        s[1] = specFor(FEE, Direction.TWO_SIDED, ParamClass.MONEY, 2, false, 10, 900);
        s[2] = specFor(HEARTBEAT, Direction.DOWN, ParamClass.GOVERNANCE, 3, false, 10, 600);
        s[3] = specFor(MAX_AGE, Direction.TWO_SIDED, ParamClass.FEED, 4, false, 30, 3_600);
        s[4] = specFor(HAIRCUT, Direction.UP, ParamClass.RISK, 8, true, 100, 9_000);
        s[4].scopeKind = ScopeKind.ASSET;
        s[5] = specFor(RANGE, Direction.UP, ParamClass.RISK, 5, true, 500, 9_000);
        s[6] = specFor(RANGE_FLOOR, Direction.UP, ParamClass.RISK, 6, false, 500, 9_000);
        s[7] = specFor(VOL_DOWN, Direction.UP, ParamClass.RISK, COUPLED, true, 100, 9_000);
        s[8] = specFor(VOL_UP, Direction.UP, ParamClass.RISK, COUPLED, true, 100, 9_000);
    }

    function specFor(ParamId id, Direction direction, ParamClass class, uint8 group, bool ramped, uint64 floor, uint64 ceiling)
        internal
        pure
        returns (ParameterSpec memory)
    {
        return ParameterSpec(id, ScopeKind.MARKET, direction, class, group, ramped, floor, ceiling, 5_000, 5_000, 20_000, 10_000, 60, 12);
    }

    /// @dev 0: fee <= range. 1: baseline of range <= rangeFloor. 2: 2 * heartbeat <= maxAge. 3: volDown <= volUp.
    /// 4: 100 * range <= cap + 200 000, whose right side loosens upward.
    function invariants() internal pure returns (JointInvariant[] memory v) {
        v = new JointInvariant[](5);
        v[0] = JointInvariant(FEE, RANGE, false, false, 1, 1, 0);
        v[1] = JointInvariant(RANGE, RANGE_FLOOR, true, false, 1, 1, 0);
        v[2] = JointInvariant(HEARTBEAT, MAX_AGE, false, false, 2, 1, 0);
        v[3] = JointInvariant(VOL_DOWN, VOL_UP, false, false, 1, 1, 0);
        v[4] = JointInvariant(RANGE, CAP, false, false, 100, 1, 200_000);
    }

    /// @dev A default is the baseline. Tighten 25 % a step, 50 minutes apart, doubling at most in 24 h; loosen 10 % a step, 24 h after any write,
    /// 25 % in 7 days, behind 24 h of veto.
    function ruleFor(ParamId id) internal pure returns (ParameterRule memory r) {
        (r.tightenStepBps, r.loosenStepBps, r.tightenCooldown, r.loosenCooldown) = (2_500, 1_000, 50, 1_440);
        (r.tightenBudgetBps, r.loosenBudgetBps, r.loosenWindow, r.vetoHours) = (10_000, 2_500, 168, 24);
        (r.emergencyStepBps, r.emergencyCooldown) = (4_000, 10);
        if (equals(id, CAP)) (r.floor, r.baseline, r.ceiling) = (100_000, 800_000, 1_000_000);
        if (equals(id, FEE)) (r.floor, r.baseline, r.ceiling) = (100, 300, 600);
        if (equals(id, HEARTBEAT)) (r.floor, r.baseline, r.ceiling) = (10, 60, 600);
        if (equals(id, MAX_AGE)) (r.floor, r.baseline, r.ceiling) = (60, 240, 900);
        if (equals(id, HAIRCUT)) (r.floor, r.baseline, r.ceiling) = (500, 2_000, 5_000);
        if (equals(id, RANGE)) (r.floor, r.baseline, r.ceiling) = (1_000, 2_000, 6_000);
        if (equals(id, RANGE_FLOOR)) (r.floor, r.baseline, r.ceiling) = (1_000, 2_500, 6_000);
        if (equals(id, VOL_DOWN)) (r.floor, r.baseline, r.ceiling) = (1_000, 2_000, 6_000);
        if (equals(id, VOL_UP)) (r.floor, r.baseline, r.ceiling) = (1_500, 3_000, 9_000);
        if (equals(id, FEE) || equals(id, HEARTBEAT) || equals(id, MAX_AGE)) r.emergencyStepBps = 0;
        if (equals(id, RANGE) || equals(id, VOL_DOWN) || equals(id, VOL_UP) || equals(id, HAIRCUT)) (r.rampPerHour, r.tightenStepFloor) = (100, 100);
    }

    // ------------------------------------------------------------------ writers

    function value(ParamId id) internal view returns (uint64) {
        return store.valueOf(ETH, id);
    }

    function stateOf(ParamId id) internal view returns (ParameterState memory) {
        return store.stateOf(ETH, id);
    }

    function context() internal returns (RoundContext memory) {
        return RoundContext(++lastRound, EPOCH, Writer.CONTROLLER, false, true, true, false, 1 days);
    }

    function item(ParamId id, uint64 proposed) internal view returns (Item memory) {
        return Item(id, value(id), proposed);
    }

    function one(ParamId id, uint64 proposed) internal view returns (Item[] memory items) {
        items = new Item[](1);
        items[0] = item(id, proposed);
    }

    function two(ParamId a, uint64 proposedA, ParamId b, uint64 proposedB) internal view returns (Item[] memory items) {
        items = new Item[](2);
        (items[0], items[1]) = (item(a, proposedA), item(b, proposedB));
    }

    function submit(Item[] memory items) internal returns (RoundResult memory) {
        return submit(items, context());
    }

    function submit(Item[] memory items, RoundContext memory c) internal returns (RoundResult memory) {
        vm.prank(c.writer == Writer.STEWARD ? STEWARDS : MANDATE);
        return store.applyRound(ETH, items, c);
    }

    /// @dev A tightening that must be applied.
    function tighten(ParamId id, uint64 to) internal {
        assertEq(submit(one(id, to)).applied, 1, "tightening applied");
    }

    /// @dev A loosening that must pend.
    function pend(ParamId id, uint64 to) internal {
        assertEq(submit(one(id, to)).pended, 1, "loosening pends");
    }

    function execute(ParamId id) internal {
        vm.prank(MANDATE);
        store.executeLoosening(ETH, id, EPOCH);
    }

    function loosenNow(ParamId id, uint64 to) internal {
        pend(id, to);
        skip(DAY);
        execute(id);
    }

    function emergency(ParamId id, uint64 to) internal returns (RoundResult memory) {
        RoundContext memory c = context();
        c.writer = Writer.STEWARD;
        return submit(one(id, to), c);
    }

    function walk(ParamId id) internal {
        vm.prank(MANDATE);
        store.walk(ETH, id);
    }

    function undo(ParamId id, uint32 entry) internal {
        vm.prank(STEWARDS);
        store.undo(ETH, id, entry);
    }

    function govern(ParamId id, uint64 to) internal {
        (ParamId[] memory ids, uint64[] memory values) = (new ParamId[](1), new uint64[](1));
        (ids[0], values[0]) = (id, to);
        store.setValues(ETH, ids, values);
    }

    function setRule(ParamId id, ParameterRule memory rule, uint64 to) internal {
        (ParamId[] memory ids, ParameterRule[] memory rules, uint64[] memory values) =
            (new ParamId[](1), new ParameterRule[](1), new uint64[](1));
        (ids[0], rules[0], values[0]) = (id, rule, to);
        store.setRules(ETH, ids, rules, values);
    }

    /// @dev Waits for the rule delay where there is one.
    function forceRule(ParamId id, ParameterRule memory rule) internal {
        setRule(id, rule, 0);
        if (store.pendingRuleOf(ETH, id).eta == 0) return;
        skip(2 * DAY);
        store.activateRule(ETH, id);
    }

    // ------------------------------------------------------------------ expectations

    /// @dev The judge names `code` and `limit` for every item, and the round changes nothing but its record.
    function assertRejected(Item[] memory items, RoundContext memory c, Rejection code, uint64 limit) internal {
        vm.prank(MANDATE);
        (Rejection[] memory codes, uint64[] memory limits) = store.judge(ETH, items, c);
        for (uint256 i; i < items.length; ++i) {
            assertEq(uint8(codes[i]), uint8(code), "rejection code");
            assertEq(limits[i], limit, "rejection limit");
        }
        (, uint32 links) = store.head();
        RoundResult memory result = submit(items, c);
        (, uint32 linksAfter) = store.head();
        assertEq(result.rejected, items.length, "rejected items");
        assertEq(result.applied + result.pended, 0, "nothing applied");
        assertEq(linksAfter - links, items.length, "each rejection is a link of the chain");
    }

    function assertRejected(ParamId id, uint64 proposed, Rejection code, uint64 limit) internal {
        uint64 before = value(id);
        assertRejected(one(id, proposed), context(), code, limit);
        assertEq(value(id), before, "value unchanged");
    }

    function expect(bytes memory failure) internal {
        vm.expectRevert(failure);
    }
}

/// @dev Ids compare by their bytes.
function equals(ParamId a, ParamId b) pure returns (bool) {
    return ParamId.unwrap(a) == ParamId.unwrap(b);
}

