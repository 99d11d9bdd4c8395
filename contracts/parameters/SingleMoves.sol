// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Direction, ParamClass, ParamId, Reason, Rejection, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {History} from "./History.sol";
import {Judge, Standard} from "./Judge.sol";
import {Book, Cell, M48, ago, bookOf, breakable, distance, entryTime, entryWriter, isTighter} from "./Records.sol";
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
        uint256 rule = bookOf(c).rules[c.position].tighten;
        uint256 baseline = Rules.field(bookOf(c).rules[c.position].loosen, Rules.BASELINE);
        if (!isTighter(c.direction, baseline, c.value)) {
            revert IRiskParameters.RiskParameters_NotTighter(scope, id, uint64(c.value), uint64(baseline));
        }
        uint256 move = _tightenStep(c.value, rule, false);
        uint256 gap = distance(baseline, c.value);
        if (move > gap) move = gap;
        (Rejection code, uint256 limit) = (Rejection.STEP, 0);
        if (c.class != uint256(ParamClass.RISK)) (code, limit) = (Rejection.CLASS, c.class);
        else if (move != 0) (code, limit) = _judgeTightening(c, rule, move, Standard(false, false, false, true, false));
        if (code != Rejection.NONE) revert IRiskParameters.RiskParameters_Cooldown(scope, id, code, uint64(limit));

        uint256 value;
        unchecked {
            // The step ends at the baseline at the latest.
            value = c.direction == uint256(Direction.UP) ? c.value + move : c.value - move;
        }
        uint256 breaks = breakable(c, value);
        _write(c, Write(value, uint256(Writer.DEADMAN), uint256(Reason.DEADMAN), 0, 0, move, 0));
        _requireJoint(scope, breaks);
        return uint64(value);
    }

    /// @dev Restores the value before entry `i`.
    function _undo(ScopeId scope, ParamId id, uint32 i) internal {
        Cell memory c = _open(scope, id);
        uint256 value = _undoable(c, i);
        Book storage book = bookOf(c);
        unchecked {
            // Two 32-bit numbers.
            uint256 again = book.undoneAt[c.position] + _undoWindow;
            if (block.timestamp < again) revert IRiskParameters.RiskParameters_UndoUsed(scope, id, uint48(again));
        }
        _requireInside(c, value);
        book.undoneAt[c.position] = block.timestamp;
        uint256 breaks = breakable(c, value);
        _write(c, Write(value, uint256(Writer.UNDO), uint256(Reason.UNDO), 0, 0, 0, 0));
        _requireJoint(scope, breaks);
    }

    /// @dev Value before entry `i`, if that entry is a tightening of a RISK parameter by anyone but the DAO, young enough, still tighter than what
    /// it replaced, not followed by a decision of the DAO, and the restored value is not looser than every value in force in the window.
    function _undoable(Cell memory c, uint32 i) private view returns (uint256 value) {
        Book storage book = bookOf(c);
        if (i == 0 || i >= c.length || c.class != uint256(ParamClass.RISK)) _notUndoable(c, i);
        uint256 e = History.read(book, c.position, i);
        unchecked {
            // `i` is not zero; instants and entry numbers are below 2^32; `j` is above `start` where it is lowered.
            value = History.read(book, c.position, i - 1) & M48;
            bool tightened = isTighter(c.direction, e & M48, value) && isTighter(c.direction, c.value, value);
            if (entryWriter(e) == uint256(Writer.GOVERNANCE) || !tightened) _notUndoable(c, i);
            uint256 until = entryTime(e) + _undoWindow;
            if (block.timestamp > until) revert IRiskParameters.RiskParameters_UndoTooLate(c.scope, c.id, uint48(until));

            uint256 loosest = c.value;
            uint256 nextTime = block.timestamp + 1;
            // The value before an entry was in force until the second before it.
            uint256 start = History.windowStart(book, c.position, c.length, i, ago(uint256(_undoWindow) + 1));
            for (uint256 j = c.length; j > start;) {
                e = History.read(book, c.position, --j);
                if (j > i && entryWriter(e) == uint256(Writer.GOVERNANCE)) _notUndoable(c, i);
                // Of the entries of one second only the last was ever in force.
                if (entryTime(e) < nextTime && isTighter(c.direction, loosest, e & M48)) loosest = e & M48;
                nextTime = entryTime(e);
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
