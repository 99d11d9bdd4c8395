// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Divides a deficit over the layers in their order, each to its end before the next: the fund, unmatured profit, principal.
/// @dev The twin is `waterfall` of `risk/insurance`. The four parts add up to the deficit.
function divideLoss(uint256 deficit, uint256 fund, uint256 profit, uint256 principal)
    pure
    returns (uint256 fromFund, uint256 fromProfit, uint256 fromPrincipal, uint256 uncovered)
{
    fromFund = deficit < fund ? deficit : fund;
    uncovered = deficit - fromFund;
    fromProfit = uncovered < profit ? uncovered : profit;
    uncovered -= fromProfit;
    fromPrincipal = uncovered < principal ? uncovered : principal;
    uncovered -= fromPrincipal;
}
