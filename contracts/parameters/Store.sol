// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, Reason, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {Catalogue, Relation} from "./Catalogue.sol";
import {HashChain} from "./HashChain.sol";
import {History} from "./History.sol";
import {Ramp} from "./Ramp.sol";
import {
    Book, Cell, bookOf, entryLoosenBps, entryStewardTighten, entryTighten, isTighter, packEntry, packLive, unpackLive
} from "./Records.sol";
import {Rules} from "./Rules.sol";

/// @dev A value about to be written. Charges are what it adds to the budgets: zero for the DAO, an undo and an activation.
struct Write {
    uint256 value;
    uint256 writer; // of {Writer}
    uint256 reason; // of {Reason}
    uint256 round;
    uint256 loosenBps;
    uint256 tighten; // own unit, controller and dead-man
    uint256 stewardTighten; // own unit
}

/// @title State of all scopes and the one place where a value changes
abstract contract Store is Catalogue, HashChain {
    /// @dev An active parameter, read from storage.
    function _open(ScopeId scope, ParamId id) internal view returns (Cell memory c) {
        c = _known(scope, id);
        _load(c);
    }

    /// @dev Adds the live state to a known parameter; reverts when the scope is not active.
    function _load(Cell memory c) internal view {
        unpackLive(c, bookOf(c).live[c.position]);
        if (c.length == 0) revert IRiskParameters.RiskParameters_InactiveScope(c.scope);
    }

    /// @dev Newest entry, packed.
    function _last(Cell memory c) internal view returns (uint256) {
        return History.read(bookOf(c), c.position, c.length - 1);
    }

    /// @dev First entry of a parameter: value, timers and ramp start here, so the first move of any writer is as late as every other.
    function _seed(Cell memory c, uint256 value) internal {
        c.lastTightenAt = block.timestamp;
        _append(c, 0, _byDao(value, Reason.ACTIVATION));
    }

    /// @dev Appends the entry, moves the target, seeds the timers. Any pending loosening is void from here on: the history is longer.
    /// The caller has judged the value, and holds the cell as stored, save for the window hints it may have advanced.
    function _write(Cell memory c, Write memory w) internal {
        if (isTighter(c.direction, w.value, c.value)) c.lastTightenAt = block.timestamp;
        _append(c, _last(c), w);
    }

    /// @param last Packed entry before, whose sums the new one continues; zero for the first.
    function _append(Cell memory c, uint256 last, Write memory w) private {
        Book storage book = bookOf(c);
        uint256 previous = c.value;
        unchecked {
            // Sums wrap by design: a window is the difference of two of them, far smaller than the modulus. A history stays below 2^32 entries.
            book.entries[History.key(c.position, c.length)] = packEntry(
                w.value,
                block.timestamp,
                entryLoosenBps(last) + w.loosenBps,
                entryTighten(last) + w.tighten,
                entryStewardTighten(last) + w.stewardTighten,
                w.round,
                w.writer,
                w.reason
            );
            Ramp.retarget(c, _speed(c), w.value);
            ++c.length;
        }
        book.live[c.position] = packLive(c);
        _recordUpdate(c, previous, w);
    }

    function _recordUpdate(Cell memory c, uint256 previous, Write memory w) internal {
        _record(
            abi.encode(
                IRiskParameters.ParameterUpdated.selector, c.scope, c.id, previous, w.value, w.writer, w.reason, w.round, msg.sender
            )
        );
    }

    /// @dev A write of the DAO: it charges nothing.
    function _byDao(uint256 value, Reason reason) internal pure returns (Write memory w) {
        w.value = value;
        w.writer = uint256(Writer.GOVERNANCE);
        w.reason = uint256(reason);
    }

    /// @dev Ramp speed, own unit per hour.
    function _speed(Cell memory c) internal view returns (uint256) {
        return Rules.field(bookOf(c).rules[c.position].tighten, Rules.RAMP_PER_HOUR);
    }

    /// @dev Reverts unless `value` lies inside the bounds of the rule in force.
    function _requireInside(Cell memory c, uint256 value) internal view {
        uint256 rule = bookOf(c).rules[c.position].tighten;
        uint256 floor = Rules.field(rule, Rules.FLOOR);
        uint256 ceiling = Rules.field(rule, Rules.CEILING);
        if (value < floor || value > ceiling) {
            revert IRiskParameters.RiskParameters_OutOfBounds(c.scope, c.id, uint64(value), uint64(floor), uint64(ceiling));
        }
    }

    // ------------------------------------------------------------------ joint invariants

    /// @dev Both sides of a joint invariant as stored, not scaled.
    function _sides(ScopeId scope, Relation memory r) internal view returns (uint256 left, uint256 right) {
        return (_side(scope, r.left, r.leftBaseline), _side(scope, r.right, r.rightBaseline));
    }

    function _side(ScopeId scope, uint256 position, bool baseline) private view returns (uint256) {
        Book storage book = _books[scope];
        return baseline ? Rules.field(book.rules[position].loosen, Rules.BASELINE) : uint48(book.live[position]);
    }

    /// @dev Scaled sides: the invariant holds when the first is at most the second. 48 + 32 bits never overflow.
    function _scaled(Relation memory r, uint256 left, uint256 right) internal pure returns (uint256, uint256) {
        unchecked {
            return (left * r.leftMul, right * r.rightMul + r.slack);
        }
    }

    /// @dev Reverts with the first invariant of `mask` that storage breaks. Called after the writes of every path that reverts on failure.
    function _requireJoint(ScopeId scope, uint256 mask) internal view {
        for (uint256 i; mask != 0; ++i) {
            if (mask & 1 == 1) {
                Relation memory r = _relationAt(i);
                (uint256 left, uint256 right) = _sides(scope, r);
                (left, right) = _scaled(r, left, right);
                if (left > right) revert IRiskParameters.RiskParameters_JointInvariant(scope, i, left, right);
            }
            mask >>= 1;
        }
    }
}
