// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Raw SVI slice, wad.
struct RawSvi {
    int256 a;
    int256 b;
    int256 rho;
    int256 m;
    int256 sigma;
}

/// @title Raw SVI in fixed point
/// @notice Total variance w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)) and the checks against arbitrage, as in risk/surface on a coarser grid.
/// @dev Domain, which {domainFault} holds: |a| <= 64, b in [0, 2], |rho| < 1, |m| <= 8, sigma in [1e-6, 16], w above 1e-12 everywhere. |k| <= 4,000. Then
/// no product reaches 2^255: the largest are sigma^2 b 1e18 < 6e74 and squares of k - m below 2e43.
library Svi {
    int256 internal constant WAD = 1e18;
    /// @notice Lee's bound on the slope of total variance in |k|: (The moment formula, Mathematical Finance 14, 2004).
    int256 internal constant MAX_SLOPE = 2e18;
    /// @notice Arbitrage below this, of Durrleman's function and of total variance, is rounding: the surface's own decimals.
    int256 internal constant ROUNDING = 1e9;
    int256 internal constant MIN_VARIANCE = 1e6;
    /// @dev Furthest point that is looked at, in k.
    int256 private constant FAR = 4_000e18;

    /// @notice Position in the slice of the first field outside the domain, counted from the expiry at zero; zero when there is none.
    function domainFault(RawSvi memory svi) internal pure returns (uint256 field) {
        if (svi.a > 64 * WAD || svi.a < -64 * WAD) return 1;
        if (svi.b < 0 || svi.b > 2 * WAD) return 2;
        if (svi.rho >= WAD || svi.rho <= -WAD) return 3;
        if (svi.m > 8 * WAD || svi.m < -8 * WAD) return 4;
        if (svi.sigma < 1e12 || svi.sigma > 16 * WAD) return 5;
        // Least total variance: a + b sigma sqrt(1 - rho^2).
        int256 least = svi.a + svi.b * svi.sigma / WAD * int256(Math.sqrt(uint256(WAD * WAD - svi.rho * svi.rho))) / WAD;
        return least < MIN_VARIANCE ? 1 : 0;
    }

    /// @notice Total variance at `k`, wad, within 4e-18.
    function totalVariance(RawSvi memory svi, int256 k) internal pure returns (int256) {
        unchecked {
            int256 x = k - svi.m;
            int256 root = int256(Math.sqrt(uint256(x * x + svi.sigma * svi.sigma)));
            return svi.a + svi.b * (svi.rho * x / WAD + root) / WAD;
        }
    }

    /// @notice Slopes of total variance far below and far above the money; the steeper one.
    function steeperWing(RawSvi memory svi) internal pure returns (int256) {
        int256 skew = svi.rho < 0 ? -svi.rho : svi.rho;
        return svi.b * (WAD + skew) / WAD;
    }

    /// @notice Durrleman's function: negative where the slice has butterfly arbitrage (Gatheral and Jacquier, 2014, equation 2.1). Wad.
    /// @dev g = (1 - k w' / (2 w))^2 - w'^2 / 4 (1 / w + 1 / 4) + w'' / 2, with w' = b (rho + x / root), w'' = b sigma^2 / root^3, x = k - m.
    function durrleman(RawSvi memory svi, int256 k) internal pure returns (int256) {
        unchecked {
            int256 x = k - svi.m;
            int256 square = x * x + svi.sigma * svi.sigma;
            int256 root = int256(Math.sqrt(uint256(square)));
            int256 w = svi.a + svi.b * (svi.rho * x / WAD + root) / WAD;
            int256 slope = svi.b * (svi.rho + x * WAD / root) / WAD;
            int256 curvature = svi.b * svi.sigma * svi.sigma * WAD / square / root;
            int256 centre = WAD - k * slope / (2 * w);
            return centre * centre / WAD - slope * slope / (4 * w) - slope * slope / (16 * WAD) + curvature / 2;
        }
    }

    /// @notice Whether Durrleman's function is nowhere negative on the grid of the slice; else where it is least.
    function butterfly(RawSvi memory svi) internal pure returns (bool free, int256 where, int256 least) {
        int256[] memory points = grid(svi);
        least = type(int256).max;
        for (uint256 i = 0; i < points.length; ++i) {
            int256 g = durrleman(svi, points[i]);
            if (g < least) (where, least) = (points[i], g);
        }
        free = least >= -ROUNDING;
    }

    /// @notice Whether the shorter slice has nowhere on the grids of both, nor in the limit of the wings, more total variance than the longer; else where.
    function calendar(RawSvi memory shorter, RawSvi memory longer) internal pure returns (bool free, int256 where) {
        if (_slopeAt(shorter, -WAD) > _slopeAt(longer, -WAD) + ROUNDING) return (false, -FAR);
        if (_slopeAt(shorter, WAD) > _slopeAt(longer, WAD) + ROUNDING) return (false, FAR);
        for (uint256 pass = 0; pass < 2; ++pass) {
            int256[] memory points = grid(pass == 0 ? shorter : longer);
            for (uint256 i = 0; i < points.length; ++i) {
                int256 below = totalVariance(shorter, points[i]);
                // A billionth of the variance, and the rounding of four units.
                if (below > totalVariance(longer, points[i]) + below / 1e9 + 4) return (false, points[i]);
            }
        }
        return (true, 0);
    }

    /// @notice Where arbitrage is looked for: every half standard deviation within eight of the money, ten further points out to 192 of them, and eleven
    /// around the vertex.
    function grid(RawSvi memory svi) internal pure returns (int256[] memory points) {
        points = new int256[](54);
        int256 deviation = int256(Math.sqrt(uint256(totalVariance(svi, 0)) * 1e18));
        uint256 n;
        unchecked {
            for (int256 z = -16; z <= 16; ++z) {
                points[n++] = z * deviation / 2;
            }
            for (int256 z = 12; z < 250; z = z * 2) {
                points[n++] = z * deviation;
                points[n++] = -z * deviation;
            }
            for (int256 z = -5; z <= 5; ++z) {
                points[n++] = svi.m + z * svi.sigma / 2;
            }
        }
    }

    function _slopeAt(RawSvi memory svi, int256 side) private pure returns (int256) {
        return svi.b * (WAD + svi.rho * side / WAD) / WAD;
    }
}
