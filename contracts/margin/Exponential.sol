// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev ln 2 and one, 96 binary digits.
int256 constant LN2_96 = 54916777467707473351141471128;
int256 constant ONE_96 = 1 << 96;

/// @notice e^x, wad in and out, rounded down, within 1e-18 of itself and one unit. `x` in [-41e18, 41e18].
/// @dev e^x = 2^k e^r with r in [0, ln 2); twenty-two terms of the series of e^r leave 1e-25.
function exponential(int256 x) pure returns (uint256) {
    unchecked {
        // |x| 2^96 < 2^163; p stays below 2^98, r below 2^96, so products fit.
        int256 scaled = x * ONE_96 / 1e18;
        int256 k = scaled / LN2_96;
        if (scaled - k * LN2_96 < 0) --k;
        int256 r = scaled - k * LN2_96;
        int256 p = ONE_96;
        for (int256 n = 22; n > 0; --n) {
            p = ONE_96 + (p * r >> 96) / n;
        }
        return uint256(p) * 1e18 >> uint256(96 - k);
    }
}
