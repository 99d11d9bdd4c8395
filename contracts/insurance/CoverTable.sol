// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "../interfaces/ClearingTypes.sol";
import {CoverEntry} from "../interfaces/IInsuranceFund.sol";

/// @dev Accounts in a table.
uint256 constant COVER_SIZE = 8;

/// @title The accounts of a group with the largest stressed shortfalls
/// @dev Two words an entry. Entries past their age count nothing and are the first to be replaced.
library CoverTable {
    uint256 internal constant AGE = 1 days;

    /// @dev What counts now: `two` largest together, and the sum of all.
    function sums(CoverEntry[COVER_SIZE] memory entries) internal view returns (uint256 two, uint256 all) {
        (uint256 first, uint256 second) = (0, 0);
        for (uint256 i = 0; i < COVER_SIZE; ++i) {
            uint256 shortfall = liveShortfall(entries[i]);
            all += shortfall;
            if (shortfall > first) (first, second) = (shortfall, first);
            else if (shortfall > second) second = shortfall;
        }
        two = first + second;
    }

    /// @dev max(two largest, half of the sum, rounded up).
    function requirement(uint256 two, uint256 all) internal pure returns (uint256) {
        uint256 half = (all + 1) / 2;
        return two > half ? two : half;
    }

    /// @dev Where the account's entry belongs: its own place, else the least that counts. `COVER_SIZE` when the shortfall is no more than that.
    function placeOf(CoverEntry[COVER_SIZE] memory entries, AccountId account, uint256 shortfall) internal view returns (uint256 place) {
        uint256 smallest = type(uint256).max;
        for (uint256 i = 0; i < COVER_SIZE; ++i) {
            if (AccountId.unwrap(entries[i].account) == AccountId.unwrap(account)) return i;
            uint256 present = liveShortfall(entries[i]);
            if (present < smallest) (smallest, place) = (present, i);
        }
        if (shortfall <= smallest) return COVER_SIZE;
    }

    function liveShortfall(CoverEntry memory entry) internal view returns (uint256) {
        return block.timestamp < entry.time + AGE ? entry.shortfall : 0;
    }
}
