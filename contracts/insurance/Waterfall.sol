// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Divides a deficit: the fund to its end, then unmatured profit.
/// @dev The twin is `waterfall` of `risk/insurance`. Profit holds its part, so principal has none: the ledger keeps debt <= fund + profit, and the deficit is part of
/// the debt.
function divideLoss(uint256 deficit, uint256 fund) pure returns (uint256 fromFund, uint256 fromProfit) {
    fromFund = deficit < fund ? deficit : fund;
    fromProfit = deficit - fromFund;
}
