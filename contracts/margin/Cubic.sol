// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The cubic through four equally spaced nodes (Lagrange), and its derivatives
/// @notice Pure. The twin is `risk/margin/contract/cubic.ts`.
/// @dev A record in memory, by its address: 32 times the number of the first node, then the weights of four, 32 binary digits. They add up to one exactly (zero
/// for a derivative). Records and not structs, since Solidity makes room for a struct wherever one is returned.
library Cubic {
    uint256 internal constant RECORD = 160;

    /// @notice Room for `count` records.
    function room(uint256 count) internal pure returns (uint256 record) {
        assembly ("memory-safe") {
            record := mload(0x40)
            mstore(0x40, add(record, mul(count, RECORD)))
        }
    }

    /// @param position In node steps, 32 binary digits, in [0, nodes - 1].
    /// @param nodes At least 4.
    function weights(uint256 record, int256 position, uint256 nodes) internal pure {
        uint256 t = _place(record, position, nodes);
        assembly ("memory-safe") {
            // |t - 3| <= 3, so products of three stay below 2^101; quotients are cut toward zero.
            let b := sub(t, 0x100000000)
            let c := sub(t, 0x200000000)
            let cd := mul(c, sub(t, 0x300000000))
            let w0 := sdiv(sub(0, mul(b, cd)), 0x60000000000000000)
            let w1 := sdiv(mul(t, cd), 0x20000000000000000)
            let w3 := sdiv(mul(mul(t, b), c), 0x60000000000000000)
            mstore(add(record, 32), w0)
            mstore(add(record, 64), w1)
            mstore(add(record, 96), sub(0x100000000, add(add(w0, w1), w3)))
            mstore(add(record, 128), w3)
        }
    }

    /// @notice Weights of the first derivative, per node step.
    function slopes(uint256 record, int256 position, uint256 nodes) internal pure {
        uint256 t = _place(record, position, nodes);
        assembly ("memory-safe") {
            let b := sub(t, 0x100000000)
            let c := sub(t, 0x200000000)
            let d := sub(t, 0x300000000)
            let cd := mul(c, d)
            let w0 := sdiv(sub(0, add(mul(b, add(c, d)), cd)), 0x600000000)
            let w1 := sdiv(add(mul(t, add(c, d)), cd), 0x200000000)
            let w3 := sdiv(add(mul(t, add(b, c)), mul(b, c)), 0x600000000)
            mstore(add(record, 32), w0)
            mstore(add(record, 64), w1)
            mstore(add(record, 96), sub(0, add(add(w0, w1), w3)))
            mstore(add(record, 128), w3)
        }
    }

    /// @notice Weights of the second derivative, per node step squared.
    function bends(uint256 record, int256 position, uint256 nodes) internal pure {
        uint256 t = _place(record, position, nodes);
        assembly ("memory-safe") {
            mstore(add(record, 32), sub(0x200000000, t))
            mstore(add(record, 64), sub(mul(3, t), 0x500000000))
            mstore(add(record, 96), sub(0x400000000, mul(3, t)))
            mstore(add(record, 128), sub(t, 0x100000000))
        }
    }

    /// @notice Four consecutive lanes of 16 bits of a row of words.
    /// @param words Memory address of the row; node i in lane i % 16 of word i / 16, first node lowest.
    /// @return lanes The four, the first lowest; what is above them has no meaning.
    function lanesAt(uint256 words, uint256 record) internal pure returns (uint256 lanes) {
        assembly ("memory-safe") {
            let first := mload(record)
            words := add(words, shl(5, shr(9, first)))
            let shift := and(shr(1, first), 0xf0)
            lanes := or(shr(shift, mload(words)), shl(sub(256, shift), mload(add(words, 32))))
        }
    }

    /// @notice Four lanes from {lanesAt}, weighted.
    function dot(uint256 lanes, uint256 record) internal pure returns (int256 sum) {
        assembly ("memory-safe") {
            sum := mul(mload(add(record, 32)), and(lanes, 0xffff))
            sum := add(sum, mul(mload(add(record, 64)), and(shr(16, lanes), 0xffff)))
            sum := add(sum, mul(mload(add(record, 96)), and(shr(32, lanes), 0xffff)))
            sum := add(sum, mul(mload(add(record, 128)), and(shr(48, lanes), 0xffff)))
        }
    }

    /// @notice The same of lanes in two's complement.
    function dotSigned(uint256 lanes, uint256 record) internal pure returns (int256 sum) {
        assembly ("memory-safe") {
            sum := mul(mload(add(record, 32)), signextend(1, lanes))
            sum := add(sum, mul(mload(add(record, 64)), signextend(1, shr(16, lanes))))
            sum := add(sum, mul(mload(add(record, 96)), signextend(1, shr(32, lanes))))
            sum := add(sum, mul(mload(add(record, 128)), signextend(1, shr(48, lanes))))
        }
    }

    /// @return t Steps from the first of the four, 32 binary digits.
    function _place(uint256 record, int256 position, uint256 nodes) private pure returns (uint256 t) {
        assembly ("memory-safe") {
            let first := shr(32, position)
            first := sub(first, iszero(iszero(first)))
            if gt(first, sub(nodes, 4)) { first := sub(nodes, 4) }
            mstore(record, shl(5, first))
            t := sub(position, shl(32, first))
        }
    }
}
