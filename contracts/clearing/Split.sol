// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Part of `whole` that falls to `own` of `base`, when `seen` of `base` have had theirs. Taken by all in any order the parts add up to `whole` exactly,
/// each differs from its exact share by less than one, and none passes `own` when `whole <= base`.
/// @dev Needs seen + own <= base, and products below 2^256; zero for an empty base.
function partOf(uint256 whole, uint256 base, uint256 seen, uint256 own) pure returns (uint256) {
    if (base == 0) return 0;
    return (whole * (seen + own)) / base - (whole * seen) / base;
}

/// @notice What `own` of `base` pay when all owe `whole`: rounded up, so never less than {partOf}.
function dueOf(uint256 whole, uint256 base, uint256 own) pure returns (uint256) {
    if (base == 0) return 0;
    return (whole * own + base - 1) / base;
}

/// @notice What of `profit` matures, rounded down: the share `elapsed` of `warmUp`, at most all, times what the group can cover of it.
/// @param totalProfit Unmatured profit of the group, above zero, below 2^96.
/// @param totalDebt What its accounts owe: profit that nobody has paid yet.
function maturedOf(uint256 profit, uint256 elapsed, uint256 warmUp, uint256 totalProfit, uint256 totalDebt) pure returns (uint256) {
    if (totalDebt >= totalProfit) return 0;
    uint256 due = elapsed >= warmUp ? profit : (profit * elapsed) / warmUp;
    return (due * (totalProfit - totalDebt)) / totalProfit;
}
