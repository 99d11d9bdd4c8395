// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Order} from "../interfaces/ITrading.sol";

bytes32 constant ORDER_TYPEHASH =
    keccak256("Order(uint256 account,uint64 instrument,int256 lots,uint256 limitPrice,uint64 maxFee,uint256 nonce,uint40 expiry)");

/// @notice EIP-712 struct hash of an order.
function hashOrder(Order calldata o) pure returns (bytes32) {
    return keccak256(abi.encode(ORDER_TYPEHASH, o.account, o.instrument, o.lots, o.limitPrice, o.maxFee, o.nonce, o.expiry));
}
