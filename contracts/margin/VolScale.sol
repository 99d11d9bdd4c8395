// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {logRatio} from "../oracle/LogRatio.sol";
import {exponential} from "./Exponential.sol";

/// @title How much more the vol of an expiry moves than that of 30 days
/// @notice m(T) = (30 d / max(T, 1 d))^p, p = 0.5 below 30 days and 0.3 above (risk-policy B4). The twin is `risk/scenarios/volStates.ts`.
library VolScale {
    /// @notice Lowest vol that the up state starts from, wad.
    uint256 internal constant UP_FLOOR = 0.4e18;
    /// @notice Smallest vol of the down state, as a share of the vol, wad.
    uint256 internal constant DOWN_FLOOR = 0.35e18;
    /// @notice Largest multiple of the down scan, wad.
    uint256 internal constant DOWN_CEILING = 1.6e18;

    uint256 private constant REFERENCE = 30 days;
    int256 private constant LONG_POWER = 0.3e18;

    /// @param time Seconds to expiry, below 2^48.
    /// @return scale m(T), wad, within 2e-18.
    function scaleOf(uint256 time) internal pure returns (uint256 scale) {
        if (time < 1 days) time = 1 days;
        if (time < REFERENCE) return Math.sqrt(REFERENCE * 1e36 / time);
        return exponential(logRatio(REFERENCE, time) * LONG_POWER / 1e18);
    }

    /// @notice What the up state multiplies max(vol, {UP_FLOOR}) by: 1 + scan m. Wad.
    /// @param scan Bps.
    function upFactor(uint256 scan, uint256 scale) internal pure returns (uint256) {
        return 1e18 + scan * scale / 10_000;
    }

    /// @notice What the down state multiplies the vol by: max(0.35, 1 - scan min(m, 1.6)). Wad.
    /// @param scan Bps.
    function downFactor(uint256 scan, uint256 scale) internal pure returns (uint256) {
        uint256 cut = scan * Math.min(scale, DOWN_CEILING) / 10_000;
        return cut < 1e18 - DOWN_FLOOR ? 1e18 - cut : DOWN_FLOOR;
    }
}
