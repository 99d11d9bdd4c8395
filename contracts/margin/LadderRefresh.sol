// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {logRatio} from "../oracle/LogRatio.sol";
import {LadderHeader} from "./LadderLayout.sol";

/// @title When a ladder has to be posted again (risk-policy B12)
/// @notice The twin is `risk/margin/ladder/refreshReason.ts`; what only an engine can tell (corrections by value, a repaired smile) is not asked here.
library LadderRefresh {
    /// @notice Whether the ladder is older than a hundredth of its time to expiry (at least 15 minutes, at most a day), its vol at the money has moved by more
    /// than a point or 2 % (more than a week to expiry), or the price has left the middle half of its nodes.
    /// @param price Index price, USD wad, in [1, 2^128).
    /// @param atmVol Vol at the money now, wad.
    function isDue(LadderHeader memory h, uint256 price, uint256 atmVol, uint256 time) internal pure returns (bool) {
        uint256 left = h.expiry > time ? h.expiry - time : 0;
        if (time > h.asOf + longestAge(left)) return true;
        if (left > 7 days) {
            uint256 moved = atmVol > h.atmVol ? atmVol - h.atmVol : h.atmVol - atmVol;
            if (moved > 0.01e18 || moved * 50 > h.atmVol) return true;
        }
        // In quarters of the span from the first node, both times 1e12 since the grid is in millionths.
        int256 place = logRatio(price, h.base) - h.first * 1e12;
        int256 span = int256((h.nodes - 1) * h.spacing) * 1e12;
        return 4 * place < span || 4 * place > 3 * span;
    }

    /// @param left Seconds to expiry.
    function longestAge(uint256 left) internal pure returns (uint256 age) {
        age = left / 100;
        if (age < 15 minutes) return 15 minutes;
        if (age > 1 days) return 1 days;
    }
}
