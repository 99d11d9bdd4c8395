// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Divides a deficit over the layers in their order, each to its end before the next: the fund, unmatured profit, principal.
/// @dev The twin is `waterfall` of `risk/insurance`. The three parts add up to the deficit. Principal is never short of its part: the ledger holds
/// tokens = principal + profit + fund - debt >= 0, and the deficit is part of the debt.
function divideLoss(uint256 deficit, uint256 fund, uint256 profit)
    pure
    returns (uint256 fromFund, uint256 fromProfit, uint256 fromPrincipal)
{
    fromFund = deficit < fund ? deficit : fund;
    fromPrincipal = deficit - fromFund;
    fromProfit = fromPrincipal < profit ? fromPrincipal : profit;
    fromPrincipal -= fromProfit;
}
