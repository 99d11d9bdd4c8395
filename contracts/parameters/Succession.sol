// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, ParameterEntry, ParameterRule, ParameterState, Reason, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {History} from "./History.sol";
import {Book, Live, PackedEntry, TIGHTEN_WINDOW, Trait, ago, nowSeconds} from "./Records.sol";
import {RuleBook} from "./RuleBook.sol";
import {Rules} from "./Rules.sol";
import {Write} from "./Store.sol";

/// @title Taking over a scope from a predecessor store
/// @dev A new deployment gives nobody a fresh budget, cooldown or undo: values, rules, timers, vetoes and the entries of every window come along,
/// and the predecessor's chain head is linked. Pendings, of values and of rules, stay behind.
abstract contract Succession is RuleBook {
    /// @dev Entries copied per parameter at most. Older ones of a window are merged into one that leaves the window later: only stricter.
    uint256 internal constant IMPORT_LIMIT = 48;

    /// @dev Where a parameter comes from.
    struct Origin {
        IRiskParameters from;
        ScopeId scope;
        ParamId id;
        ParameterState state;
    }

    function _importParameter(IRiskParameters from, ScopeId scope, ParamId id, Trait memory trait, uint256 undoWindow) internal {
        ParameterRule memory rule = from.ruleOf(scope, id);
        Rules.check(scope, id, rule, trait, _railsAt(trait.index));
        Origin memory origin = Origin(from, scope, id, from.stateOf(scope, id));
        uint64 value = origin.state.value;
        if (value < rule.floor || value > rule.ceiling) {
            revert IRiskParameters.RiskParameters_OutOfBounds(scope, id, value, rule.floor, rule.ceiling);
        }
        _putRule(scope, id, trait, rule);

        uint256 window = uint256(rule.loosenWindow) * 1 hours;
        if (window < TIGHTEN_WINDOW) window = TIGHTEN_WINDOW;
        if (window < undoWindow) window = undoWindow;
        _importLive(origin, trait, _copyEntries(origin, trait.index, ago(window)));
        _recordUpdate(scope, id, 0, Write(uint48(value), Writer.GOVERNANCE, Reason.IMPORT, 0, 0, 0, 0));
    }

    function _importLive(Origin memory origin, Trait memory trait, uint32 length) private {
        Book storage book = _books[origin.scope];
        ParameterState memory state = origin.state;
        Live memory live;
        live.value = uint48(state.value);
        if (trait.ramped) (live.eff, live.effAt) = (uint48(state.effective), nowSeconds());
        live.lastTightenAt = uint32(state.lastTightenAt);
        live.length = length;
        book.live[trait.index] = live;
        book.pendings[trait.index].vetoedUntil = uint32(state.vetoedUntil);
    }

    /// @dev Copies from the newest entry at or before `cutoff` to the last one. With more than {IMPORT_LIMIT} of them, the first copy is preceded
    /// by an entry of the same second that holds what its windows had used before, so it was never in force alone.
    /// @return length Entries written.
    function _copyEntries(Origin memory origin, uint256 position, uint256 cutoff) private returns (uint32 length) {
        Book storage book = _books[origin.scope];
        uint32 end = origin.state.historyLength;
        uint32 first = end - 1;
        PackedEntry memory last = _read(origin, first);
        PackedEntry memory e = last;
        while (first > 0 && e.time > cutoff && end - first < IMPORT_LIMIT) {
            e = _read(origin, --first);
        }
        if (first > 0 && e.time > cutoff) {
            book.entries[History.key(position, length++)] = _merged(origin.state, last, e.time);
        }
        for (; first < end; ++first) {
            e = _read(origin, first);
            if (e.reason == Reason.UNDO) book.undoneAt[position] = e.time;
            if (length == 0) (e.writer, e.reason) = (Writer.GOVERNANCE, Reason.IMPORT);
            book.entries[History.key(position, length++)] = e;
        }
    }

    /// @dev Sums as they stood before everything that the windows now hold.
    function _merged(ParameterState memory state, PackedEntry memory last, uint32 time) private pure returns (PackedEntry memory e) {
        e.value = uint48(state.tightenBudgetBase);
        e.time = time;
        e.reason = Reason.IMPORT;
        unchecked {
            // Sums wrap by design.
            e.cumulativeLoosenBps = last.cumulativeLoosenBps - uint32(state.loosenBudgetUsedBps);
            e.cumulativeTighten = last.cumulativeTighten - uint48(state.tightenBudgetUsed);
            e.cumulativeStewardTighten = last.cumulativeStewardTighten - uint48(state.stewardTightenUsed);
        }
    }

    function _read(Origin memory origin, uint32 i) private view returns (PackedEntry memory) {
        ParameterEntry memory e = origin.from.entry(origin.scope, origin.id, i);
        return PackedEntry(
            uint48(e.value), uint32(e.time), e.cumulativeLoosenBps, e.cumulativeTighten, e.cumulativeStewardTighten, e.round, e.writer, e.reason
        );
    }
}
