// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Adjustment} from "../interfaces/IControllerMandate.sol";
import {Item} from "../interfaces/ParameterTypes.sol";

bytes32 constant ITEM_TYPEHASH = keccak256("Item(bytes32 id,uint64 expected,uint64 value)");

bytes32 constant ADJUSTMENT_TYPEHASH = keccak256(
    "Adjustment(bytes32 scope,uint32 epoch,uint32 round,uint48 observedAt,uint48 validUntil,Item[] items,uint128 impactNotional,uint32 impactAccounts,bytes32 snapshot,bytes32 engine,bytes32 configuration,bytes32 report)Item(bytes32 id,uint64 expected,uint64 value)"
);

/// @notice EIP-712 hash of a list of items: the hash of their concatenated struct hashes.
function hashItems(Item[] calldata items) pure returns (bytes32) {
    bytes32[] memory hashes = new bytes32[](items.length);
    for (uint256 i = 0; i < items.length; ++i) {
        hashes[i] = keccak256(abi.encode(ITEM_TYPEHASH, items[i]));
    }
    return keccak256(abi.encodePacked(hashes));
}

/// @notice EIP-712 struct hash of a round.
function hashAdjustment(Adjustment calldata a) pure returns (bytes32) {
    return keccak256(
        abi.encode(
            ADJUSTMENT_TYPEHASH, a.scope, a.epoch, a.round, a.observedAt, a.validUntil, hashItems(a.items), a.impactNotional,
            a.impactAccounts, a.snapshot, a.engine, a.configuration, a.report
        )
    );
}
