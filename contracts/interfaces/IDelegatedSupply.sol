// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Supply that can vote
/// @notice Total supply counts votes nobody can cast; a threshold measured against it may be unreachable.
interface IDelegatedSupply {
    /// @notice Votes that have a delegate now, in token units.
    function delegatedSupply() external view returns (uint256 votes);
    /// @notice Votes that had a delegate at `timepoint`, which must be in the past; the unit of time is the token's ERC-6372 clock.
    function getPastDelegatedSupply(uint256 timepoint) external view returns (uint256 votes);
}
