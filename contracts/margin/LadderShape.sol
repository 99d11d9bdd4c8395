// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Whether words can be values of puts at all
/// @notice All sixteen lanes of a word at once: 15 bits are used, so the sixteenth of each lane takes the carry of a comparison (contract-rules, part 4).
/// @dev Convex, never rising, nowhere steeper than the forward and between payoff and strike at the first node: then the payoff and the strike bound every node
/// between, and so does the price of a dollar.
library LadderShape {
    uint256 internal constant HIGH = 0x8000800080008000800080008000800080008000800080008000800080008000;
    uint256 private constant TOP_TWO = 0xc000c000c000c000c000c000c000c000c000c000c000c000c000c000c000c000;
    uint256 private constant EVEN = 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
    uint256 private constant THREE = 0x0003000300030003000300030003000300030003000300030003000300030003;
    /// @dev Highest bit of each of the far word's eight lanes.
    uint256 private constant FAR_HIGH = 0x8000000080000000800000008000000080000000800000008000000080000000;

    /// @notice No lane uses its sixteenth bit.
    function inBits(uint256 word) internal pure returns (bool) {
        return word & HIGH == 0;
    }

    /// @notice No lane of `high` is below the same lane of `low`. Both {inBits}.
    function covers(uint256 high, uint256 low) internal pure returns (bool) {
        unchecked {
            return ((high | HIGH) - low) & HIGH == HIGH;
        }
    }

    /// @notice Falls from each lane to the next, in the lane of the first; the last lane is compared with the first of `next`. Not falling: {falls} is false.
    /// @param next The word that follows; the word's own last lane repeated as first when there is none.
    function drops(uint256 word, uint256 next) internal pure returns (bool falls, uint256 drop) {
        unchecked {
            // Each lane with its sixteenth bit set is at least 32,768, each subtracted at most 32,767: no lane borrows.
            drop = (word | HIGH) - (word >> 16 | next << 240);
            falls = drop & HIGH == HIGH;
            drop ^= HIGH;
        }
    }

    /// @notice Whether no drop is more than `ratio` times the one before it, but for rounding: convexity over geometric nodes.
    /// @dev Rounding moves each drop by one unit, so a bound is ratio + 1 units short, and its product is cut off: three units.
    /// @param ratio Of the prices of two nodes, wad, at most 1.25.
    /// @param next Drops of the word that follows; its first lane is read.
    function convex(uint256 drop, uint256 next, uint256 ratio, bool isLast) internal pure returns (bool) {
        // A drop of 16,384 units of 32,767 between two nodes is none of a put over nodes a quarter apart; and a sum below stays in its lane.
        if (drop & TOP_TWO != 0) return false;
        unchecked {
            uint256 excess = (ratio - 1e18) * 4096 / 1e18 + 1;
            uint256 even = (drop & EVEN) * excess >> 12 & EVEN;
            uint256 odd = (drop >> 16 & EVEN) * excess >> 12 & EVEN;
            uint256 limit = drop + (even | odd << 16) + THREE;
            // The last word's last drop is none, so neither it nor the one before has a successor.
            uint256 after_ = isLast ? drop >> 16 : drop >> 16 | next << 240;
            return ((limit | HIGH) - after_) & HIGH == HIGH;
        }
    }

    /// @notice Every lane, as a number in two's complement, lies within `limit` of zero. `limit` below 16,384.
    function within(uint256 word, uint256 limit) internal pure returns (bool) {
        unchecked {
            // Adding modulo 2^16 in each lane: fifteen bits, then the sixteenth by exclusive or.
            uint256 bias = limit * 0x0001000100010001000100010001000100010001000100010001000100010001;
            uint256 moved = ((word & ~HIGH) + bias) ^ (word & HIGH);
            return inBits(moved) && covers(2 * bias, moved);
        }
    }

    /// @notice The eight far lanes use 31 bits and never rise.
    function farFalls(uint256 word) internal pure returns (bool) {
        if (word & FAR_HIGH != 0) return false;
        unchecked {
            return ((word | FAR_HIGH) - (word >> 32)) & FAR_HIGH == FAR_HIGH;
        }
    }
}
