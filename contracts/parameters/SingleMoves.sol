// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Direction, ParamClass, ParamId, Reason, Rejection, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {History} from "./History.sol";
import {Judge} from "./Judge.sol";
import {Book, Live, PackedEntry, TightenRule, Trait, ago, distance, isTighter, nowSeconds} from "./Records.sol";
import {Write} from "./Store.sol";

/// @title The two moves outside rounds: the dead-man's step toward a tighter baseline, and the repair of a bad tightening
abstract contract SingleMoves is Judge {
    /// @dev Seconds after a tightening in which it may be undone, and between two undos of one parameter.
    uint32 internal immutable _undoWindow;

    constructor(uint32 undoWindow) {
        _undoWindow = undoWindow;
    }

    /// @dev One full tighten step, cut at the baseline; cooldown and the controller's 24 h budget as for a round.
    function _walk(ScopeId scope, ParamId id) internal returns (uint64) {
        (Trait memory trait, Book storage book, Live memory live) = _open(scope, id);
        uint256 value = live.value;
        uint256 baseline = book.rules[trait.index].loosen.baseline;
        if (trait.class != ParamClass.RISK) _refuse(scope, id, Rejection.CLASS, uint64(trait.class));
        if (!isTighter(trait.direction, baseline, value)) {
            revert IRiskParameters.RiskParameters_NotTighter(scope, id, uint64(value), uint64(baseline));
        }
        TightenRule memory rule = book.rules[trait.index].tighten;
        uint256 move = _tightenStep(value, rule, Writer.DEADMAN);
        if (move == 0) _refuse(scope, id, Rejection.STEP, 0);
        uint256 gap = distance(baseline, value);
        if (move > gap) move = gap;
        (Rejection code, uint64 limit) = _judgeTightening(book, trait.index, live, rule, move, Writer.DEADMAN, false);
        if (code != Rejection.NONE) _refuse(scope, id, code, limit);

        value = trait.direction == Direction.UP ? value + move : value - move;
        _write(scope, book, id, trait, live, Write(uint48(value), Writer.DEADMAN, Reason.DEADMAN, 0, 0, uint48(move), 0));
        _requireJoint(scope, book, trait.invariants);
        return uint64(value);
    }

    function _refuse(ScopeId scope, ParamId id, Rejection code, uint64 limit) private pure {
        revert IRiskParameters.RiskParameters_Cooldown(scope, id, code, limit);
    }

    /// @dev Restores the value before entry `i`.
    function _undo(ScopeId scope, ParamId id, uint32 i) internal {
        (Trait memory trait, Book storage book, Live memory live) = _open(scope, id);
        uint48 value = _undoable(scope, id, trait, book, live, i);
        uint256 again = uint256(book.undoneAt[trait.index]) + _undoWindow;
        if (again > _undoWindow && block.timestamp < again) revert IRiskParameters.RiskParameters_UndoUsed(scope, id, uint48(again));
        TightenRule memory rule = book.rules[trait.index].tighten;
        if (value < rule.floor || value > rule.ceiling) {
            revert IRiskParameters.RiskParameters_OutOfBounds(scope, id, value, rule.floor, rule.ceiling);
        }
        book.undoneAt[trait.index] = nowSeconds();
        _write(scope, book, id, trait, live, Write(value, Writer.UNDO, Reason.UNDO, 0, 0, 0, 0));
        _requireJoint(scope, book, trait.invariants);
    }

    /// @dev Value before entry `i`, if that entry is a tightening of a RISK parameter by anyone but the DAO, young enough, not followed by a
    /// decision of the DAO, still tighter than what it replaced, and the restored value is not looser than every value in force in the window.
    function _undoable(ScopeId scope, ParamId id, Trait memory trait, Book storage book, Live memory live, uint32 i)
        private
        view
        returns (uint48 value)
    {
        if (i == 0 || i >= live.length || trait.class != ParamClass.RISK) revert IRiskParameters.RiskParameters_NotUndoable(scope, id, i);
        PackedEntry memory e = History.read(book, trait.index, i);
        value = History.read(book, trait.index, i - 1).value;
        if (e.writer == Writer.GOVERNANCE || !isTighter(trait.direction, e.value, value) || !isTighter(trait.direction, live.value, value)) {
            revert IRiskParameters.RiskParameters_NotUndoable(scope, id, i);
        }
        uint256 until = uint256(e.time) + _undoWindow;
        if (block.timestamp > until) revert IRiskParameters.RiskParameters_UndoTooLate(scope, id, uint48(until));

        // Entries of one second: only the last was ever in force.
        uint256 j = History.windowStart(book, trait.index, live.length, i, ago(_undoWindow));
        uint48 loosest = live.value;
        for (; j < live.length; ++j) {
            PackedEntry memory other = History.read(book, trait.index, j);
            if (j > i && other.writer == Writer.GOVERNANCE) revert IRiskParameters.RiskParameters_NotUndoable(scope, id, i);
            bool inForce = j + 1 == live.length || History.timeAt(book, trait.index, j + 1) > other.time;
            if (inForce && isTighter(trait.direction, loosest, other.value)) loosest = other.value;
        }
        if (isTighter(trait.direction, loosest, value)) {
            revert IRiskParameters.RiskParameters_UndoTooLoose(scope, id, value, loosest);
        }
    }
}
