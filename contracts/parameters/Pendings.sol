// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, Reason, Rejection, RoundContext, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {Candidate, Judge, Standard} from "./Judge.sol";
import {Book, Live, PackedPending, Trait, distance, nowSeconds} from "./Records.sol";
import {Write} from "./Store.sol";

/// @title Loosenings that wait for their veto window
/// @dev Pendings of one coupling group with one `createdAt` are a set: they were accepted together, execute together and fall together. A write
/// to a member voids it (its history is longer) and with it the set; so do the veto of a member and its replacement by a later set.
abstract contract Pendings is Judge {
    /// @dev Seconds after `eta` in which a pending may execute.
    uint32 internal immutable _executionGrace;

    constructor(uint32 executionGrace) {
        _executionGrace = executionGrace;
    }

    // ------------------------------------------------------------------ making

    /// @dev Pends the surviving loosenings of a round. One that is at most as loose as what is pending keeps creation and `eta`; a looser one, or
    /// one whose group mates do not keep theirs, starts again.
    function _pendAll(ScopeId scope, Book storage book, Candidate[] memory all, RoundContext memory context) internal returns (uint16 pended) {
        uint256 restarts; // bit: group
        for (uint256 i; i < all.length; ++i) {
            if (!_loosens(all[i])) continue;
            if (!_keeps(all[i], context.epoch)) restarts |= 1 << all[i].trait.group;
            for (uint256 j; j < i; ++j) {
                bool mates = _loosens(all[j]) && all[j].trait.group == all[i].trait.group;
                if (mates && all[j].pending.createdAt != all[i].pending.createdAt) restarts |= 1 << all[i].trait.group;
            }
        }
        for (uint256 i; i < all.length; ++i) {
            if (!_loosens(all[i])) continue;
            _pend(scope, book, all[i], context, restarts & (1 << all[i].trait.group) != 0);
            ++pended;
        }
    }

    function _loosens(Candidate memory c) private pure returns (bool) {
        return c.code == Rejection.NONE && !c.tightens;
    }

    /// @dev Whether a newer target leaves `eta` of the pending one: same side of the live value, and not further from it.
    function _keeps(Candidate memory c, uint32 epoch) private view returns (bool) {
        PackedPending memory p = c.pending;
        return _inForce(p, c.live, epoch) && (p.target > c.current) == (c.value > c.current)
            && distance(c.value, c.current) <= distance(p.target, c.current);
    }

    function _inForce(PackedPending memory p, Live memory live, uint32 epoch) private view returns (bool) {
        return _standing(p, live) && p.epoch == epoch;
    }

    /// @dev Pending, not void by a write and not expired; the epoch is the caller's to know.
    function _standing(PackedPending memory p, Live memory live) private view returns (bool) {
        return p.createdAt != 0 && p.historyLength == live.length && block.timestamp <= uint256(p.eta) + _executionGrace;
    }

    function _pend(ScopeId scope, Book storage book, Candidate memory c, RoundContext memory context, bool restart) private {
        PackedPending memory p = c.pending;
        if (restart) {
            _dissolve(scope, book, c.trait, p.createdAt, msg.sender);
            p.createdAt = nowSeconds();
            p.eta = p.createdAt + uint32(book.rules[c.trait.index].loosen.vetoHours) * 1 hours;
        }
        p.target = uint48(c.value);
        p.epoch = context.epoch;
        p.historyLength = c.live.length;
        p.round = context.round;
        book.pendings[c.trait.index] = p;
        uint48 expiry = uint48(p.eta) + _executionGrace;
        uint32 index = _link(
            keccak256(
                abi.encode(
                    IRiskParameters.LooseningPended.selector, scope, c.id, context.round, c.current, c.value, uint48(p.eta), expiry
                )
            )
        );
        emit IRiskParameters.LooseningPended(index, scope, c.id, context.round, c.current, c.value, p.eta, expiry);
    }

    // ------------------------------------------------------------------ removing

    /// @dev Removes the mates of a member that leaves its set, so that no part of a coupled move survives.
    function _dissolve(ScopeId scope, Book storage book, Trait memory leaving, uint32 createdAt, address by) internal {
        if (createdAt == 0) return;
        uint256 mates = _members[leaving.group] & ~(uint256(1) << leaving.index);
        for (uint256 position; mates != 0; ++position) {
            if (mates & 1 == 1 && book.pendings[position].createdAt == createdAt) _remove(scope, book, position, by, false, 0);
            mates >>= 1;
        }
    }

    /// @dev Clears a pending and records it when it still stood.
    function _remove(ScopeId scope, Book storage book, uint256 position, address by, bool vetoed, uint32 vetoedUntil) internal {
        PackedPending memory p = book.pendings[position];
        bool stood = _standing(p, book.live[position]);
        book.pendings[position] = PackedPending(0, 0, 0, 0, 0, 0, vetoed ? vetoedUntil : p.vetoedUntil);
        if (!stood) return;
        ParamId id = _idAt(position);
        uint32 index = _link(
            keccak256(abi.encode(IRiskParameters.LooseningVoided.selector, scope, id, p.target, by, vetoed, uint48(vetoedUntil)))
        );
        emit IRiskParameters.LooseningVoided(index, scope, id, p.target, by, vetoed, vetoedUntil);
    }

    function _veto(ScopeId scope, ParamId id, address by) internal {
        (Trait memory trait, Book storage book, Live memory live) = _open(scope, id);
        PackedPending memory p = book.pendings[trait.index];
        if (!_standing(p, live)) revert IRiskParameters.RiskParameters_NoPendingLoosening(scope, id);
        uint32 until = nowSeconds() + uint32(book.rules[trait.index].loosen.cooldown) * 1 minutes;
        _remove(scope, book, trait.index, by, true, until);
        _dissolve(scope, book, trait, p.createdAt, by);
    }

    // ------------------------------------------------------------------ executing

    /// @dev Executes the whole set, judged again against storage as it is now.
    function _execute(ScopeId scope, ParamId id, uint32 epoch) internal {
        (Trait memory trait, Book storage book,) = _open(scope, id);
        uint32 createdAt = book.pendings[trait.index].createdAt;
        if (createdAt == 0) revert IRiskParameters.RiskParameters_NoPendingLoosening(scope, id);

        Candidate[] memory all = _collect(scope, book, trait.group, createdAt, epoch);
        Standard memory standard = Standard(Writer.CONTROLLER, false, true, true, true);
        for (uint256 i; i < all.length; ++i) {
            _judgeAlone(book, all[i], standard);
            // The target was loose when it was made and nothing was written since.
            _requireAccepted(scope, all[i]);
        }
        _judgeJoint(book, all);
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            _requireAccepted(scope, c);
            book.pendings[c.trait.index] = PackedPending(0, 0, 0, 0, 0, 0, c.pending.vetoedUntil);
            Write memory w = Write(uint48(c.value), Writer.CONTROLLER, Reason.LOOSENING, c.pending.round, c.charge, 0, 0);
            _write(scope, book, c.id, c.trait, c.live, w);
        }
    }

    /// @dev The set as candidates; reverts unless every member stands and is due.
    function _collect(ScopeId scope, Book storage book, uint8 group, uint32 createdAt, uint32 epoch)
        private
        view
        returns (Candidate[] memory all)
    {
        uint256 members = _members[group];
        uint256 count;
        for (uint256 m = members; m != 0; m >>= 1) {
            count += m & 1;
        }
        all = new Candidate[](count);
        count = 0;
        for (uint256 position; members != 0; ++position) {
            if (members & 1 == 1 && book.pendings[position].createdAt == createdAt) {
                _due(scope, book, position, epoch, all[count++]);
            }
            members >>= 1;
        }
        assembly ("memory-safe") {
            // Shrinks the array to the members found.
            mstore(all, count)
        }
    }

    function _due(ScopeId scope, Book storage book, uint256 position, uint32 epoch, Candidate memory c) private view {
        PackedPending memory p = book.pendings[position];
        c.id = _idAt(position);
        c.trait = _traitOrNone(c.id);
        c.live = book.live[position];
        c.current = c.live.value;
        c.value = p.target;
        if (p.epoch != epoch || p.historyLength != c.live.length) revert IRiskParameters.RiskParameters_LooseningVoid(scope, c.id);
        if (block.timestamp < p.eta) revert IRiskParameters.RiskParameters_LooseningNotDue(scope, c.id, p.eta);
        uint48 expiry = uint48(p.eta) + _executionGrace;
        if (block.timestamp > expiry) revert IRiskParameters.RiskParameters_LooseningExpired(scope, c.id, expiry);
    }

    function _requireAccepted(ScopeId scope, Candidate memory c) private pure {
        if (c.code != Rejection.NONE) revert IRiskParameters.RiskParameters_LooseningRejected(scope, c.id, c.code, c.limit);
    }
}
