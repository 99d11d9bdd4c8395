// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CodePin, IPostConditions, Reading} from "../interfaces/IPostConditions.sol";

/// @title Post-conditions of a proposal
contract PostConditions is IPostConditions {
    /// @inheritdoc IPostConditions
    function requireAll(Reading[] calldata readings, CodePin[] calldata pins) external view {
        if (readings.length + pins.length == 0) revert PostConditions_Empty();
        for (uint256 i = 0; i < readings.length; ++i) {
            _requireReading(i, readings[i]);
        }
        for (uint256 i = 0; i < pins.length; ++i) {
            bytes32 got = pins[i].target.codehash;
            if (got != pins[i].codeHash) revert PostConditions_CodeChanged(pins[i].target, got, pins[i].codeHash);
        }
    }

    function _requireReading(uint256 i, Reading calldata reading) private view {
        (bool answered, bytes memory answer) = reading.target.staticcall(reading.data);
        if (!answered || reading.target.code.length == 0) revert PostConditions_NoAnswer(i, reading.target);
        // A word beyond 2^250 would wrap; such an answer does not exist either.
        if (reading.word >= answer.length / 32) revert PostConditions_ShortAnswer(i, answer.length, reading.word);
        uint256 offset = 32 * (reading.word + 1);
        uint256 got;
        assembly ("memory-safe") {
            got := mload(add(answer, offset))
        }
        if (got < reading.floor || got > reading.ceiling) revert PostConditions_OutOfRange(i, got, reading.floor, reading.ceiling);
    }
}
