// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Adjustment} from "../interfaces/IControllerMandate.sol";
import {Item} from "../interfaces/ParameterTypes.sol";

bytes32 constant ITEM_TYPEHASH = keccak256("Item(bytes32 id,uint64 expected,uint64 value)");

bytes32 constant ADJUSTMENT_TYPEHASH = keccak256(
    "Adjustment(bytes32 scope,uint32 epoch,uint32 round,uint48 observedAt,uint48 validUntil,Item[] items,uint128 impactNotional,uint32 impactAccounts,bytes32 snapshot,bytes32 engine,bytes32 configuration,bytes32 report)Item(bytes32 id,uint64 expected,uint64 value)"
);

/// @notice EIP-712 hash of a list of items: the hash of their concatenated struct hashes.
/// @dev An item is three words in calldata as in its struct hash, so it is copied whole; plain Solidity would encode it member by member. A member
/// with dirty upper bits gives a hash that nobody signed.
function hashItems(Item[] calldata items) pure returns (bytes32 hash) {
    bytes32 typehash = ITEM_TYPEHASH;
    assembly ("memory-safe") {
        let encoded := mload(0x40)
        let hashes := add(encoded, 0x80)
        mstore(encoded, typehash)
        for { let i := 0 } lt(i, items.length) { i := add(i, 1) } {
            calldatacopy(add(encoded, 0x20), add(items.offset, mul(i, 0x60)), 0x60)
            mstore(add(hashes, shl(5, i)), keccak256(encoded, 0x80))
        }
        hash := keccak256(hashes, shl(5, items.length))
    }
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
