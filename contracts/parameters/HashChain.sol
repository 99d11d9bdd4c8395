// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Hash chain of everything that happened
/// @dev `head' = uint224(uint256(keccak256(abi.encode(uint224 head, address emitter, bytes32 entryHash))))`, from zero. One slot: hash and count.
abstract contract HashChain {
    struct Head {
        uint224 hash;
        uint32 count;
    }

    Head private _head;

    /// @dev Adds a link.
    /// @param emitter Contract whose event the link commits to.
    /// @return index Links before this one.
    function _link(address emitter, bytes32 entryHash) internal returns (uint32 index) {
        Head memory current = _head;
        index = current.count;
        current.hash = uint224(uint256(keccak256(abi.encode(current.hash, emitter, entryHash))));
        current.count = index + 1;
        _head = current;
    }

    /// @dev Adds a link for an event of this contract.
    function _link(bytes32 entryHash) internal returns (uint32 index) {
        return _link(address(this), entryHash);
    }

    function _chainHead() internal view returns (Head memory) {
        return _head;
    }
}
