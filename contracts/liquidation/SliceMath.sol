// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LiquidationTerms} from "../interfaces/ILiquidation.sol";

/// @title What may be taken of an account, and what that costs
/// @notice The arithmetic of `risk/liquidation`, rounding by rounding. USD and fractions wad, rates basis points, times seconds.
/// @dev Amounts are below 2^127 (1.7e20 USD): products of two of them fit 256 bits, and beyond that checked arithmetic reverts.
library SliceMath {
    uint256 internal constant WAD = 1e18;
    uint256 private constant BPS = 10_000;
    /// @dev Most that rounding the remaining requirement up can add to its target: a wei of maintenance, at most doubled, and one of the target.
    uint256 private constant ROUNDING = 3;

    /// @dev How far a curve has run: linear, 1 from `duration` on, rounded down. `duration` is at least one.
    function dutchShare(uint256 elapsed, uint256 duration) internal pure returns (uint256) {
        return elapsed >= duration ? WAD : WAD * elapsed / duration;
    }

    /// @dev Most that liquidating all of a solvent account may cost it: min(fee x delta-equivalent notional, phi x maintenance, equity).
    function feeCap(uint256 equity, uint256 maintenance, uint256 deltaNotional, LiquidationTerms memory terms) internal pure returns (uint256) {
        uint256 byRate = deltaNotional * terms.feeBps / BPS;
        uint256 byMaintenance = maintenance * terms.feeCapBps / BPS;
        return least(least(byRate, byMaintenance), equity);
    }

    /// @dev maintenance x (1 + buffer), rounded up: from this equity on nothing more is sold.
    function restorationTarget(uint256 maintenance, uint256 bufferBps) internal pure returns (uint256) {
        return (maintenance * (BPS + bufferBps) + BPS - 1) / BPS;
    }

    /// @dev Cap on a slice in closed form, rounded up so that it restores to the wei:
    /// equity - f charge = (1 - f) target, so f = (target - equity) / (target - charge). Exact for a requirement of degree one. Zero when restored, one when
    /// no slice restores or the remainder would be dust.
    /// @param charge On all of the account, at most its {feeCap}.
    function partialSize(uint256 equity, uint256 maintenance, uint256 charge, uint256 bufferBps, uint256 dust) internal pure returns (uint256) {
        uint256 target = restorationTarget(maintenance, bufferBps);
        if (equity >= target) return 0;
        if (equity <= charge) return WAD;
        // charge < equity < target.
        uint256 fraction = ((target - equity + ROUNDING) * WAD + target - charge - 1) / (target - charge);
        if (fraction >= WAD) return WAD;
        return (WAD - fraction) * maintenance / WAD < dust ? WAD : fraction;
    }

    /// @dev What a slice costs: its share of the charge on the whole, and no more than the curve's share of the fee and of the maintenance that it released
    /// and of the delta-equivalent notional that it took, nor than the equity that stood behind what was released. With the last bound equity over maintenance
    /// of the remainder cannot fall: equity - c >= equity x after / before.
    function sliceCharge(
        uint256 equity,
        uint256 maintenance,
        uint256 released,
        uint256 wholeCharge,
        uint256 fraction,
        uint256 limit
    ) internal pure returns (uint256) {
        if (released == 0) return 0;
        return least(least(wholeCharge * fraction / WAD, limit), equityOf(equity, maintenance, released));
    }

    /// @dev Equity that stands behind a part of the maintenance, rounded down. `released` is at most `maintenance`, which is above zero.
    function equityOf(uint256 equity, uint256 maintenance, uint256 released) internal pure returns (uint256) {
        return equity * released / maintenance;
    }

    /// @dev The same share of a quantity, toward zero. The whole is exact.
    function sliceOf(int256 quantity, uint256 fraction) internal pure returns (int256) {
        return quantity * int256(fraction) / int256(WAD);
    }

    function least(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
