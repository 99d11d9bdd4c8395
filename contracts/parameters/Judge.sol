// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Item, ParamClass, ParamId, Rejection, RoundContext, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {Relation} from "./Catalogue.sol";
import {History} from "./History.sol";
import {
    BPS, Cell, M32, M48, Pending, TIGHTEN_WINDOW, ago, bookOf, breakable, distance, entryLoosenBps, entryStewardTighten, entryTighten, entryTime,
    isTighter, unpackPending
} from "./Records.sol";
import {Rules} from "./Rules.sol";
import {Store} from "./Store.sol";

/// @dev One move under judgement. `code` NONE: it survives.
struct Candidate {
    Cell cell;
    uint256 value; // proposed
    uint256 move; // its size, own unit
    bool tightens;
    uint256 charge; // loosening, basis points
    Pending pending; // loosening only: what is pending already
    uint256 code; // of {Rejection}
    uint256 limit;
}

/// @dev How a move is judged.
struct Standard {
    bool emergency; // by a steward
    bool chargeSteward; // tightenings are charged to the steward's sum
    bool executes; // a pending loosening: the cooldown counts
    bool mayTighten;
    bool mayLoosen;
}

/// @title The judge of rounds and of due loosenings
/// @dev Internal and view: it runs in the transaction of its caller, never inside try/catch, so no gas limit makes it fail alone. Every item is
/// judged against storage as it was before the round; the first failure in the order of {Rejection} is kept with the limit it broke.
abstract contract Judge is Store {
    /// @dev Seconds after `eta` in which a pending may execute.
    uint32 internal immutable _executionGrace;

    constructor(uint32 executionGrace) {
        _executionGrace = executionGrace;
    }

    function _pendingOf(Cell memory c) internal view returns (Pending memory) {
        return unpackPending(bookOf(c).pendings[c.position], _executionGrace);
    }

    function _pendingAt(ScopeId scope, uint256 position) internal view returns (Pending memory) {
        return unpackPending(_books[scope].pendings[position], _executionGrace);
    }

    // ------------------------------------------------------------------ a round

    /// @dev Judges all items of a round. Ids must ascend strictly: a repeated id would walk past its step.
    function _judgeRound(ScopeId scope, Item[] calldata items, RoundContext memory context) internal view returns (Candidate[] memory all) {
        all = new Candidate[](items.length);
        ParamId previous;
        bool mismatch;
        for (uint256 i; i < items.length; ++i) {
            Candidate memory c = all[i];
            ParamId id = items[i].id;
            _requireAscending(previous, id);
            previous = id;
            c.value = items[i].value;
            Cell memory cell = c.cell;
            _find(cell, scope, id);
            if (!_livesIn(cell, scope)) {
                cell.kind = 0;
                continue;
            }
            _load(cell);
            if (cell.value != items[i].expected) {
                mismatch = true;
                _fail(c, Rejection.EXPECTED, cell.value);
            }
        }
        if (mismatch) {
            _rejectRest(all, Rejection.ROUND, 0);
            return all;
        }
        Standard memory standard = Standard(_emergency(context), _chargesSteward(context), false, context.mayTighten, context.mayLoosen);
        for (uint256 i; i < all.length; ++i) {
            _judgeAlone(all[i], standard);
        }
        _judgeGroups(all);
        _judgeJoint(scope, all);
    }

    function _emergency(RoundContext memory context) internal pure returns (bool) {
        return context.writer == Writer.STEWARD;
    }

    /// @dev A steward's own tightening and one that a steward co-signed above the impact limit.
    function _chargesSteward(RoundContext memory context) internal pure returns (bool) {
        return context.chargeSteward || _emergency(context);
    }

    function _requireAscending(ParamId previous, ParamId id) internal pure {
        if (ParamId.unwrap(id) <= ParamId.unwrap(previous)) revert IRiskParameters.RiskParameters_IdsNotAscending(previous, id);
    }

    function _survives(Candidate memory c) internal pure returns (bool) {
        return c.code == uint256(Rejection.NONE);
    }

    function _fail(Candidate memory c, Rejection code, uint256 limit) private pure {
        c.code = uint256(code);
        c.limit = limit;
    }

    function _rejectRest(Candidate[] memory all, Rejection code, uint256 limit) private pure {
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            if (_survives(c)) _fail(c, code, limit);
        }
    }

    /// @dev A group with a tightening and a loosening falls, then a group with a member that failed alone. Limit: the group's number.
    function _judgeGroups(Candidate[] memory all) private pure {
        uint256 tightening;
        uint256 loosening;
        uint256 failed;
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            uint256 bit = 1 << c.cell.group;
            if (c.cell.kind == 0) continue;
            if (!_survives(c)) failed |= bit;
            else if (c.tightens) tightening |= bit;
            else loosening |= bit;
        }
        uint256 mixed = tightening & loosening;
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            uint256 bit = 1 << c.cell.group;
            if (_survives(c) && (mixed | failed) & bit != 0) {
                _fail(c, mixed & bit != 0 ? Rejection.MIXED_GROUP : Rejection.GROUP, c.cell.group);
            }
        }
    }

    /// @dev Joint invariants on storage overlaid with the survivors, and on storage overlaid with the tightenings alone: these are written now,
    /// the loosenings only after their veto window, if ever. A failure rejects every survivor; no subset is searched. Limit: the invariant.
    function _judgeJoint(ScopeId scope, Candidate[] memory all) internal view {
        uint256[2] memory breaks; // by the survivors, by the tightenings alone
        bool loosens;
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            if (!_survives(c)) continue;
            uint256 mask = breakable(c.cell, c.value);
            breaks[0] |= mask;
            if (c.tightens) breaks[1] |= mask;
            else loosens = true;
        }
        for (uint256 overlay; overlay < (loosens ? 2 : 1); ++overlay) {
            uint256 mask = breaks[overlay];
            for (uint256 i; mask != 0; ++i) {
                if (mask & 1 == 1 && !_holds(scope, i, all, overlay == 0)) return _rejectRest(all, Rejection.JOINT, i);
                mask >>= 1;
            }
        }
    }

    function _holds(ScopeId scope, uint256 invariant, Candidate[] memory all, bool withLoosenings) private view returns (bool) {
        Relation memory r = _relationAt(invariant);
        (uint256 left, uint256 right) = _sides(scope, r);
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            if (!_survives(c) || !(c.tightens || withLoosenings)) continue;
            if (c.cell.position == r.left && !r.leftBaseline) left = c.value;
            if (c.cell.position == r.right && !r.rightBaseline) right = c.value;
        }
        (left, right) = _scaled(r, left, right);
        return left <= right;
    }

    // ------------------------------------------------------------------ an item

    /// @dev Everything about one move that does not depend on the others.
    function _judgeAlone(Candidate memory c, Standard memory standard) internal view {
        Cell memory cell = c.cell;
        if (cell.kind == 0) return _fail(c, Rejection.UNKNOWN_ID, 0);
        uint256 rule = bookOf(cell).rules[cell.position].tighten;
        if (c.value == cell.value) return _fail(c, Rejection.EQUAL, cell.value);
        uint256 bound = Rules.field(rule, Rules.FLOOR);
        if (c.value < bound) return _fail(c, Rejection.FLOOR, bound);
        bound = Rules.field(rule, Rules.CEILING);
        if (c.value > bound) return _fail(c, Rejection.CEILING, bound);

        c.tightens = isTighter(cell.direction, c.value, cell.value);
        c.move = distance(c.value, cell.value);
        if (c.tightens) {
            (Rejection code, uint256 limit) = _judgeTightening(cell, rule, c.move, standard);
            _fail(c, code, limit);
        } else {
            c.pending = _pendingOf(cell);
            _judgeLoosening(c, standard.executes);
        }
        if (!_survives(c)) return;
        if (cell.class == uint256(ParamClass.GOVERNANCE) || (standard.emergency && !(c.tightens && cell.class == uint256(ParamClass.RISK)))) {
            return _fail(c, Rejection.CLASS, cell.class);
        }
        if (!(c.tightens ? standard.mayTighten : standard.mayLoosen)) return _fail(c, Rejection.MODE, 0);
        if (block.timestamp < c.pending.vetoedUntil) return _fail(c, Rejection.VETOED, c.pending.vetoedUntil);
    }

    /// @dev Step, cooldown and 24 h budget of a tightening by `move` units. Advances the window hint of the cell.
    /// @param rule First word of the rule in force.
    function _judgeTightening(Cell memory c, uint256 rule, uint256 move, Standard memory standard)
        internal
        view
        returns (Rejection, uint256 limit)
    {
        unchecked {
            // Factors are below 2^48 and 2^16, instants below 2^32, sums below 2^48; a difference is guarded by its condition.
            limit = _tightenStep(c.value, rule, standard.emergency);
            if (move > limit) return (Rejection.STEP, limit);

            limit = standard.emergency
                ? Rules.field(bookOf(c).rules[c.position].loosen, Rules.EMERGENCY_COOLDOWN)
                : Rules.field(rule, Rules.TIGHTEN_COOLDOWN);
            limit = c.lastTightenAt + limit * 1 minutes;
            if (block.timestamp < limit) return (Rejection.COOLDOWN, limit);

            (uint256 used, uint256 stewardUsed, uint256 base, uint256 start) = _tightenUsed(c);
            c.tightenTail = start;
            if (standard.chargeSteward) used = stewardUsed;
            uint256 budget = base * Rules.field(rule, Rules.TIGHTEN_BUDGET_BPS) / BPS;
            if (used + move > budget) return (Rejection.BUDGET, budget > used ? budget - used : 0);
            return (Rejection.NONE, 0);
        }
    }

    /// @dev Largest tightening in one step, own unit, rounded down: the share of the live value, or the step floor if that is more. A zero
    /// emergency step is no emergency path.
    function _tightenStep(uint256 value, uint256 rule, bool emergency) internal pure returns (uint256 step) {
        uint256 bps = Rules.field(rule, emergency ? Rules.EMERGENCY_STEP_BPS : Rules.TIGHTEN_STEP_BPS);
        if (emergency && bps == 0) return 0;
        unchecked {
            // 48 bits times 16 bits.
            step = value * bps / BPS;
        }
        uint256 least = Rules.field(rule, Rules.TIGHTEN_STEP_FLOOR);
        if (step < least) step = least;
    }

    /// @dev Gross tightening inside the last 24 h, own unit, per sum, and the value at the start of the window.
    function _tightenUsed(Cell memory c) internal view returns (uint256 used, uint256 stewardUsed, uint256 base, uint256 start) {
        start = History.windowStart(bookOf(c), c.position, c.length, c.tightenTail, ago(TIGHTEN_WINDOW));
        uint256 first = History.read(bookOf(c), c.position, start);
        uint256 last = _last(c);
        base = first & M48;
        unchecked {
            // Sums wrap at their width; their difference inside one window is smaller than it.
            used = (entryTighten(last) - entryTighten(first)) & M48;
            stewardUsed = (entryStewardTighten(last) - entryStewardTighten(first)) & M48;
        }
    }

    /// @dev Step, cooldown (when it executes) and drift budget of a loosening. Sets the charge and advances the window hint of the cell.
    function _judgeLoosening(Candidate memory c, bool executes) private view {
        Cell memory cell = c.cell;
        uint256 rule = bookOf(cell).rules[cell.position].loosen;
        unchecked {
            // As for a tightening.
            uint256 limit = cell.value * Rules.field(rule, Rules.LOOSEN_STEP_BPS) / BPS;
            if (limit == 0) limit = 1;
            if (c.move > limit) return _fail(c, Rejection.STEP, limit);

            if (executes) {
                limit = entryTime(_last(cell)) + Rules.field(rule, Rules.LOOSEN_COOLDOWN) * 1 minutes;
                if (block.timestamp < limit) return _fail(c, Rejection.COOLDOWN, limit);
            }

            // Rounded up; from zero there is no relative size, so the move takes the whole budget.
            limit = Rules.field(rule, Rules.LOOSEN_BUDGET_BPS);
            c.charge = cell.value == 0 ? limit : (BPS * c.move + cell.value - 1) / cell.value;
            (uint256 used, uint256 start) = _loosenUsed(cell);
            cell.loosenTail = start;
            if (limit == 0 || used + c.charge > limit) _fail(c, Rejection.BUDGET, limit > used ? limit - used : 0);
        }
    }

    /// @dev Gross loosening inside the window of the rule, basis points. A longer window looks further back into the same history.
    function _loosenUsed(Cell memory c) internal view returns (uint256 used, uint256 start) {
        uint256 window = Rules.field(bookOf(c).rules[c.position].loosen, Rules.LOOSEN_WINDOW) * 1 hours;
        start = History.windowStart(bookOf(c), c.position, c.length, c.loosenTail, ago(window));
        unchecked {
            // As above.
            used = (entryLoosenBps(_last(c)) - entryLoosenBps(History.read(bookOf(c), c.position, start))) & M32;
        }
    }
}
