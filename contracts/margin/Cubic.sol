// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The cubic through four equally spaced nodes (Lagrange), and its derivatives
/// @notice Pure. The twin is `risk/margin/contract/cubic.ts`.
/// @dev A record in memory, by its address: number of the first node, then the weights of four, 32 binary digits. They add up to one exactly (zero for a
/// derivative). Records and not structs, since Solidity makes room for a struct wherever one is returned.
library Cubic {
    int256 internal constant ONE = 1 << 32;
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
        assembly ("memory-safe") {
            let first := shr(32, position)
            first := sub(first, iszero(iszero(first)))
            if gt(first, sub(nodes, 4)) { first := sub(nodes, 4) }
            // |t - 3| <= 3, so products of three stay below 2^101; quotients are cut toward zero.
            let t := sub(position, shl(32, first))
            let b := sub(t, 0x100000000)
            let c := sub(t, 0x200000000)
            let cd := mul(c, sub(t, 0x300000000))
            let w0 := sdiv(sub(0, mul(b, cd)), 0x60000000000000000)
            let w1 := sdiv(mul(t, cd), 0x20000000000000000)
            let w3 := sdiv(mul(mul(t, b), c), 0x60000000000000000)
            mstore(record, first)
            mstore(add(record, 32), w0)
            mstore(add(record, 64), w1)
            mstore(add(record, 96), sub(0x100000000, add(add(w0, w1), w3)))
            mstore(add(record, 128), w3)
        }
    }

    /// @notice Weights of the first derivative, per node step.
    function slopes(uint256 record, int256 position, uint256 nodes) internal pure {
        unchecked {
            (uint256 first, int256 t) = _place(position, nodes);
            (int256 b, int256 c, int256 d) = (t - ONE, t - 2 * ONE, t - 3 * ONE);
            int256 w0 = -(b * c + b * d + c * d) / (6 << 32);
            int256 w1 = (t * c + t * d + c * d) / (2 << 32);
            int256 w3 = (t * b + t * c + b * c) / (6 << 32);
            _put(record, first, w0, w1, -(w0 + w1 + w3), w3);
        }
    }

    /// @notice Weights of the second derivative, per node step squared.
    function bends(uint256 record, int256 position, uint256 nodes) internal pure {
        unchecked {
            (uint256 first, int256 t) = _place(position, nodes);
            _put(record, first, 2 * ONE - t, 3 * t - 5 * ONE, 4 * ONE - 3 * t, t - ONE);
        }
    }

    /// @notice Number of the first of the four nodes.
    function firstOf(uint256 record) internal pure returns (uint256 first) {
        assembly ("memory-safe") {
            first := mload(record)
        }
    }

    /// @notice Four consecutive lanes of 16 bits of a row of words.
    /// @param words Memory address of the row; node i in lane i % 16 of word i / 16, first node lowest.
    /// @return lanes The four, the first lowest.
    function lanesAt(uint256 words, uint256 record) internal pure returns (uint256 lanes) {
        assembly ("memory-safe") {
            let first := mload(record)
            let row := add(words, shl(5, shr(4, first)))
            let shift := shl(4, and(first, 15))
            lanes := shr(shift, mload(row))
            if gt(shift, 192) { lanes := or(lanes, shl(sub(256, shift), mload(add(row, 32)))) }
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

    /// @notice The same for lanes in two's complement.
    function dotSigned(uint256 lanes, uint256 record) internal pure returns (int256 sum) {
        assembly ("memory-safe") {
            sum := mul(mload(add(record, 32)), signextend(1, lanes))
            sum := add(sum, mul(mload(add(record, 64)), signextend(1, shr(16, lanes))))
            sum := add(sum, mul(mload(add(record, 96)), signextend(1, shr(32, lanes))))
            sum := add(sum, mul(mload(add(record, 128)), signextend(1, shr(48, lanes))))
        }
    }

    function _put(uint256 record, uint256 first, int256 w0, int256 w1, int256 w2, int256 w3) private pure {
        assembly ("memory-safe") {
            mstore(record, first)
            mstore(add(record, 32), w0)
            mstore(add(record, 64), w1)
            mstore(add(record, 96), w2)
            mstore(add(record, 128), w3)
        }
    }

    function _place(int256 position, uint256 nodes) private pure returns (uint256 first, int256 t) {
        unchecked {
            first = uint256(position) >> 32;
            first = first == 0 ? 0 : first - 1;
            if (first > nodes - 4) first = nodes - 4;
            t = position - int256(first << 32);
        }
    }
}
