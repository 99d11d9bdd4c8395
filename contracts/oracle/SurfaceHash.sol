// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Slice, Surface} from "../interfaces/ISurfaceOracle.sol";

bytes32 constant SLICE_TYPEHASH =
    keccak256("Slice(uint48 expiry,int256 a,int256 b,int256 rho,int256 m,int256 sigma,uint256 forwardRatio)");

bytes32 constant SURFACE_TYPEHASH = keccak256(
    "Surface(bytes32 market,uint32 epoch,uint32 version,uint48 asOf,uint48 validUntil,uint128 spot,Slice[] slices)Slice(uint48 expiry,int256 a,int256 b,int256 rho,int256 m,int256 sigma,uint256 forwardRatio)"
);

/// @notice EIP-712 struct hash of a surface.
function hashSurface(Surface calldata s) pure returns (bytes32) {
    bytes32[] memory slices = new bytes32[](s.slices.length);
    for (uint256 i = 0; i < slices.length; ++i) {
        slices[i] = keccak256(abi.encode(SLICE_TYPEHASH, s.slices[i]));
    }
    return keccak256(
        abi.encode(
            SURFACE_TYPEHASH, s.market, s.epoch, s.version, s.asOf, s.validUntil, s.spot, keccak256(abi.encodePacked(slices))
        )
    );
}
