// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Sorts the first `count` words in place, ascending. By insertion: there are thirty at most.
function sortFirst(uint256[] memory words, uint256 count) pure {
    for (uint256 i = 1; i < count; ++i) {
        uint256 word = words[i];
        uint256 j = i;
        for (; j != 0 && words[j - 1] > word; --j) {
            words[j] = words[j - 1];
        }
        words[j] = word;
    }
}

/// @notice Median of the first `count` words, which are sorted, at least one and below 2^255; of an even count the mean of the middle two, rounded down.
function medianOfSorted(uint256[] memory words, uint256 count) pure returns (uint256) {
    uint256 upper = words[count / 2];
    return count % 2 == 1 ? upper : (words[count / 2 - 1] + upper) / 2;
}
