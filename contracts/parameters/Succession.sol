// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParameterRule, Reason} from "../interfaces/ParameterTypes.sol";
import {History} from "./History.sol";
import {
    Book, Cell, M32, PackedRule, ago, bookOf, clearedPending, entryLoosenBps, entryStewardTighten, entryTighten, packEntry,
    packLive, unpackLive, vetoOf
} from "./Records.sol";
import {Judge} from "./Judge.sol";
import {RuleBook} from "./RuleBook.sol";
import {Rules} from "./Rules.sol";

/// @title Handing a scope over to a successor store
/// @dev A new deployment gives nobody a fresh budget, cooldown or undo: values, rules, timers, vetoes and the entries of every window come along,
/// and the predecessor's chain head is linked. Pendings, of values and of rules, stay behind.
/// A parameter travels as words: rule (2), live state, end of the veto, instant of the last undo, then history entries, oldest first, packed as
/// in Records.sol.
abstract contract Succession is RuleBook, Judge {
    /// @dev Entries handed over per parameter at most. Older ones of a window are merged into one that leaves it later: only stricter.
    uint256 internal constant EXPORT_LIMIT = 48;
    uint256 private constant HEADER = 5;

    /// @dev From the newest entry that is older than every window on. With more than {EXPORT_LIMIT} of them, the first one sent is preceded by an
    /// entry of the same second that holds what its windows had used before, so it was never in force alone.
    function _export(Cell memory c, uint256 undoWindow) internal view returns (uint256[] memory words) {
        Book storage book = bookOf(c);
        PackedRule memory rule = book.rules[c.position];
        uint256 window = Rules.field(rule.loosen, Rules.LOOSEN_WINDOW) * 1 hours;
        // Never shorter than the window of tightening: {Rules.MIN_LOOSEN_WINDOW}.
        if (window < undoWindow) window = undoWindow;
        uint256 first = History.windowStart(book, c.position, c.length, c.loosenTail, ago(window));
        uint256 merged;
        unchecked {
            // `first` is below the length, and both are below 2^32.
            if (c.length - first > EXPORT_LIMIT) {
                first = c.length - EXPORT_LIMIT;
                merged = 1;
            }
            words = new uint256[](HEADER + merged + c.length - first);
        }
        words[0] = rule.tighten;
        words[1] = rule.loosen;
        words[2] = book.live[c.position];
        words[3] = vetoOf(book.pendings[c.position]);
        words[4] = book.undoneAt[c.position];
        if (merged == 1) words[HEADER] = _merged(c, History.timeAt(book, c.position, first));
        for (uint256 i = HEADER + merged; i < words.length; ++i) {
            words[i] = History.read(book, c.position, first);
            unchecked {
                ++first;
            }
        }
    }

    /// @dev Sums as they stood before everything that the windows hold now, and the value the tightening budget is measured on.
    function _merged(Cell memory c, uint256 time) private view returns (uint256) {
        (uint256 loosened,) = _loosenUsed(c);
        (uint256 tightened, uint256 bySteward, uint256 base,) = _tightenUsed(c);
        uint256 last = _last(c);
        unchecked {
            // Sums wrap by design.
            return packEntry(
                base, time, entryLoosenBps(last) - loosened, entryTighten(last) - tightened, entryStewardTighten(last) - bySteward, 0, 0,
                uint256(Reason.IMPORT)
            );
        }
    }

    /// @param c Known, not active.
    function _import(Cell memory c, uint256[] memory words) internal {
        ParameterRule memory rule = Rules.unpack(PackedRule(words[0], words[1]));
        Rules.check(c.scope, rule, _specAt(c.position));
        _putRule(c, rule);
        unpackLive(c, words[2]);
        _requireInside(c, c.value);

        Book storage book = bookOf(c);
        for (uint256 i = HEADER; i < words.length; ++i) {
            unchecked {
                book.entries[History.key(c.position, i - HEADER)] = words[i];
            }
        }
        (c.length, c.tightenTail, c.loosenTail) = (words.length - HEADER, 0, 0);
        book.live[c.position] = packLive(c);
        book.pendings[c.position] = clearedPending(words[3] & M32);
        book.undoneAt[c.position] = words[4];
        _recordUpdate(c, 0, _byDao(c.value, Reason.IMPORT));
    }
}
