// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";
import {IPriceFeed} from "../interfaces/IPriceFeed.sol";

/// @dev Gas a source may use; a proxy with an access list needs about a third.
uint256 constant SOURCE_GAS = 100_000;

/// @notice The last round of an aggregator.
struct Round {
    uint256 id;
    int256 answer;
    uint256 startedAt;
    uint256 updatedAt;
    uint256 answeredIn;
}

/// @notice Reads the last round; not answered when the source reverts, uses more than {SOURCE_GAS}, answers too little or has no code.
/// @dev The call is static, so the source cannot re-enter to any effect, and five words of its answer are copied, so it cannot fill memory. With too
/// little gas for a full answer the read reverts: the caller cannot make a source fail.
function readRound(address aggregator) view returns (bool answered, Round memory round) {
    requireSourceGas();
    bytes memory input = abi.encodeCall(IAggregatorV3.latestRoundData, ());
    assembly ("memory-safe") {
        answered := staticcall(SOURCE_GAS, aggregator, add(input, 0x20), mload(input), round, 0xa0)
        answered := and(answered, gt(returndatasize(), 0x9f))
    }
}

/// @notice What an aggregator states its decimals to be; the largest number when it states none.
function readDecimals(address aggregator) view returns (uint256 stated) {
    requireSourceGas();
    bytes memory input = abi.encodeCall(IAggregatorV3.decimals, ());
    assembly ("memory-safe") {
        stated := not(0)
        if staticcall(SOURCE_GAS, aggregator, add(input, 0x20), mload(input), 0x00, 0x20) {
            if gt(returndatasize(), 0x1f) { stated := mload(0x00) }
        }
    }
}

/// @notice Reverts with {IPriceFeed.PriceFeed_GasTooLow} when a source could get less than {SOURCE_GAS}.
function requireSourceGas() view {
    uint256 needed = (SOURCE_GAS * 64) / 63 + 10_000;
    if (gasleft() < needed) revert IPriceFeed.PriceFeed_GasTooLow(gasleft(), needed);
}
