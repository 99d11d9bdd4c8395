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

uint256 constant YEAR = 365 days;

/// @notice Interest in whole units, charged ahead: what of the last unit is not used up counts against the next charge, so the debtor never owes less than
/// rate x time, never a unit more, and however often it is charged, less than 2^-32 of a unit a time is lost on him.
/// @param debt Below 2^96.
/// @param prepaid Of the last unit, in 2^-32 of it, below one.
/// @param rateBps A year of {YEAR}.
/// @return units To add to the debt.
/// @return left What the debtor has prepaid now.
function interestOf(uint256 debt, uint256 prepaid, uint256 elapsed, uint256 rateBps) pure returns (uint256 units, uint256 left) {
    uint256 scale = YEAR * 10_000;
    uint256 due = ((debt << 32) * elapsed * rateBps + scale - 1) / scale;
    if (due <= prepaid) return (0, prepaid - due);
    units = (due - prepaid + (1 << 32) - 1) >> 32;
    left = prepaid + (units << 32) - due;
}

/// @notice What of `profit` matures, rounded down: the share `elapsed` of `warmUp`, at most all, times what the group can cover of it.
/// @param totalProfit Unmatured profit of the group, above zero, below 2^96.
/// @param totalDebt What its accounts owe: profit that nobody has paid yet.
function maturedOf(uint256 profit, uint256 elapsed, uint256 warmUp, uint256 totalProfit, uint256 totalDebt) pure returns (uint256) {
    if (totalDebt >= totalProfit) return 0;
    uint256 due = elapsed >= warmUp ? profit : (profit * elapsed) / warmUp;
    return (due * (totalProfit - totalDebt)) / totalProfit;
}
