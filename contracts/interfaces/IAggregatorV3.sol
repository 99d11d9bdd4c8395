// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Price source of the AggregatorV3 form, as far as it is read here
/// @dev A sequencer's uptime feed has the same form: answer 0 is up, `startedAt` is when that last changed.
interface IAggregatorV3 {
    /// @notice Decimals of `answer`.
    function decimals() external view returns (uint8);
    /// @notice The last round. It is complete when `answeredInRound` is not below `roundId` and `updatedAt` is not zero.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
