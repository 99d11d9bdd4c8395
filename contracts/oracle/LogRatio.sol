// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice ln(numerator / denominator), wad, within 2e-18. Both in [1, 2^128).
/// @dev The ratio of larger and smaller is 2^k m with m in [1, 2), and ln m = ln sqrt(2) + 2 atanh(t), t = (m - sqrt 2) / (m + sqrt 2), |t| <= 0.172:
/// fourteen terms of the series of atanh leave 1e-22. Odd: exchanging the two changes the sign alone.
function logRatio(uint256 numerator, uint256 denominator) pure returns (int256) {
    if (numerator == denominator) return 0;
    if (numerator < denominator) return -logRatio(denominator, numerator);
    // 120 binary digits, and 128 of m. numerator << 128 fits, since numerator is below 2^128.
    int256 halfLn2 = 460675318799830652613172153836239227;
    int256 sqrt2 = 481231938336009023090067544955250113854;
    int256 one = 1 << 120;
    unchecked {
        uint256 ratio = (numerator << 128) / denominator;
        uint256 k = Math.log2(ratio) - 128;
        int256 m = int256(ratio >> k);
        // |t| < 2^118, so products stay below 2^240.
        int256 t = (m - sqrt2) * one / (m + sqrt2);
        int256 u = t * t >> 120;
        int256 p = one / 27;
        for (int256 n = 25; n > 0; n -= 2) {
            p = (p * u >> 120) + one / n;
        }
        int256 log = int256(2 * k + 1) * halfLn2 + (t * p >> 119);
        return log * 1e18 >> 120;
    }
}
