// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";

/// @title A price source for local chains: its owner writes what was recorded
/// @notice The owner may write any answer, also a false one: no market with money may list it. What the feed makes of false answers is the feed's rule.
contract RecordedPrice is IAggregatorV3 {
    event AnswerWritten(uint80 indexed roundId, int256 answer, uint256 updatedAt);

    error RecordedPrice_NotOwner(address caller, address owner);

    /// @inheritdoc IAggregatorV3
    uint8 public constant decimals = 8;
    address public immutable OWNER;

    uint80 private _round;
    int256 private _answer;
    uint256 private _updatedAt;

    constructor(address owner) {
        OWNER = owner;
    }

    /// @notice A new round with this answer, now. The owner.
    function write(int256 answer) external {
        if (msg.sender != OWNER) revert RecordedPrice_NotOwner(msg.sender, OWNER);
        (_answer, _updatedAt) = (answer, block.timestamp);
        emit AnswerWritten(++_round, answer, block.timestamp);
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (_round, _answer, _updatedAt, _updatedAt, _round);
    }
}
