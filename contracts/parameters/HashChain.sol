// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Hash chain of everything that happened
/// @dev `head' = uint224(uint256(keccak256(abi.encode(uint224 head, address emitter, bytes32 entryHash))))`, from zero. One slot: hash and count.
abstract contract HashChain {
    /// @dev Hash in the upper 224 bits, number of links in the lower 32.
    uint256 private _head;

    /// @dev Adds a link.
    /// @param emitter Contract whose event the link commits to.
    /// @return index Links before this one.
    function _link(address emitter, bytes32 entryHash) internal returns (uint256 index) {
        uint256 current = _head;
        index = current & type(uint32).max;
        uint256 hash = uint256(keccak256(abi.encode(current >> 32, emitter, entryHash)));
        unchecked {
            // Four billion links are out of reach.
            _head = hash << 32 | index + 1;
        }
    }

    /// @dev Emits an event of this contract and links it: what is logged is what is hashed.
    /// @param encoded `abi.encode(topic0, a, b, rest...)`: the event is declared as `(uint32 index, A indexed a, B indexed b, rest...)`, all static.
    function _record(bytes memory encoded) internal {
        uint256 index = _link(address(this), keccak256(encoded));
        assembly ("memory-safe") {
            // Words: length, topic0, a, b, rest. The index takes the place of b, in front of the rest.
            let topic2 := mload(add(encoded, 96))
            mstore(add(encoded, 96), index)
            log3(add(encoded, 96), sub(mload(encoded), 64), mload(add(encoded, 32)), mload(add(encoded, 64)), topic2)
        }
    }

    /// @return hash 224 bits.
    function _chainHead() internal view returns (uint256 hash, uint256 count) {
        return (_head >> 32, _head & type(uint32).max);
    }
}
