// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A list in storage of fixed-width entries, as many a word as fit, first entry lowest, ascending by the key in their lowest bits.
library PackedList {
    /// @return Entry `i` of entries `bits` wide.
    function entryAt(mapping(uint256 word => uint256) storage list, uint256 bits, uint256 i) internal view returns (uint256) {
        uint256 perWord = 256 / bits;
        return (list[i / perWord] >> (bits * (i % perWord))) & ((1 << bits) - 1);
    }

    /// @return place Of the entry with `key`, or where it belongs.
    function find(mapping(uint256 word => uint256) storage list, uint256 bits, uint256 count, uint256 keyBits, uint256 key)
        internal
        view
        returns (uint256 place, bool found)
    {
        uint256 mask = (1 << keyBits) - 1;
        uint256 end = count;
        while (place < end) {
            uint256 middle = (place + end) / 2;
            uint256 its = entryAt(list, bits, middle) & mask;
            if (its == key) return (middle, true);
            if (its < key) place = middle + 1;
            else end = middle;
        }
    }

    function set(mapping(uint256 word => uint256) storage list, uint256 bits, uint256 i, uint256 entry) internal {
        uint256 perWord = 256 / bits;
        uint256 shift = bits * (i % perWord);
        uint256 word = list[i / perWord];
        list[i / perWord] = (word & ~(((1 << bits) - 1) << shift)) | (entry << shift);
    }

    /// @param count Entries before the call.
    function insert(mapping(uint256 word => uint256) storage list, uint256 bits, uint256 count, uint256 i, uint256 entry) internal {
        uint256 perWord = 256 / bits;
        uint256 top = bits * (perWord - 1);
        uint256 used = type(uint256).max >> (256 - bits * perWord);
        uint256 w = i / perWord;
        uint256 last = count / perWord;
        uint256 shift = bits * (i % perWord);
        uint256 word = list[w];
        uint256 low = word & ((1 << shift) - 1);
        uint256 carry = word >> top;
        // Shifted by a whole word at the top place: 256-bit shifts of 256 or more give zero.
        list[w] = low | (entry << shift) | ((((word >> shift) << shift) << bits) & used);
        while (w < last) {
            word = list[++w];
            list[w] = carry | ((word << bits) & used);
            carry = word >> top;
        }
    }

    /// @param count Entries before the call.
    function remove(mapping(uint256 word => uint256) storage list, uint256 bits, uint256 count, uint256 i) internal {
        uint256 perWord = 256 / bits;
        uint256 top = bits * (perWord - 1);
        uint256 w = i / perWord;
        uint256 last = (count - 1) / perWord;
        uint256 shift = bits * (i % perWord);
        uint256 word = list[w];
        uint256 low = word & ((1 << shift) - 1);
        uint256 moved = low | (((word >> shift) >> bits) << shift);
        while (w < last) {
            uint256 next = list[w + 1];
            list[w++] = moved | ((next & ((1 << bits) - 1)) << top);
            moved = next >> bits;
        }
        list[w] = moved;
    }
}
