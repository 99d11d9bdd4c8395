// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Book, entryTime} from "./Records.sol";

/// @title Append-only history of one parameter, which is also the sliding window of its budgets
/// @dev Entry times never fall, so a window starts at the newest entry not younger than the cutoff. A hint makes the usual search two reads;
/// a wrong hint costs a search of logarithmic length and never an inexact answer, also when a rule made the window longer.
library History {
    /// @dev Position and number are below 2^32.
    function key(uint256 position, uint256 i) internal pure returns (uint256) {
        return position << 32 | i;
    }

    /// @dev A packed entry.
    function read(Book storage book, uint256 position, uint256 i) internal view returns (uint256) {
        return book.entries[key(position, i)];
    }

    function timeAt(Book storage book, uint256 position, uint256 i) internal view returns (uint256) {
        return entryTime(read(book, position, i));
    }

    /// @dev Newest entry with `time <= cutoff`; entry 0 when none is that old. `length` is at least 1.
    /// @param hint Any entry, best the answer of an earlier search.
    function windowStart(Book storage book, uint256 position, uint256 length, uint256 hint, uint256 cutoff)
        internal
        view
        returns (uint256 low)
    {
        unchecked {
            // Entry numbers are below 2^32, so no sum of them overflows; `length` is at least 1 and `high > low` wherever they are subtracted.
            uint256 last = length - 1;
            if (timeAt(book, position, last) <= cutoff) return last;
            uint256 high = hint; // time(high) > cutoff; time(low) <= cutoff, or low is 0
            if (timeAt(book, position, hint) <= cutoff) {
                uint256 stride = 1;
                do {
                    low = high;
                    high += stride;
                    stride <<= 1;
                } while (high < last && timeAt(book, position, high) <= cutoff);
                if (high > last) high = last;
            }
            while (high > low + 1) {
                uint256 middle = (low + high) >> 1;
                if (timeAt(book, position, middle) <= cutoff) low = middle;
                else high = middle;
            }
        }
    }
}
