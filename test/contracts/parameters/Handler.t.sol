// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Direction, Item, JointInvariant, ParamClass, ParamId, ParameterEntry, ParameterRule, ParameterSpec, ParameterState, PendingLoosening,
    Reason, RoundContext, ScopeId, Writer
} from "../../../contracts/interfaces/ParameterTypes.sol";
import {RiskParameters} from "../../../contracts/parameters/RiskParameters.sol";
import {TestBase} from "../support/TestBase.sol";
import {Vm} from "../support/Vm.sol";

/// @notice No test of its own: the runner drives it for Invariants.t.sol and needs it in a test file.
/// Calls the store as every writer, with random arguments, and checks each step against what it saw before. A broken invariant is kept as
/// a fault with its number, because a revert inside a handler would only be skipped.
contract Handler is TestBase {
    RiskParameters internal immutable store;
    ScopeId internal immutable scope;
    ScopeId internal immutable unset;
    ParamId[] internal ids;
    mapping(ParamId id => ParameterSpec) internal specOf;
    JointInvariant[] internal joints;

    uint256 public clock;
    uint32 internal round;
    uint32 internal epoch = 1;
    /// @dev Fault number to the description of its first case.
    mapping(uint256 number => string) public fault;
    /// @dev How often something happened, so that a test can see that the handler reaches it.
    mapping(Reason reason => uint256) public written;
    uint256 public rejected;
    uint256 public rulesActivated;

    // what was seen after the last step
    mapping(ParamId id => bytes32[]) internal entries;
    mapping(ParamId id => uint64) internal effective;
    mapping(ParamId id => uint64) internal speed;
    mapping(ParamId id => uint256) internal undoneAt;
    uint256 internal effectiveAt;
    uint224 public chain;
    uint32 public links;

    constructor(RiskParameters target, ScopeId active, ScopeId inactive, ParamId[] memory known, uint256 time) {
        (store, scope, unset, clock) = (target, active, inactive, time);
        for (uint256 i; i < known.length; ++i) {
            ids.push(known[i]);
            specOf[known[i]] = target.spec(known[i]);
        }
        JointInvariant[] memory v = target.jointInvariants();
        for (uint256 i; i < v.length; ++i) {
            joints.push(v[i]);
        }
    }

    /// @dev Called once the handler holds its roles.
    function start() external {
        (bytes28 hash, uint32 count) = store.head();
        (chain, links) = (uint224(hash), count);
        observe();
    }

    modifier step(uint256 wait) {
        clock += wait % 8 == 0 ? (wait >> 8) % 30 hours : (wait >> 8) % 70 minutes;
        vm.warp(clock);
        vm.recordLogs();
        rememberPendings();
        _;
        foldLogs(vm.getRecordedLogs());
        observe();
    }

    // ------------------------------------------------------------------ callers

    function submitRound(uint256 seed, uint256 wait) external step(wait) {
        uint256 size = 1 + seed % 3;
        Item[] memory items = new Item[](size);
        uint256 first = (seed >> 8) % (ids.length - size + 1);
        for (uint256 i; i < size; ++i) {
            seed = next(seed);
            ParamId id = ids[first + i];
            uint64 live = store.valueOf(scope, id);
            uint64 expected = seed % 20 == 0 ? live + 1 : live;
            items[i] = Item(id, expected, near(live, seed >> 16, seed % 3 == 0 ? 3_000 : 1_000));
        }
        RoundContext memory c = RoundContext(
            ++round, epoch, (seed >> 32) % 4 == 0 ? Writer.STEWARD : Writer.CONTROLLER, (seed >> 40) % 16 == 0, (seed >> 48) % 8 != 0,
            (seed >> 56) % 8 != 0, (seed >> 64) % 8 == 0, 1 days
        );
        rejected += store.applyRound(scope, items, c).rejected;
    }

    function execute(uint256 seed, uint256 wait) external step(wait) {
        ParamId id = pick(seed);
        for (uint256 i; i < ids.length && store.pendingOf(scope, id).createdAt == 0; ++i) {
            id = ids[((seed >> 4) + i) % ids.length];
        }
        // Mostly as soon as it may: at its eta, or when the loosen cooldown ends.
        uint256 due = store.pendingOf(scope, id).eta;
        uint256 cooled = store.stateOf(scope, id).lastWriteAt + uint256(store.ruleOf(scope, id).loosenCooldown) * 1 minutes;
        if (due < cooled) due = cooled;
        if (seed % 8 != 0 && due > clock) {
            clock = due;
            vm.warp(clock);
        }
        try store.executeLoosening(scope, id, epoch) {} catch {}
    }

    function walk(uint256 seed, uint256 wait) external step(wait) {
        try store.walk(scope, pick(seed)) {} catch {}
    }

    /// @dev One parameter as fast as its cooldown lets it: exhausts the budget of a day.
    function burst(uint256 seed, uint256 wait) external step(wait) {
        ParamId id = pick(seed);
        for (uint256 i; i < 5; ++i) {
            clock += 50 minutes;
            vm.warp(clock);
            uint64 live = store.valueOf(scope, id);
            uint64 move = live * uint64(5 + (seed >> 8) % 20) / 100;
            Item[] memory items = new Item[](1);
            items[0] = Item(id, live, specOf[id].direction == Direction.DOWN ? live - move : live + move);
            Writer writer = (seed >> 16) % 3 == 0 ? Writer.STEWARD : Writer.CONTROLLER;
            rejected += store.applyRound(scope, items, RoundContext(++round, epoch, writer, false, true, false, false, 1 days)).rejected;
        }
    }

    /// @dev Mostly the newest entry, of a parameter that was tightened last.
    function undo(uint256 seed, uint256 wait) external step(wait) {
        ParamId id = pick(seed);
        for (uint256 i; i < ids.length; ++i) {
            id = ids[((seed >> 4) + i) % ids.length];
            Reason reason = store.entry(scope, id, uint32(entries[id].length - 1)).reason;
            if (reason == Reason.ROUND || reason == Reason.EMERGENCY || reason == Reason.DEADMAN) break;
        }
        uint256 length = entries[id].length;
        uint32 number = uint32(length - 1 - (seed >> 8) % (length < 2 || seed % 2 == 0 ? 1 : 2));
        try store.undo(scope, id, number) {
            if (undoneAt[id] != 0 && clock < undoneAt[id] + 1 days) fail(11, "undone twice in one window");
            undoneAt[id] = clock;
        } catch {}
    }

    function veto(uint256 seed, uint256 wait) external step(wait) {
        try store.veto(scope, pick(seed), address(this)) {} catch {}
    }

    function govern(uint256 seed, uint256 wait) external step(wait) {
        if (seed % 4 != 0) return; // a write voids what waits
        ParamId id = pick(seed);
        (ParamId[] memory one, uint64[] memory values) = (new ParamId[](1), new uint64[](1));
        ParameterRule memory r = store.ruleOf(scope, id);
        (one[0], values[0]) = (id, uint64(bound(seed >> 16, r.floor, r.ceiling)));
        try store.setValues(scope, one, values) {} catch {}
    }

    function setRule(uint256 seed, uint256 wait) external step(wait) {
        ParamId id = pick(seed);
        (ParamId[] memory one, ParameterRule[] memory rules, uint64[] memory values) =
            (new ParamId[](1), new ParameterRule[](1), new uint64[](1));
        (one[0], rules[0]) = (id, mutated(id, seed >> 8));
        uint64 live = store.valueOf(scope, id);
        if (live < rules[0].floor) values[0] = rules[0].floor;
        if (live > rules[0].ceiling) values[0] = rules[0].ceiling;
        try store.setRules(scope, one, rules, values) {} catch {}
    }

    function activateRule(uint256 seed, uint256 wait) external step(wait) {
        for (uint256 i; i < ids.length; ++i) {
            uint48 eta = store.pendingRuleOf(scope, ids[i]).eta;
            if (eta == 0 || (seed >> i) % 2 == 0) continue;
            if (eta > clock) {
                clock = eta;
                vm.warp(clock);
            }
            try store.activateRule(scope, ids[i]) {
                ++rulesActivated;
            } catch {}
            return;
        }
    }

    function restrict(uint256 seed, uint256 wait) external step(wait) {
        ParamId id = pick(seed);
        ParameterRule memory r = store.ruleOf(scope, id);
        if ((seed >> 8) % 2 == 0) r.vetoHours += 1;
        else r.loosenBudgetBps -= r.loosenBudgetBps / 10;
        try store.restrict(scope, id, r) {} catch {}
    }

    function revokeEpoch(uint256 wait) external step(wait) {
        if (wait % 8 == 0) ++epoch;
    }

    // ------------------------------------------------------------------ random arguments

    function next(uint256 seed) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    function pick(uint256 seed) internal view returns (ParamId) {
        return ids[(seed >> 4) % ids.length];
    }

    /// @dev `value` moved by up to `bps`, either way.
    function near(uint64 value, uint256 seed, uint256 bps) internal pure returns (uint64) {
        uint256 move = uint256(value) * (seed % bps) / 10_000;
        return uint64((seed >> 128) % 2 == 0 ? value + move : value - move);
    }

    /// @dev A rule that mostly passes its rails.
    function mutated(ParamId id, uint256 seed) internal view returns (ParameterRule memory r) {
        r = store.ruleOf(scope, id);
        uint256 which = seed % 8;
        // Bounds around the live value: about half of them exclude it.
        if (which == 0) r.floor = near(store.valueOf(scope, id), seed >> 8, 1_500);
        if (which == 1) r.ceiling = near(store.valueOf(scope, id), seed >> 8, 1_500);
        if (r.baseline < r.floor) r.baseline = r.floor;
        if (r.baseline > r.ceiling) r.baseline = r.ceiling;
        if (which == 2) r.baseline = near(r.baseline, seed >> 8, 2_000);
        if (which == 3) r.tightenBudgetBps = uint16(1_000 + (seed >> 8) % 19_000);
        if (which == 4) r.loosenBudgetBps = uint16(500 + (seed >> 8) % 5_000);
        if (which == 5) r.loosenWindow = uint16(24 + (seed >> 8) % 700);
        if (which == 6) r.loosenCooldown = uint16(60 + (seed >> 8) % 2_000);
        if (which == 7 && r.rampPerHour != 0) r.rampPerHour = uint64(1 + (seed >> 8) % 500);
    }

    // ------------------------------------------------------------------ what must hold after every step

    function fail(uint256 number, string memory what) internal {
        if (bytes(fault[number]).length == 0) fault[number] = what;
    }

    /// @dev The head follows from the events alone: topic0, both indexed arguments, the rest without the index.
    function foldLogs(Vm.Log[] memory logs) internal {
        // A step makes one call that can write. The runner also records the events of a call that reverted.
        (, uint32 count) = store.head();
        if (count == links) return;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(store) || logs[i].topics.length != 3) continue;
            bytes memory data = logs[i].data;
            bytes memory rest = new bytes(data.length - 32);
            for (uint256 j; j < rest.length; ++j) {
                rest[j] = data[j + 32];
            }
            if (abi.decode(data, (uint32)) != links) fail(5, "an event skips a link");
            bytes32 linked = keccak256(abi.encodePacked(logs[i].topics[0], logs[i].topics[1], logs[i].topics[2], rest));
            chain = uint224(uint256(keccak256(abi.encode(chain, address(store), linked))));
            ++links;
        }
    }

    function observe() internal {
        (bytes28 hash, uint32 count) = store.head();
        if (uint224(hash) != chain || count != links) fail(5, "head differs from the events");
        for (uint256 i; i < ids.length; ++i) {
            observeOne(ids[i]);
        }
        effectiveAt = clock;
        for (uint256 i; i < joints.length; ++i) {
            JointInvariant memory v = joints[i];
            uint256 left = v.leftBaseline ? store.ruleOf(scope, v.left).baseline : store.valueOf(scope, v.left);
            uint256 right = v.rightBaseline ? store.ruleOf(scope, v.right).baseline : store.valueOf(scope, v.right);
            if (left * v.leftMul > right * v.rightMul + v.slack) fail(9, "a joint invariant is broken");
        }
        try store.valueOf(unset, ids[0]) {
            fail(10, "an unset value reads");
        } catch {}
    }

    function observeOne(ParamId id) internal {
        ParameterSpec memory s = specOf[id];
        ParameterState memory state = store.stateOf(scope, id);
        ParameterRule memory r = store.ruleOf(scope, id);
        if (state.value < r.floor || state.value > r.ceiling || r.floor < s.railFloor || r.ceiling > s.railCeiling) {
            fail(1, "value outside its rule, or rule outside its rails");
        }
        observeEffective(id, s, state, r);
        bool grew = state.historyLength > entries[id].length;
        if (state.historyLength < entries[id].length) fail(4, "history shrank");
        for (uint32 i = uint32(entries[id].length); i < state.historyLength; ++i) {
            ParameterEntry memory e = store.entry(scope, id, i);
            entries[id].push(keccak256(abi.encode(e)));
            ++written[e.reason];
            if (i > 0) observeEntry(id, s, r, store.entry(scope, id, i - 1), e, i);
        }
        if (state.value != store.entry(scope, id, state.historyLength - 1).value) fail(4, "value is not the last entry");
        PendingLoosening memory p = store.pendingOf(scope, id);
        if (grew && p.createdAt != 0 && p.historyLength == state.historyLength && p.createdAt < clock) {
            fail(12, "a pending loosening survived a write");
        }
    }

    /// @dev Between the effective value before and the target, and never faster than the speed.
    function observeEffective(ParamId id, ParameterSpec memory s, ParameterState memory state, ParameterRule memory r) internal {
        uint256 top = r.rampPerHour > speed[id] ? r.rampPerHour : speed[id];
        (uint64 before, uint64 now_) = (effective[id], state.effective);
        if (entries[id].length > 0 && s.ramped) {
            uint256 move = tighter(s.direction, now_, before) ? distance(now_, before) : 0;
            if (move > top * (clock - effectiveAt) / 1 hours + 1) fail(6, "effective value faster than its speed");
        }
        if (tighter(s.direction, now_, state.value)) fail(6, "effective value beyond the target");
        if (!s.ramped && now_ != state.value) fail(6, "effective value of a parameter without ramp");
        (effective[id], speed[id]) = (now_, r.rampPerHour);
    }

    function observeEntry(ParamId id, ParameterSpec memory s, ParameterRule memory r, ParameterEntry memory before, ParameterEntry memory e, uint32 i)
        internal
    {
        if (e.time < before.time || e.time > clock) fail(4, "entry times fall");
        if (e.value == before.value) fail(8, "an entry without a change");
        bool tightens = tighter(s.direction, e.value, before.value);
        if (e.writer == Writer.GOVERNANCE) return;
        if (s.class == ParamClass.GOVERNANCE) fail(13, "a parameter of the DAO moved by another");
        if (e.writer != Writer.CONTROLLER && s.class != ParamClass.RISK) fail(13, "steward, dead-man or undo outside RISK");
        if ((e.writer == Writer.STEWARD || e.writer == Writer.DEADMAN) && !tightens) fail(13, "steward or dead-man loosened");
        if (e.writer == Writer.CONTROLLER && tightens != (e.reason == Reason.ROUND)) fail(13, "reason and direction disagree");
        if (tightens) observeTightening(id, s, r, i);
        if (e.reason == Reason.LOOSENING) observeLoosening(id, r, i);
        if (e.reason == Reason.UNDO && tightens) fail(13, "an undo tightened");
    }

    /// @dev Gross tightening in 24 h per sum, added up from the values alone.
    function observeTightening(ParamId id, ParameterSpec memory s, ParameterRule memory r, uint32 last) internal {
        (uint256 own, uint256 steward) = (0, 0);
        uint64 base;
        uint48 time = store.entry(scope, id, last).time;
        for (uint32 j = last; ; --j) {
            ParameterEntry memory e = store.entry(scope, id, j);
            base = e.value;
            if (e.time + 1 days <= time || j == 0) break;
            ParameterEntry memory before = store.entry(scope, id, j - 1);
            if (e.writer == Writer.GOVERNANCE || !tighter(s.direction, e.value, before.value)) continue;
            // Which sum a controller's entry went to is in the entry; how much is not taken from it.
            if (e.cumulativeStewardTighten != before.cumulativeStewardTighten) steward += distance(e.value, before.value);
            else own += distance(e.value, before.value);
        }
        uint256 budget = uint256(base) * r.tightenBudgetBps / 10_000;
        bool bySteward = store.entry(scope, id, last).cumulativeStewardTighten != store.entry(scope, id, last - 1).cumulativeStewardTighten;
        if ((bySteward ? steward : own) > budget) fail(3, "tightened beyond the budget of 24 h");
    }

    /// @dev Gross loosening in the window of the rule, added up from the values alone; and the veto window of the pending.
    function observeLoosening(ParamId id, ParameterRule memory r, uint32 last) internal {
        uint256 used;
        for (uint32 j = last; j > 0; --j) {
            ParameterEntry memory e = store.entry(scope, id, j);
            if (e.time + uint256(r.loosenWindow) * 1 hours <= clock) break;
            if (e.reason != Reason.LOOSENING) continue;
            uint256 old = store.entry(scope, id, j - 1).value;
            used += (10_000 * distance(e.value, old) + old - 1) / old;
        }
        if (used > r.loosenBudgetBps) fail(2, "loosened beyond the budget");
        if (clock < madeAt[id] + uint256(specOf[id].minVetoHours) * 1 hours || store.entry(scope, id, last).value != madeFor[id]) {
            fail(7, "loosened before its veto window had passed");
        }
    }

    // ------------------------------------------------------------------ pendings seen

    mapping(ParamId id => uint256) internal madeAt;
    mapping(ParamId id => uint64) internal madeFor;

    /// @dev Remembers, outside of the store, when a pending target as loose as the present one was first seen.
    function rememberPendings() internal {
        for (uint256 i; i < ids.length; ++i) {
            PendingLoosening memory p = store.pendingOf(scope, ids[i]);
            if (p.createdAt == 0) continue;
            if (p.target != madeFor[ids[i]] || p.createdAt > madeAt[ids[i]]) (madeAt[ids[i]], madeFor[ids[i]]) = (p.createdAt, p.target);
        }
    }

    function entryHash(ParamId id, uint256 i) external view returns (bytes32) {
        return entries[id][i];
    }

    function entryCount(ParamId id) external view returns (uint256) {
        return entries[id].length;
    }

    function tighter(Direction d, uint256 value, uint256 before) internal pure returns (bool) {
        return d == Direction.UP ? value > before : d == Direction.DOWN && value < before;
    }

    function distance(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : b - a;
    }
}
