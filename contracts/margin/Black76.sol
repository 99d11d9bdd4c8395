// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Black-76 value of a European option over the full range of strikes, times and vols
/// @notice Undiscounted, in the unit of `forward` and `strike`. Pure: reads no storage, calls nobody.
/// @dev With a = |ln(F/K)|, s = vol sqrt(T), d1 = s/2 - a/s, d2 = d1 - s and F <= K (else the two change places), the out-of-the-money option is worth
/// F N(d1) - K N(d2) (Black 1976, equation 16). Since F phi(d1) = K phi(d2), one exponential serves both terms: with Mills' ratio m(z) = N(-z) / e^(-z^2/2),
///
///     d1 <= 0:  F e^(-d1^2/2) (m(-d1) - m(-d2))        d1 > 0:  F (1 - e^(-d1^2/2) (m(d1) + m(-d2)))
///
/// The in-the-money option adds its payoff, so put-call parity is exact. Fixed point with 64 binary digits; values are rounded down, largest error
/// 1e-12 of the smaller of forward and strike, where their ratio is below 65,536.
library Black76 {
    /// @notice Largest deviation: four hundred sigmas of 100 % and a year, far above any quote. Wad.
    uint256 internal constant MAX_DEVIATION = 400e18;
    /// @notice Largest forward and strike.
    uint256 internal constant MAX_PRICE = type(uint128).max;

    /// @notice Largest vol, wad, and time to expiry, seconds, of {deviationOf}.
    uint256 internal constant MAX_VOL = 1 << 64;
    uint256 internal constant MAX_TIME = 1 << 31;

    /// @dev 8.5 in 64-bit fixed point. Beyond it N is 0 or 1 to 1e-17.
    uint256 private constant FAR = 156797324626531188736;
    uint256 private constant LN2 = 12786308645202655660;
    uint256 private constant HALF_LN2 = 6393154322601327830;
    /// @dev 1 / sqrt(365 days) with 88 binary digits.
    uint256 private constant INVERSE_ROOT_OF_YEAR = 55110749187944347437011;
    /// @dev 1 / (1.5 + sqrt 2): m/(1.5 + sqrt 2) + twice that is within 3 % of sqrt(m) for m in [1, 4).
    uint256 private constant ROOT_SLOPE = 6329921839595051997;
    /// @dev sqrt(2) with 96 binary digits.
    uint256 private constant SQRT2 = 112045541949572279837463876454;

    error Black76_OutOfRange(uint256 value, uint256 floor, uint256 ceiling);

    /// @notice Value of a call or a put.
    /// @param forward In [1, 2^128), any unit.
    /// @param strike In [1, 2^128), the same unit.
    /// @param deviation vol sqrt(T), wad, at most {MAX_DEVIATION}; with 0 the value is the payoff.
    function price(bool isCall, uint256 forward, uint256 strike, uint256 deviation) internal pure returns (uint256) {
        if (deviation > MAX_DEVIATION) revert Black76_OutOfRange(deviation, 0, MAX_DEVIATION);
        unchecked {
            // Zero wraps to the largest number. Both prices are below 2^128; the payoff is taken only where it is positive.
            if (forward - 1 >= MAX_PRICE) revert Black76_OutOfRange(forward, 1, MAX_PRICE);
            if (strike - 1 >= MAX_PRICE) revert Black76_OutOfRange(strike, 1, MAX_PRICE);
            uint256 time = forward < strike ? timeValue(forward, strike, deviation) : timeValue(strike, forward, deviation);
            if (isCall) return forward > strike ? time + forward - strike : time;
            return strike > forward ? time + strike - forward : time;
        }
    }

    /// @notice vol sqrt(T) of an option that expires in `time` seconds, Actual/365; off by at most 1e-13 of itself. Wad.
    /// @param vol Annualised, wad, at most 2^64.
    /// @param time At most 2^31 seconds.
    function deviationOf(uint256 vol, uint256 time) internal pure returns (uint256) {
        if (vol > MAX_VOL) revert Black76_OutOfRange(vol, 0, MAX_VOL);
        if (time > MAX_TIME) revert Black76_OutOfRange(time, 0, MAX_TIME);
        unchecked {
            return vol * _rootOfYears(time) >> 64;
        }
    }

    /// @notice Value of the out-of-the-money option. Arguments are not checked.
    /// @param small The smaller of forward and strike, at least 1.
    /// @param large The larger.
    function timeValue(uint256 small, uint256 large, uint256 deviation) internal pure returns (uint256) {
        unchecked {
            // Every quantity is a fixed-point number far below 2^128 (a < 89, s <= 400, z <= 640 where it is used), so no product reaches 2^256.
            uint256 s = (deviation << 64) / 1e18;
            if (s == 0) return 0;
            uint256 a = (logOfRatio(small, large) << 64) / s;
            uint256 half = s >> 1;
            bool below = a >= half;
            uint256 z1 = below ? a - half : half - a;
            if (z1 >= FAR) return below ? 0 : small;
            uint256 e = _expOfMinusHalfSquare(z1);
            uint256 m1 = _mills(z1);
            uint256 m2 = _mills(a + half);
            if (!below) return small * ((1 << 128) - e * (m1 + m2)) >> 128;
            return m1 > m2 ? small * (e * (m1 - m2) >> 64) >> 64 : 0;
        }
    }

    /// @notice Probability that the price ends below the strike, N(-d2): what a digital put that pays one is worth. Wad, rounded down, error below 1e-12.
    /// Arguments are not checked; with a deviation of 0 it is 1 below the strike, else 0.
    function probabilityBelow(uint256 forward, uint256 strike, uint256 deviation) internal pure returns (uint256) {
        unchecked {
            // As in {timeValue}; -d2 is half + a below the strike, half - a above it.
            bool below = forward < strike;
            uint256 s = (deviation << 64) / 1e18;
            if (s == 0) return below ? 1e18 : 0;
            uint256 a = ((below ? logOfRatio(forward, strike) : logOfRatio(strike, forward)) << 64) / s;
            uint256 half = s >> 1;
            bool likely = below || a < half;
            uint256 z = below ? a + half : a < half ? half - a : a - half;
            uint256 tail = z >= FAR ? 0 : _expOfMinusHalfSquare(z) * _mills(z) * 1e18 >> 128;
            return likely ? 1e18 - tail : tail;
        }
    }

    /// @dev sqrt(time / 365 days), 64 binary digits. time = 4^k m with m in [1, 4): the line with the least relative error gives the root of m to 3 %,
    /// three Newton steps to 5e-15.
    function _rootOfYears(uint256 time) private pure returns (uint256) {
        if (time == 0) return 0;
        uint256 k;
        assembly ("memory-safe") {
            k := shl(3, lt(0xffff, time))
            k := or(k, shl(2, lt(0xff, shr(shl(1, k), time))))
            k := or(k, shl(1, lt(0xf, shr(shl(1, k), time))))
            k := or(k, lt(3, shr(shl(1, k), time)))
        }
        unchecked {
            uint256 m = (time << 64) >> (k << 1);
            uint256 root = (m * ROOT_SLOPE >> 64) + (ROOT_SLOPE << 1);
            root = (root + (m << 64) / root) >> 1;
            root = (root + (m << 64) / root) >> 1;
            root = (root + (m << 64) / root) >> 1;
            return (root << k) * INVERSE_ROOT_OF_YEAR >> 88;
        }
    }

    /// @dev ln(large / small), 64 binary digits, at least 0. The ratio is 2^k m with m in [1, 2), and ln m = ln sqrt(2) + 2 atanh(t),
    /// t = (m - sqrt 2) / (m + sqrt 2), |t| <= 0.172; 2 atanh(t) / t by its Chebyshev interpolant of degree 5 in t^2 (error 6e-14).
    function logOfRatio(uint256 small, uint256 large) internal pure returns (uint256) {
        unchecked {
            uint256 ratio = (large << 96) / small;
            uint256 k = _log2(ratio >> 96);
            uint256 m = ratio >> k; // 96 binary digits, in [1, 2)
            bool above = m >= SQRT2;
            uint256 t = ((above ? m - SQRT2 : SQRT2 - m) << 64) / (m + SQRT2);
            uint256 u = t * t >> 64;
            uint256 p = (u * 3617055220393447249 >> 64) + 4090427131176764926;
            p = (p * u >> 64) + 5270634365244777115;
            p = (p * u >> 64) + 7378696687193213435;
            p = (p * u >> 64) + 12297829384854986001;
            p = (p * u >> 64) + 36893488147418129024;
            p = p * t >> 64;
            uint256 base = k * LN2 + HALF_LN2;
            if (above) return base + p;
            return base - p; // p is largest at a ratio of 1: 171,534 units below ln sqrt(2)
        }
    }

    /// @dev floor(log2(x)) for x >= 1. A ratio of forward and strike is nearly always below 16.
    function _log2(uint256 x) private pure returns (uint256 k) {
        if (x > 15) return Math.log2(x);
        assembly ("memory-safe") {
            k := byte(x, 0x0000010102020202030303030303030300000000000000000000000000000000)
        }
    }

    /// @dev e^(-z^2/2), 64 binary digits, z <= 8.5: 2^-k e^-f with f in [0, ln 2), by the diagonal Pade approximant of order 5 around ln(2)/2 (error 1e-15).
    function _expOfMinusHalfSquare(uint256 z) private pure returns (uint256) {
        unchecked {
            uint256 y = z * z >> 65;
            uint256 k = y / LN2;
            // g = ln(2)/2 - f in (-ln(2)/2, ln(2)/2]; e^-f = e^g / sqrt 2.
            int256 g = int256(HALF_LN2) - int256(y - k * LN2);
            uint256 u = uint256(g * g) >> 64;
            uint256 even = (((30 * u + (3360 << 64)) * u) >> 64) + (30240 << 64);
            int256 odd = (int256((((u + (420 << 64)) * u) >> 64) + (15120 << 64)) * g) >> 64;
            uint256 quotient = (uint256(int256(even) + odd) << 64) / uint256(int256(even) - odd);
            return (quotient * 13043817825332782212 >> 64) >> k; // 1 / sqrt 2
        }
    }

    /// @dev Mills' ratio N(-z) / e^(-z^2/2), 64 binary digits: a rational function fitted on [0, 10] for the least largest error of the product with
    /// e^(-z^2/2) e^11.1 (capped at 1), the weight it has in a value with a ratio of prices below 65,536; 2.2e-13. It falls as 0.39894 / z beyond.
    function _mills(uint256 z) private pure returns (uint256) {
        unchecked {
            uint256 p = (z * 7358946994369883753 >> 64) + 109694247439425242869;
            p = (p * z >> 64) + 742278746794665338947;
            p = (p * z >> 64) + 2842597693662618088389;
            p = (p * z >> 64) + 6214329478296758006977;
            p = (p * z >> 64) + 6752687103187024139001;
            uint256 q = z + 274938997967846358708;
            q = (q * z >> 64) + 1879510935146408953997;
            q = (q * z >> 64) + 7394910306990918861077;
            q = (q * z >> 64) + 17446931649072326796457;
            q = (q * z >> 64) + 23204388522888338367048;
            q = (q * z >> 64) + 13505374206379787901229;
            return (p << 64) / q;
        }
    }
}
