// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Weights of the four nodes around a position, 32 binary digits; they add up to one exactly.
struct Weights {
    uint256 first;
    int256 w0;
    int256 w1;
    int256 w2;
    int256 w3;
}

/// @title The cubic through four equally spaced nodes (Lagrange), and its derivatives
/// @notice Pure. The twin is `risk/margin/contract/cubic.ts`.
library Cubic {
    int256 internal constant ONE = 1 << 32;

    /// @param position In node steps, 32 binary digits, in [0, nodes - 1].
    /// @param nodes At least 4.
    function weights(int256 position, uint256 nodes) internal pure returns (Weights memory w) {
        unchecked {
            (uint256 first, int256 t) = _place(position, nodes);
            // |t - 3| <= 3, so products of three stay below 2^101.
            (int256 b, int256 c, int256 d) = (t - ONE, t - 2 * ONE, t - 3 * ONE);
            w.first = first;
            w.w0 = -(b * c * d) / (6 << 64);
            w.w1 = t * c * d / (2 << 64);
            w.w3 = t * b * c / (6 << 64);
            w.w2 = ONE - w.w0 - w.w1 - w.w3;
        }
    }

    /// @notice Weights of the first derivative, per node step. They add up to zero exactly.
    function slopes(int256 position, uint256 nodes) internal pure returns (Weights memory w) {
        unchecked {
            (uint256 first, int256 t) = _place(position, nodes);
            (int256 b, int256 c, int256 d) = (t - ONE, t - 2 * ONE, t - 3 * ONE);
            w.first = first;
            w.w0 = -(b * c + b * d + c * d) / (6 << 32);
            w.w1 = (t * c + t * d + c * d) / (2 << 32);
            w.w3 = (t * b + t * c + b * c) / (6 << 32);
            w.w2 = -(w.w0 + w.w1 + w.w3);
        }
    }

    /// @notice Weights of the second derivative, per node step squared. They add up to zero exactly.
    function bends(int256 position, uint256 nodes) internal pure returns (Weights memory w) {
        unchecked {
            (uint256 first, int256 t) = _place(position, nodes);
            w.first = first;
            w.w0 = 2 * ONE - t;
            w.w1 = 3 * t - 5 * ONE;
            w.w2 = 4 * ONE - 3 * t;
            w.w3 = t - ONE;
        }
    }

    /// @notice Four consecutive 15-bit lanes of a row of words, weighted.
    /// @param words Memory address of the row; node i in lane i % 16 of word i / 16, first node lowest.
    function read(uint256 words, Weights memory w) internal pure returns (int256 sum) {
        assembly ("memory-safe") {
            function lane(row, i) -> value {
                value := and(shr(shl(4, and(i, 15)), mload(add(row, shl(5, shr(4, i))))), 0xffff)
            }
            let first := mload(w)
            sum := mul(mload(add(w, 32)), lane(words, first))
            sum := add(sum, mul(mload(add(w, 64)), lane(words, add(first, 1))))
            sum := add(sum, mul(mload(add(w, 96)), lane(words, add(first, 2))))
            sum := add(sum, mul(mload(add(w, 128)), lane(words, add(first, 3))))
        }
    }

    /// @notice The same for lanes in two's complement, within one word.
    function readSigned(uint256 words, Weights memory w) internal pure returns (int256 sum) {
        assembly ("memory-safe") {
            let shifted := shr(shl(4, mload(w)), mload(words))
            sum := mul(mload(add(w, 32)), signextend(1, shifted))
            sum := add(sum, mul(mload(add(w, 64)), signextend(1, shr(16, shifted))))
            sum := add(sum, mul(mload(add(w, 96)), signextend(1, shr(32, shifted))))
            sum := add(sum, mul(mload(add(w, 128)), signextend(1, shr(48, shifted))))
        }
    }

    /// @notice The same for a row of numbers.
    function readNumbers(int256[] memory row, Weights memory w) internal pure returns (int256 sum) {
        assembly ("memory-safe") {
            let place := add(add(row, 32), shl(5, mload(w)))
            sum := mul(mload(add(w, 32)), mload(place))
            sum := add(sum, mul(mload(add(w, 64)), mload(add(place, 32))))
            sum := add(sum, mul(mload(add(w, 96)), mload(add(place, 64))))
            sum := add(sum, mul(mload(add(w, 128)), mload(add(place, 96))))
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
