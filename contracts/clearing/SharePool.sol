// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice An amount that many own in proportion to their shares, and that a loss reduces for all in one step. One word.
struct SharePool {
    uint128 shares;
    uint96 index; // value of a share: {UNIT} is one unit of the amount
    uint24 scale; // how often shares were cut by {CUT} bits, so that the index keeps its digits
}

/// @dev Amounts lie below 2^96 and shares below 2^128, so that no product here passes 2^224. Owners read rounded down: together never more than the pool holds,
/// and less by under one unit an owner, three once shares were cut. Every function returns the dust that its roundings set free, so that the caller's sums stay exact.
library SharePools {
    uint256 internal constant UNIT = 1 << 95;
    /// @dev Below it the index is cut back, so it is never worse than one part in 2^63.
    uint256 internal constant LEAST_INDEX = 1 << 63;
    uint256 internal constant CUT = 32;
    uint256 internal constant MAX_AMOUNT = type(uint96).max;

    error SharePool_AmountTooLarge(uint256 amount, uint256 limit);

    function fresh() internal pure returns (SharePool memory) {
        return SharePool(0, uint96(UNIT), 0);
    }

    /// @notice What the pool holds.
    function total(SharePool memory pool) internal pure returns (uint256) {
        return valueOf(pool, pool.shares);
    }

    /// @notice Value of shares of the pool's scale, rounded down.
    function valueOf(SharePool memory pool, uint256 shares) internal pure returns (uint256) {
        return (shares * pool.index) >> 95;
    }

    /// @notice Shares written at an earlier scale, at the pool's: rounded down.
    function rescale(SharePool memory pool, uint256 shares, uint256 scale) internal pure returns (uint256) {
        return scale == pool.scale ? shares : shares >> (CUT * (pool.scale - scale));
    }

    /// @notice Adds an amount.
    /// @return shares What its owner gets for it.
    /// @return dust What of `amount` no share stands for.
    function mint(SharePool memory pool, uint256 amount) internal pure returns (uint256 shares, uint256 dust) {
        uint256 before = total(pool);
        if (before + amount > MAX_AMOUNT) revert SharePool_AmountTooLarge(before + amount, MAX_AMOUNT);
        shares = (amount << 95) / pool.index;
        // Below 2^96 units at 2^32 shares a unit at most.
        pool.shares = uint128(pool.shares + shares);
        dust = before + amount - total(pool);
    }

    /// @notice Takes an amount, at most what the owner's shares are worth; all of his shares when it is just that.
    /// @return left His shares afterwards.
    /// @return dust What his shares were worth beyond `amount`.
    function burn(SharePool memory pool, uint256 owned, uint256 amount) internal pure returns (uint256 left, uint256 dust) {
        uint256 before = total(pool);
        uint256 burned = amount == valueOf(pool, owned) ? owned : ((amount << 95) + pool.index - 1) / pool.index;
        left = owned - burned;
        pool.shares = uint128(pool.shares - burned);
        dust = before - amount - total(pool);
    }

    /// @notice Takes a loss, at most the total, from all owners in proportion.
    /// @return dust What the total fell by beyond `loss`: nothing while there are fewer than 2^95 shares.
    function reduce(SharePool memory pool, uint256 loss) internal pure returns (uint256 dust) {
        uint256 left = total(pool) - loss;
        if (left == 0) {
            // Nothing is left for anybody: old shares, of 128 bits, are cut to nothing.
            (pool.shares, pool.index) = (0, uint96(UNIT));
            pool.scale += uint24(128 / CUT);
            return 0;
        }
        // Above zero, as `left` is; and so after every cut, since an index below {LEAST_INDEX} means more than 2^32 shares.
        uint256 shares = pool.shares;
        while ((left << 95) / shares < LEAST_INDEX) {
            shares >>= CUT;
            ++pool.scale;
        }
        uint256 index = (left << 95) / shares;
        if (((index + 1) * shares) >> 95 <= left) ++index;
        (pool.shares, pool.index) = (uint128(shares), uint96(index));
        dust = left - total(pool);
    }
}
