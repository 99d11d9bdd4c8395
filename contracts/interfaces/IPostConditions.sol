// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a view must answer: word `word` of the answer to `data` lies in [`floor`, `ceiling`].
/// @dev Addresses, booleans and hashes are words like numbers; equality is a range of one.
struct Reading {
    address target;
    bytes data;
    uint256 word; // 0 is the first 32 bytes of the answer
    uint256 floor;
    uint256 ceiling;
}

/// @notice The code that must stand at an address: EXTCODEHASH, so that zero means an address that never existed.
struct CodePin {
    address target;
    bytes32 codeHash;
}

/// @title Post-conditions of a proposal
/// @notice The last call of a proposal: reverts, and the whole proposal with it, unless the chain is now what the voters were told it would be.
/// @dev No storage, no owner, no ether, no constructor argument: one address on every chain, made by CREATE2. Anyone may call it, nobody can change
/// anything through it: it only makes static calls.
interface IPostConditions {
    /// @notice Reading `reading` answers `got`, outside [`floor`, `ceiling`].
    error PostConditions_OutOfRange(uint256 reading, uint256 got, uint256 floor, uint256 ceiling);
    /// @notice Reading `reading` reverted, or has no code at its target.
    error PostConditions_NoAnswer(uint256 reading, address target);
    /// @notice Reading `reading` answered `got` bytes, which have no whole word number `word`.
    error PostConditions_ShortAnswer(uint256 reading, uint256 got, uint256 word);
    /// @notice The code at `target` is another than the voters read.
    error PostConditions_CodeChanged(address target, bytes32 got, bytes32 expected);
    /// @notice Conditions that require nothing would look like conditions that hold.
    error PostConditions_Empty();

    /// @notice Returns when every reading lies in its range and every pinned code stands; reverts with the first that does not, readings first.
    /// @dev A view that answers differently to this caller, or runs out of the 63/64 of gas it gets, fails closed.
    function requireAll(Reading[] calldata readings, CodePin[] calldata pins) external view;
}
