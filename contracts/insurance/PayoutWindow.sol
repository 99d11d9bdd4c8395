// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a fund paid as rewards, in the running window and in the one before. One word.
struct Payouts {
    uint40 start;
    uint104 current;
    uint104 previous;
}

/// @title Limit on what leaves the fund as rewards
/// @dev What counts as paid: the running window, and of the one before the share that still lies within one window's length, rounded up. So a window's
/// end frees nothing at once.
library PayoutWindow {
    uint256 internal constant LENGTH = 1 days;

    /// @dev The window that `time` lies in.
    function roll(Payouts memory payouts, uint256 time) internal pure {
        if (time < payouts.start + LENGTH) return;
        payouts.previous = time < payouts.start + 2 * LENGTH ? payouts.current : 0;
        payouts.current = 0;
        payouts.start = uint40(time - (time - payouts.start) % LENGTH);
    }

    /// @dev Paid within the length of a window before `time`, which lies in the window.
    function paidBefore(Payouts memory payouts, uint256 time) internal pure returns (uint256) {
        uint256 left = payouts.start + LENGTH - time;
        return payouts.current + (payouts.previous * left + LENGTH - 1) / LENGTH;
    }

    /// @dev rate x (balance + paid) - paid, rounded down, at most the balance: the twin is `payoutAllowance` of `risk/insurance`.
    function allowance(uint256 balance, uint256 paid, uint256 rateBps) internal pure returns (uint256) {
        uint256 limit = (balance + paid) * rateBps / 10_000;
        uint256 left = limit > paid ? limit - paid : 0;
        return left < balance ? left : balance;
    }
}
