// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cheatcodes of the Solidity test runner that the tests use.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    /// @notice Sets the time of the next calls, seconds.
    function warp(uint256 timestamp) external;
    function getBlockTimestamp() external view returns (uint256);
    function roll(uint256 blockNumber) external;
    function chainId(uint256 id) external;
    /// @notice The next call comes from `sender`.
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    /// @notice The next call must revert, with exactly `data`.
    function expectRevert(bytes calldata data) external;
    function expectRevert(bytes4 selector) external;
    function expectRevert() external;
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function addr(uint256 privateKey) external pure returns (address);
    function etch(address target, bytes calldata code) external;
    /// @notice Sets an account's balance, wei.
    function deal(address account, uint256 balance) external;
    function label(address target, string calldata name) external;
    /// @notice Drops this fuzz run unless `condition` holds.
    function assume(bool condition) external pure;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function snapshotState() external returns (uint256 id);
    function revertToState(uint256 id) external returns (bool);
    /// @notice Creation code of an artifact, named `File.sol:Contract`.
    function getCode(string calldata artifact) external view returns (bytes memory);
    function toString(uint256 value) external pure returns (string memory);
}
