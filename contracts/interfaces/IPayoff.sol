// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What the options of a chain pay, and what is known of their values at any time
/// @notice One contract a kind: vanilla, digital. Pure functions: nobody can change anything here. All amounts USD, wad, per contract.
/// @dev For every strike `put + call` is known exactly at every time from the forward alone (parity), so a ladder holds the put alone.
/// Invariant: a value is at least its payoff's lower bound (zero), a put is worth at most its strike (vanilla) or one dollar (digital), and a call is exactly
/// {callFromPut} of its put. Forwards, strikes and settlements lie in [1, 2^128); others revert with {Black76.Black76_OutOfRange}.
interface IPayoff {
    /// @notice Payment of a put or call at the settlement price, at least zero. At the strike itself a digital pays nobody's put and nobody's call.
    function payoff(uint256 strike, bool isCall, uint256 settlement) external view returns (uint256);
    /// @notice Value of a put or call by Black-76 (an undiscounted forward), with its largest error added to neither side.
    /// @param vol Annualised, wad, at most 2^64.
    /// @param secondsToExpiry At most 2^31; with 0 the value is that of the payoff, a digital at its strike counts as a call.
    function value(uint256 strike, bool isCall, uint256 forward, uint256 vol, uint256 secondsToExpiry) external view returns (uint256);
    /// @notice The other of put and call: `value(call) = callFromPut(value(put))`, exactly. Negative only when `put` is below what any vol gives.
    function callFromPut(uint256 put, uint256 strike, uint256 forward) external view returns (int256);
    /// @notice Kind, for the margin rule, which has its arithmetic in line: 0 vanilla, 1 digital (pays 1 USD a contract).
    function kind() external view returns (uint8);
}
