// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// @notice Cheatcodes and assertions that print what was expected and what was got.
abstract contract TestBase {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error NotEqual(string what, uint256 got, uint256 expected);
    error NotEqualAddress(string what, address got, address expected);
    error NotEqualBytes32(string what, bytes32 got, bytes32 expected);
    error NotTrue(string what);
    error NotLess(string what, uint256 got, uint256 limit);

    function assertEq(uint256 got, uint256 expected, string memory what) internal pure {
        if (got != expected) revert NotEqual(what, got, expected);
    }

    function assertEq(address got, address expected, string memory what) internal pure {
        if (got != expected) revert NotEqualAddress(what, got, expected);
    }

    function assertEq(bytes32 got, bytes32 expected, string memory what) internal pure {
        if (got != expected) revert NotEqualBytes32(what, got, expected);
    }

    function assertTrue(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }

    function assertLe(uint256 got, uint256 limit, string memory what) internal pure {
        if (got > limit) revert NotLess(what, got, limit);
    }

    /// @dev The time of the next calls. Not `block.timestamp`: the optimizer takes that for constant within a function, also across a warp.
    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    /// @dev `value` folded into [low, high].
    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        if (value >= low && value <= high) return value;
        return low + value % (high - low + 1);
    }
}
