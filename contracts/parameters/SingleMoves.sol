// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Direction, ParamClass, ParamId, Reason, Rejection, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {History} from "./History.sol";
import {Judge, Standard} from "./Judge.sol";
import {Book, Cell, Entry, ago, distance, isTighter} from "./Records.sol";
import {Rules} from "./Rules.sol";
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
        Cell memory c = _open(scope, id);
        uint256 rule = _books[scope].rules[c.position].tighten;
        uint256 baseline = Rules.field(_books[scope].rules[c.position].loosen, Rules.BASELINE);
        if (c.class != uint256(ParamClass.RISK)) _refuse(c, Rejection.CLASS, c.class);
        if (!isTighter(c.direction, baseline, c.value)) {
            revert IRiskParameters.RiskParameters_NotTighter(scope, id, uint64(c.value), uint64(baseline));
        }
        uint256 move = _tightenStep(c.value, rule, false);
        uint256 gap = distance(baseline, c.value);
        if (move == 0) _refuse(c, Rejection.STEP, 0);
        if (move > gap) move = gap;
        (Rejection code, uint256 limit) = _judgeTightening(c, rule, move, Standard(false, false, false, true, false));
        if (code != Rejection.NONE) _refuse(c, code, limit);

        uint256 value;
        unchecked {
            // The step ends at the baseline at the latest.
            value = c.direction == uint256(Direction.UP) ? c.value + move : c.value - move;
        }
        _write(c, Write(value, uint256(Writer.DEADMAN), uint256(Reason.DEADMAN), 0, 0, move, 0));
        _requireJoint(scope, c.invariants);
        return uint64(value);
    }

    function _refuse(Cell memory c, Rejection code, uint256 limit) private pure {
        revert IRiskParameters.RiskParameters_Cooldown(c.scope, c.id, code, uint64(limit));
    }

    /// @dev Restores the value before entry `i`.
    function _undo(ScopeId scope, ParamId id, uint32 i) internal {
        Cell memory c = _open(scope, id);
        uint256 value = _undoable(c, i);
        Book storage book = _books[scope];
        unchecked {
            // Two 32-bit numbers.
            uint256 again = book.undoneAt[c.position] + _undoWindow;
            if (block.timestamp < again) revert IRiskParameters.RiskParameters_UndoUsed(scope, id, uint48(again));
        }
        _requireInside(c, value);
        book.undoneAt[c.position] = block.timestamp;
        _write(c, Write(value, uint256(Writer.UNDO), uint256(Reason.UNDO), 0, 0, 0, 0));
        _requireJoint(scope, c.invariants);
    }

    /// @dev Value before entry `i`, if that entry is a tightening of a RISK parameter by anyone but the DAO, young enough, still tighter than what
    /// it replaced, not followed by a decision of the DAO, and the restored value is not looser than every value in force in the window.
    function _undoable(Cell memory c, uint32 i) private view returns (uint256 value) {
        Book storage book = _books[c.scope];
        if (i == 0 || i >= c.length || c.class != uint256(ParamClass.RISK)) _notUndoable(c, i);
        Entry memory e = History.read(book, c.position, i);
        unchecked {
            // `i` is not zero; instants and entry numbers are below 2^32; `j` is above `start` where it is lowered.
            value = History.read(book, c.position, i - 1).value;
            bool tightened = isTighter(c.direction, e.value, value) && isTighter(c.direction, c.value, value);
            if (e.writer == uint256(Writer.GOVERNANCE) || !tightened) _notUndoable(c, i);
            uint256 until = e.time + _undoWindow;
            if (block.timestamp > until) revert IRiskParameters.RiskParameters_UndoTooLate(c.scope, c.id, uint48(until));

            uint256 loosest = c.value;
            uint256 nextTime = block.timestamp + 1;
            // The value before an entry was in force until the second before it.
            uint256 start = History.windowStart(book, c.position, c.length, i, ago(uint256(_undoWindow) + 1));
            for (uint256 j = c.length; j > start;) {
                e = History.read(book, c.position, --j);
                if (j > i && e.writer == uint256(Writer.GOVERNANCE)) _notUndoable(c, i);
                // Of the entries of one second only the last was ever in force.
                if (e.time < nextTime && isTighter(c.direction, loosest, e.value)) loosest = e.value;
                nextTime = e.time;
            }
            if (isTighter(c.direction, loosest, value)) {
                revert IRiskParameters.RiskParameters_UndoTooLoose(c.scope, c.id, uint64(value), uint64(loosest));
            }
        }
    }

    function _notUndoable(Cell memory c, uint32 i) private pure {
        revert IRiskParameters.RiskParameters_NotUndoable(c.scope, c.id, i);
    }
}
