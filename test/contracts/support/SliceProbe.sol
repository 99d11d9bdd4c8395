// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LiquidationTerms} from "../../../contracts/interfaces/ILiquidation.sol";
import {PayoutWindow} from "../../../contracts/insurance/PayoutWindow.sol";
import {divideLoss} from "../../../contracts/insurance/Waterfall.sol";
import {SliceMath} from "../../../contracts/liquidation/SliceMath.sol";

/// @notice An account, its auction, and a slice of it.
struct SliceCase {
    uint256 equity;
    uint256 maintenance;
    uint256 deltaNotional;
    uint256 elapsed;
    uint256 dust;
    uint256 fraction;
    uint256 released;
    uint256 taken;
    LiquidationTerms terms;
}

struct SliceAnswer {
    uint256 share;
    uint256 cap;
    uint256 target;
    uint256 size;
    uint256 charge;
}

/// @notice Calls the arithmetic of liquidation and insurance from outside, many cases in one call.
contract SliceProbe {
    function slices(SliceCase[] calldata cases) external pure returns (SliceAnswer[] memory answers) {
        answers = new SliceAnswer[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            SliceCase memory c = cases[i];
            SliceAnswer memory a = answers[i];
            a.share = SliceMath.dutchShare(c.elapsed, c.terms.duration);
            a.cap = SliceMath.feeCap(c.equity, c.maintenance, c.deltaNotional, c.terms);
            uint256 whole = a.cap * a.share / 1e18;
            a.target = SliceMath.restorationTarget(c.maintenance, c.terms.bufferBps);
            a.size = SliceMath.partialSize(c.equity, c.maintenance, whole, c.terms.bufferBps, c.dust);
            uint256 limit = SliceMath.feeCap(c.equity, c.released, c.taken, c.terms) * a.share / 1e18;
            a.charge = SliceMath.sliceCharge(c.equity, c.maintenance, c.released, whole, c.fraction, limit);
        }
    }

    function quantities(int256[] calldata whole, uint256 fraction) external pure returns (int256[] memory slice) {
        slice = new int256[](whole.length);
        for (uint256 i = 0; i < whole.length; ++i) {
            slice[i] = SliceMath.sliceOf(whole[i], fraction);
        }
    }

    /// @param cases Deficit, fund.
    function losses(uint256[2][] calldata cases) external pure returns (uint256[2][] memory parts) {
        parts = new uint256[2][](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            (parts[i][0], parts[i][1]) = divideLoss(cases[i][0], cases[i][1]);
        }
    }

    /// @param cases Balance, paid in the window, rate in bps.
    function allowances(uint256[3][] calldata cases) external pure returns (uint256[] memory left) {
        left = new uint256[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            left[i] = PayoutWindow.allowance(cases[i][0], cases[i][1], cases[i][2]);
        }
    }
}
