// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, ChainId} from "./ClearingTypes.sol";

/// @title Settlement of expired chains
/// @notice Anyone, for anybody's accounts, in batches of any size, at the chain's final settlement price and nothing else. Nobody can choose the price, the
/// time, or leave a position out: an account left unsettled keeps its positions at what they pay.
interface ISettlement {
    event AccountSettled(ChainId indexed chain, AccountId indexed account, uint256 positions, int256 payment);

    /// @notice The chain has no final price yet.
    error Settlement_NotFinal(ChainId chain);

    /// @notice Settles all positions in `chain` of each account; accounts without any are passed over. Payments of one account are in cash units.
    function settle(ChainId chain, AccountId[] calldata accounts) external returns (int256[] memory payments);
}
