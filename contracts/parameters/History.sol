// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Book, PackedEntry} from "./Records.sol";

/// @title Append-only history of one parameter, which is also the sliding window of its budgets
/// @dev Entry times never fall, so a window starts at the newest entry not younger than the cutoff. A hint makes the usual search two reads;
/// a wrong hint costs a search of logarithmic length and never an inexact answer, also when a rule made the window longer.
library History {
    function key(uint256 position, uint256 i) internal pure returns (uint256) {
        return position << 32 | i;
    }

    function read(Book storage book, uint256 position, uint256 i) internal view returns (PackedEntry memory) {
        return book.entries[key(position, i)];
    }

    function timeAt(Book storage book, uint256 position, uint256 i) internal view returns (uint256) {
        return book.entries[key(position, i)].time;
    }

    /// @dev Newest entry with `time <= cutoff`; entry 0 when none is that old. `length` is at least 1.
    /// @param hint Any entry, best the answer of an earlier search.
    function windowStart(Book storage book, uint256 position, uint256 length, uint256 hint, uint256 cutoff) internal view returns (uint32) {
        if (timeAt(book, position, length - 1) <= cutoff) return uint32(length - 1);
        uint256 low; // time(low) <= cutoff, or low is 0
        uint256 high; // time(high) > cutoff
        if (timeAt(book, position, hint) <= cutoff) {
            low = hint;
            high = low + 1;
            uint256 stride = 1;
            while (high < length - 1 && timeAt(book, position, high) <= cutoff) {
                low = high;
                stride <<= 1;
                high += stride;
            }
            if (high > length - 1) high = length - 1;
        } else {
            high = hint;
        }
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            if (timeAt(book, position, middle) <= cutoff) low = middle;
            else high = middle;
        }
        return uint32(low);
    }
}
