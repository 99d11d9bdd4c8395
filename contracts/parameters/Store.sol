// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, Reason, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {Catalogue} from "./Catalogue.sol";
import {HashChain} from "./HashChain.sol";
import {History} from "./History.sol";
import {Ramp} from "./Ramp.sol";
import {Book, Live, PackedEntry, Relation, Trait, isTighter, nowSeconds} from "./Records.sol";

/// @dev A value about to be written. Charges are what it adds to the budgets: zero for the DAO, an undo and an activation.
struct Write {
    uint48 value;
    Writer writer;
    Reason reason;
    uint32 round;
    uint32 loosenBps;
    uint48 tighten; // own unit, controller and dead-man
    uint48 stewardTighten; // own unit
}

/// @title State of all scopes and the one place where a value changes
abstract contract Store is Catalogue, HashChain {
    mapping(ScopeId scope => Book) internal _books;

    /// @dev Trait, book and live state of an active parameter.
    function _open(ScopeId scope, ParamId id) internal view returns (Trait memory trait, Book storage book, Live memory live) {
        trait = _traitOf(scope, id);
        book = _books[scope];
        live = book.live[trait.index];
        if (live.length == 0) revert IRiskParameters.RiskParameters_InactiveScope(scope);
    }

    /// @dev First entry of a parameter: value, timers and ramp start here, so the first move of any writer is as late as every other.
    function _seed(ScopeId scope, ParamId id, Trait memory trait, uint48 value) internal {
        uint32 time = nowSeconds();
        Book storage book = _books[scope];
        book.live[trait.index] = Live(value, trait.ramped ? value : 0, trait.ramped ? time : 0, time, 1, 0, 0);
        book.entries[History.key(trait.index, 0)] = PackedEntry(value, time, 0, 0, 0, 0, Writer.GOVERNANCE, Reason.ACTIVATION);
        _recordUpdate(scope, id, 0, Write(value, Writer.GOVERNANCE, Reason.ACTIVATION, 0, 0, 0, 0));
    }

    /// @dev Appends the entry, moves the target, seeds the timers. Any pending loosening is void from here on: the history is longer.
    /// The caller has judged the value and holds `live` as stored, save for the window hints it may have advanced.
    function _write(ScopeId scope, Book storage book, ParamId id, Trait memory trait, Live memory live, Write memory w) internal {
        uint48 previous = live.value;
        PackedEntry memory e = History.read(book, trait.index, live.length - 1);
        e.value = w.value;
        e.time = nowSeconds();
        e.round = w.round;
        e.writer = w.writer;
        e.reason = w.reason;
        unchecked {
            // Sums wrap by design; a window is the difference of two of them and far smaller than the modulus.
            e.cumulativeLoosenBps += w.loosenBps;
            e.cumulativeTighten += w.tighten;
            e.cumulativeStewardTighten += w.stewardTighten;
        }
        book.entries[History.key(trait.index, live.length)] = e;
        if (trait.ramped) Ramp.retarget(live, trait.direction, book.rules[trait.index].tighten.rampPerHour, w.value);
        else live.value = w.value;
        if (isTighter(trait.direction, w.value, previous)) live.lastTightenAt = e.time;
        ++live.length;
        book.live[trait.index] = live;
        _recordUpdate(scope, id, previous, w);
    }

    function _recordUpdate(ScopeId scope, ParamId id, uint48 previous, Write memory w) internal {
        uint32 index = _link(
            keccak256(
                abi.encode(
                    IRiskParameters.ParameterUpdated.selector, scope, id, previous, w.value, w.writer, w.reason, w.round, msg.sender
                )
            )
        );
        emit IRiskParameters.ParameterUpdated(index, scope, id, previous, w.value, w.writer, w.reason, w.round, msg.sender);
    }

    function _effective(Book storage book, Trait memory trait, Live memory live) internal view returns (uint48) {
        return trait.ramped ? Ramp.effective(live, trait.direction, book.rules[trait.index].tighten.rampPerHour) : live.value;
    }

    // ------------------------------------------------------------------ joint invariants

    /// @dev Both sides of invariant `i` as stored.
    function _sides(Book storage book, Relation memory r) internal view returns (uint256 left, uint256 right) {
        left = r.leftBaseline ? book.rules[r.left].loosen.baseline : book.live[r.left].value;
        right = r.rightBaseline ? book.rules[r.right].loosen.baseline : book.live[r.right].value;
    }

    /// @dev Scaled sides: the invariant holds when `left <= right`. 48 + 32 bits never overflow.
    function _scaled(Relation memory r, uint256 left, uint256 right) internal pure returns (uint256, uint256) {
        return (left * r.leftMul, right * r.rightMul + r.slack);
    }

    /// @dev Reverts with the first invariant of `mask` that storage breaks. Called after the writes of every path that reverts on failure.
    function _requireJoint(ScopeId scope, Book storage book, uint256 mask) internal view {
        for (uint256 i; mask != 0; ++i) {
            if (mask & 1 == 1) {
                Relation memory r = _relationAt(i);
                (uint256 left, uint256 right) = _sides(book, r);
                (left, right) = _scaled(r, left, right);
                if (left > right) revert IRiskParameters.RiskParameters_JointInvariant(scope, i, left, right);
            }
            mask >>= 1;
        }
    }
}
