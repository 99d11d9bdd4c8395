// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, Reason, Rejection, RoundContext, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {Candidate, Judge, Standard} from "./Judge.sol";
import {Book, Cell, Pending, bookOf, clearedPending, distance, packPending} from "./Records.sol";
import {Rules} from "./Rules.sol";
import {Write} from "./Store.sol";

/// @title Loosenings that wait for their veto window
/// @dev Pendings of one coupling group with one `createdAt` are a set: they were accepted together, execute together and fall together. A write
/// to a member voids it (its history is longer) and with it the set; so do the veto of a member and its replacement by a later set.
abstract contract Pendings is Judge {
    // ------------------------------------------------------------------ making

    /// @dev Pends the surviving loosenings of a round. One that is at most as loose as what is pending keeps creation and `eta`; a looser one, or
    /// one whose group mates do not keep the same creation, starts again.
    function _pendAll(Candidate[] memory all, RoundContext memory context) internal {
        uint256 restarts; // bit: group
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            if (!_loosens(c)) continue;
            bool restart = !_keeps(c, context.epoch);
            for (uint256 j; j < i; ++j) {
                Candidate memory mate = all[j];
                if (mate.cell.group == c.cell.group && _loosens(mate) && mate.pending.createdAt != c.pending.createdAt) restart = true;
            }
            if (restart) restarts |= 1 << c.cell.group;
        }
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            if (!_loosens(c)) continue;
            _pend(c, context, restarts >> c.cell.group & 1 == 1);
        }
    }

    function _loosens(Candidate memory c) private pure returns (bool) {
        return _survives(c) && !c.tightens;
    }

    /// @dev Whether a newer target leaves `eta` of the pending one: same side of the live value, and not further from it.
    function _keeps(Candidate memory c, uint32 epoch) private view returns (bool) {
        Pending memory p = c.pending;
        uint256 current = c.cell.value;
        return _stands(c.cell, p) && p.epoch == epoch && (p.target > current) == (c.value > current) && c.move <= distance(p.target, current);
    }

    /// @dev Pending, not void by a write and not expired; the epoch is the caller's to know.
    function _stands(Cell memory c, Pending memory p) private view returns (bool) {
        return p.createdAt != 0 && p.historyLength == c.length && block.timestamp <= p.expiry;
    }

    function _pend(Candidate memory c, RoundContext memory context, bool restart) private {
        Pending memory p = c.pending;
        Cell memory cell = c.cell;
        Book storage book = bookOf(cell);
        if (restart) {
            _dissolve(cell, p.createdAt, msg.sender);
            p.createdAt = block.timestamp;
            p.eta = block.timestamp + Rules.field(book.rules[cell.position].loosen, Rules.VETO_HOURS) * 1 hours;
            p.expiry = p.eta + _executionGrace;
        }
        p.target = c.value;
        p.epoch = context.epoch;
        p.historyLength = cell.length;
        p.round = context.round;
        book.pendings[cell.position] = packPending(p);
        _record(
            abi.encode(
                IRiskParameters.LooseningPended.selector, cell.scope, cell.id, p.round, cell.value, p.target, p.eta, p.expiry
            )
        );
    }

    // ------------------------------------------------------------------ removing

    /// @dev Removes the mates of a member that leaves its set, so that no part of a coupled move survives.
    function _dissolve(Cell memory leaving, uint256 createdAt, address by) private {
        if (createdAt == 0) return;
        uint256 mates = _members[leaving.group] & ~(1 << leaving.position);
        for (uint256 position; mates != 0; ++position) {
            if (mates & 1 == 1) {
                Pending memory p = _pendingAt(leaving.scope, position);
                if (p.createdAt == createdAt) {
                    Cell memory mate = _at(leaving.scope, position);
                    if (_stands(mate, p)) _remove(mate, p, by, false);
                }
            }
            mates >>= 1;
        }
    }

    function _at(ScopeId scope, uint256 position) private view returns (Cell memory c) {
        c = _find(scope, _idAt(position));
        _load(c);
    }

    /// @dev Clears a pending that stood, and records it.
    function _remove(Cell memory c, Pending memory p, address by, bool vetoed) private {
        Book storage book = bookOf(c);
        uint256 until = vetoed ? block.timestamp + Rules.field(book.rules[c.position].loosen, Rules.LOOSEN_COOLDOWN) * 1 minutes : 0;
        book.pendings[c.position] = clearedPending(vetoed ? until : p.vetoedUntil);
        _record(abi.encode(IRiskParameters.LooseningVoided.selector, c.scope, c.id, p.target, by, vetoed, until));
    }

    function _veto(ScopeId scope, ParamId id, address by) internal {
        Cell memory c = _open(scope, id);
        Pending memory p = _pendingOf(c);
        if (!_stands(c, p)) revert IRiskParameters.RiskParameters_NoPendingLoosening(scope, id);
        _remove(c, p, by, true);
        _dissolve(c, p.createdAt, by);
    }

    // ------------------------------------------------------------------ executing

    /// @dev Executes the whole set, judged again against storage as it is now.
    function _execute(ScopeId scope, ParamId id, uint32 epoch) internal {
        Cell memory asked = _open(scope, id);
        Candidate[] memory all = _set(asked, epoch);
        Standard memory standard = Standard(false, false, true, true, true);
        for (uint256 i; i < all.length; ++i) {
            _judgeAlone(all[i], standard);
            _requireAccepted(all[i]);
        }
        _judgeJoint(scope, all);
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            _requireAccepted(c);
            bookOf(c.cell).pendings[c.cell.position] = clearedPending(c.pending.vetoedUntil);
            _write(c.cell, Write(c.value, uint256(Writer.CONTROLLER), uint256(Reason.LOOSENING), c.pending.round, c.charge, 0, 0));
        }
    }

    /// @dev The set of a pending as candidates; reverts unless every member stands and is due.
    function _set(Cell memory asked, uint32 epoch) private view returns (Candidate[] memory all) {
        ScopeId scope = asked.scope;
        uint256 createdAt = _pendingOf(asked).createdAt;
        if (createdAt == 0) revert IRiskParameters.RiskParameters_NoPendingLoosening(scope, asked.id);
        uint256 members = _members[asked.group];
        uint256 size;
        for (uint256 m = members; m != 0; m &= m - 1) {
            ++size;
        }
        all = new Candidate[](size);
        size = 0;
        for (uint256 position; members != 0; ++position) {
            if (members & 1 == 1) {
                Pending memory p = _pendingAt(scope, position);
                if (p.createdAt == createdAt) {
                    Candidate memory c = all[size++];
                    c.cell = _at(scope, position);
                    c.value = p.target;
                    _requireDue(c.cell, p, epoch);
                }
            }
            members >>= 1;
        }
        assembly ("memory-safe") {
            // Shortens the array to the members found.
            mstore(all, size)
        }
    }

    function _requireDue(Cell memory c, Pending memory p, uint32 epoch) private view {
        if (p.epoch != epoch || p.historyLength != c.length) revert IRiskParameters.RiskParameters_LooseningVoid(c.scope, c.id);
        if (block.timestamp < p.eta) revert IRiskParameters.RiskParameters_LooseningNotDue(c.scope, c.id, uint48(p.eta));
        if (block.timestamp > p.expiry) revert IRiskParameters.RiskParameters_LooseningExpired(c.scope, c.id, uint48(p.expiry));
    }

    function _requireAccepted(Candidate memory c) private pure {
        if (!_survives(c)) {
            revert IRiskParameters.RiskParameters_LooseningRejected(c.cell.scope, c.cell.id, Rejection(c.code), uint64(c.limit));
        }
    }
}
