// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Item, ParamClass, ParamId, Rejection, RoundContext, ScopeId, ScopeKind, Writer} from "../interfaces/ParameterTypes.sol";
import {History} from "./History.sol";
import {
    BPS, Book, Live, LoosenRule, PackedEntry, PackedPending, Relation, TIGHTEN_WINDOW, TightenRule, Trait, ago, distance, isTighter
} from "./Records.sol";
import {Store} from "./Store.sol";

/// @dev One move under judgement. `code` NONE: it survives.
struct Candidate {
    ParamId id;
    uint64 current;
    uint64 value;
    Trait trait; // kind NONE: the id is unknown in this scope
    Live live;
    bool tightens;
    uint32 charge; // loosening, basis points
    PackedPending pending; // loosening only: what is pending already
    Rejection code;
    uint64 limit;
}

/// @dev How a move is judged.
struct Standard {
    Writer writer;
    bool steward; // tightenings are charged to the steward's sum
    bool executes; // a pending loosening: cooldown counts, and nothing is left to the lane
    bool mayTighten;
    bool mayLoosen;
}

/// @title The judge of rounds and of due loosenings
/// @dev Internal and view: it runs in the transaction of its caller, never inside try/catch, so no gas limit makes it fail alone. Every item is
/// judged against storage as it was before the round; the first failure in the order of {Rejection} is kept with the limit it broke.
abstract contract Judge is Store {
    // ------------------------------------------------------------------ a round

    /// @dev Judges all items of a round. Ids must ascend strictly: a repeated id would walk past its step.
    function _judgeRound(ScopeId scope, Item[] calldata items, RoundContext memory context) internal view returns (Candidate[] memory all) {
        Book storage book = _books[scope];
        ScopeKind kind = scope.kindOf();
        all = new Candidate[](items.length);
        ParamId previous;
        bool mismatch;
        for (uint256 i; i < items.length; ++i) {
            Candidate memory c = all[i];
            c.id = items[i].id;
            if (ParamId.unwrap(c.id) <= ParamId.unwrap(previous)) revert IRiskParameters.RiskParameters_IdsNotAscending(previous, c.id);
            previous = c.id;
            c.value = items[i].value;
            c.trait = _traitOrNone(c.id);
            if (c.trait.kind != kind || kind == ScopeKind.NONE) {
                c.trait.kind = ScopeKind.NONE;
                continue;
            }
            c.live = book.live[c.trait.index];
            if (c.live.length == 0) revert IRiskParameters.RiskParameters_InactiveScope(scope);
            c.current = c.live.value;
            if (c.current != items[i].expected) {
                mismatch = true;
                (c.code, c.limit) = (Rejection.EXPECTED, c.current);
            }
        }
        if (mismatch) {
            for (uint256 i; i < all.length; ++i) {
                if (all[i].code == Rejection.NONE) all[i].code = Rejection.ROUND;
            }
            return all;
        }
        Standard memory standard = Standard({
            writer: context.writer,
            steward: context.chargeSteward || context.writer == Writer.STEWARD,
            executes: false,
            mayTighten: context.mayTighten,
            mayLoosen: context.mayLoosen
        });
        for (uint256 i; i < all.length; ++i) {
            _judgeAlone(book, all[i], standard);
        }
        _judgeGroups(all);
        _judgeJoint(book, all);
    }

    /// @dev A group with a tightening and a loosening falls, then a group with a member that failed alone. Limit: the group's number.
    function _judgeGroups(Candidate[] memory all) private pure {
        uint256 tightening;
        uint256 loosening;
        uint256 failed;
        for (uint256 i; i < all.length; ++i) {
            if (all[i].trait.kind == ScopeKind.NONE) continue;
            uint256 bit = 1 << all[i].trait.group;
            if (all[i].code != Rejection.NONE) failed |= bit;
            else if (all[i].tightens) tightening |= bit;
            else loosening |= bit;
        }
        if (tightening & loosening == 0 && failed == 0) return;
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            if (c.code != Rejection.NONE) continue;
            uint256 bit = 1 << c.trait.group;
            if (tightening & loosening & bit != 0) (c.code, c.limit) = (Rejection.MIXED_GROUP, c.trait.group);
            else if (failed & bit != 0) (c.code, c.limit) = (Rejection.GROUP, c.trait.group);
        }
    }

    /// @dev Joint invariants on storage overlaid with the survivors, and on storage overlaid with the tightenings alone: these are written now,
    /// the loosenings only after their veto window, if ever. A failure rejects every survivor; no subset is searched. Limit: the invariant.
    function _judgeJoint(Book storage book, Candidate[] memory all) internal view {
        (uint256 tightened, uint256 loosened) = (0, 0);
        for (uint256 i; i < all.length; ++i) {
            if (all[i].code != Rejection.NONE) continue;
            if (all[i].tightens) tightened |= all[i].trait.invariants;
            else loosened |= all[i].trait.invariants;
        }
        uint256 broken = _firstBroken(book, all, tightened | loosened, true);
        if (broken == 0 && loosened != 0) broken = _firstBroken(book, all, tightened, false);
        if (broken == 0) return;
        for (uint256 i; i < all.length; ++i) {
            if (all[i].code == Rejection.NONE) (all[i].code, all[i].limit) = (Rejection.JOINT, uint64(broken - 1));
        }
    }

    /// @return Number of the first broken invariant plus one; zero when all hold.
    function _firstBroken(Book storage book, Candidate[] memory all, uint256 mask, bool withLoosenings) private view returns (uint256) {
        for (uint256 i; mask != 0; ++i) {
            if (mask & 1 == 1) {
                Relation memory r = _relationAt(i);
                (uint256 left, uint256 right) = _sides(book, r);
                for (uint256 j; j < all.length; ++j) {
                    Candidate memory c = all[j];
                    if (c.code != Rejection.NONE || !(c.tightens || withLoosenings)) continue;
                    if (c.trait.index == r.left && !r.leftBaseline) left = c.value;
                    if (c.trait.index == r.right && !r.rightBaseline) right = c.value;
                }
                (left, right) = _scaled(r, left, right);
                if (left > right) return i + 1;
            }
            mask >>= 1;
        }
        return 0;
    }

    // ------------------------------------------------------------------ an item

    /// @dev Everything about one move that does not depend on the others.
    function _judgeAlone(Book storage book, Candidate memory c, Standard memory standard) internal view {
        if (c.trait.kind == ScopeKind.NONE) {
            c.code = Rejection.UNKNOWN_ID;
            return;
        }
        TightenRule memory rule = book.rules[c.trait.index].tighten;
        if (c.value == c.current) return _fail(c, Rejection.EQUAL, c.current);
        if (c.value < rule.floor) return _fail(c, Rejection.FLOOR, rule.floor);
        if (c.value > rule.ceiling) return _fail(c, Rejection.CEILING, rule.ceiling);
        c.tightens = isTighter(c.trait.direction, c.value, c.current);
        if (c.tightens) {
            (c.code, c.limit) = _judgeTightening(
                book, c.trait.index, c.live, rule, distance(c.value, c.current), standard.writer, standard.steward
            );
        } else {
            c.pending = book.pendings[c.trait.index];
            _judgeLoosening(book, c, standard.executes);
        }
        if (c.code != Rejection.NONE) return;
        ParamClass class = c.trait.class;
        if (class == ParamClass.GOVERNANCE || (standard.writer == Writer.STEWARD && (class != ParamClass.RISK || !c.tightens))) {
            return _fail(c, Rejection.CLASS, uint64(class));
        }
        if (!(c.tightens ? standard.mayTighten : standard.mayLoosen)) return _fail(c, Rejection.MODE, 0);
        if (!c.tightens && block.timestamp < c.pending.vetoedUntil) return _fail(c, Rejection.VETOED, c.pending.vetoedUntil);
    }

    function _fail(Candidate memory c, Rejection code, uint64 limit) private pure {
        c.code = code;
        c.limit = limit;
    }

    /// @dev Step, cooldown and 24 h budget of a tightening by `move` units. Advances the window hint in `live`.
    function _judgeTightening(
        Book storage book,
        uint256 position,
        Live memory live,
        TightenRule memory rule,
        uint256 move,
        Writer writer,
        bool steward
    ) internal view returns (Rejection, uint64 limit) {
        uint256 largest = _tightenStep(live.value, rule, writer);
        if (move > largest) return (Rejection.STEP, uint64(largest));

        uint256 cooldown = writer == Writer.STEWARD ? book.rules[position].loosen.emergencyCooldown : rule.cooldown;
        uint256 ends = live.lastTightenAt + cooldown * 1 minutes;
        if (block.timestamp < ends) return (Rejection.COOLDOWN, uint64(ends));

        (uint256 used, uint256 stewardUsed, uint256 base, uint32 start) = _tightenUsed(book, position, live);
        live.tightenTail = start;
        if (steward) used = stewardUsed;
        uint256 budget = base * rule.budgetBps / BPS;
        if (used + move > budget) return (Rejection.BUDGET, uint64(budget > used ? budget - used : 0));
        return (Rejection.NONE, 0);
    }

    /// @dev Largest tightening of `writer` in one step, own unit, rounded down: the share of the live value, or the step floor if that is more.
    /// A zero emergency step is no emergency path.
    function _tightenStep(uint256 value, TightenRule memory rule, Writer writer) internal pure returns (uint256) {
        if (writer == Writer.STEWARD && rule.emergencyStepBps == 0) return 0;
        uint256 share = value * (writer == Writer.STEWARD ? rule.emergencyStepBps : rule.stepBps) / BPS;
        return share > rule.stepFloor ? share : rule.stepFloor;
    }

    /// @dev Gross tightening inside the last 24 h, own unit, per sum, and the value at the start of the window.
    function _tightenUsed(Book storage book, uint256 position, Live memory live)
        internal
        view
        returns (uint256 used, uint256 stewardUsed, uint256 base, uint32 start)
    {
        start = History.windowStart(book, position, live.length, live.tightenTail, ago(TIGHTEN_WINDOW));
        PackedEntry memory first = History.read(book, position, start);
        PackedEntry memory last = History.read(book, position, live.length - 1);
        unchecked {
            // Sums wrap; their difference inside one window does not.
            used = uint48(last.cumulativeTighten - first.cumulativeTighten);
            stewardUsed = uint48(last.cumulativeStewardTighten - first.cumulativeStewardTighten);
        }
        base = first.value;
    }

    /// @dev Step, cooldown (when it executes) and drift budget of a loosening. Sets the charge and advances the window hint.
    function _judgeLoosening(Book storage book, Candidate memory c, bool executes) private view {
        LoosenRule memory rule = book.rules[c.trait.index].loosen;
        uint256 move = distance(c.value, c.current);
        uint256 largest = uint256(c.current) * rule.stepBps / BPS;
        if (largest == 0) largest = 1;
        if (move > largest) return _fail(c, Rejection.STEP, uint64(largest));

        if (executes) {
            uint256 ends = History.timeAt(book, c.trait.index, c.live.length - 1) + uint256(rule.cooldown) * 1 minutes;
            if (block.timestamp < ends) return _fail(c, Rejection.COOLDOWN, uint64(ends));
        }

        // Rounded up; from zero there is no relative size, so the move takes the whole budget.
        uint256 charge = c.current == 0 ? rule.budgetBps : (BPS * move + c.current - 1) / c.current;
        (uint256 used, uint32 start) = _loosenUsed(book, c.trait.index, c.live, rule);
        c.live.loosenTail = start;
        if (rule.budgetBps == 0 || used + charge > rule.budgetBps) {
            return _fail(c, Rejection.BUDGET, uint64(rule.budgetBps > used ? rule.budgetBps - used : 0));
        }
        c.charge = uint32(charge);
    }

    /// @dev Gross loosening inside the window of the rule, basis points. A longer window looks further back into the same history.
    function _loosenUsed(Book storage book, uint256 position, Live memory live, LoosenRule memory rule)
        internal
        view
        returns (uint256 used, uint32 start)
    {
        start = History.windowStart(book, position, live.length, live.loosenTail, ago(uint256(rule.window) * 1 hours));
        unchecked {
            // As above.
            used = uint32(
                History.read(book, position, live.length - 1).cumulativeLoosenBps - History.read(book, position, start).cumulativeLoosenBps
            );
        }
    }
}
