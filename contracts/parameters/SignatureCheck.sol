// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @dev Gas a contract wallet may use to judge a signature: five ECDSA owners behind a proxy stay below half of it.
uint256 constant ERC1271_GAS = 150_000;

/// @notice Whether `signer` signed `digest`.
/// @dev A key first (65 bytes, low s, v 27 or 28), so an account that delegates its code by EIP-7702 still signs with its key; then ERC-1271. The
/// wallet is called statically, with at most {ERC1271_GAS}, and one word of its answer is read: it can neither re-enter, nor drain the caller's gas,
/// nor fill its memory. A caller who sends too little gas can only turn true into false, so a false answer must revert the whole call.
function isSigned(address signer, bytes32 digest, bytes calldata signature) view returns (bool) {
    (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signature);
    if (fault == ECDSA.RecoverError.NoError && recovered == signer) return true;
    if (signer.code.length == 0) return false;

    bytes memory input = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
    bytes32 answer;
    bool success;
    // Plain Solidity would copy the whole answer; the scratch word at zero takes the first 32 bytes only.
    assembly ("memory-safe") {
        success := staticcall(ERC1271_GAS, signer, add(input, 0x20), mload(input), 0x00, 0x20)
        success := and(success, gt(returndatasize(), 0x1f))
        answer := mload(0x00)
    }
    return success && answer == bytes32(IERC1271.isValidSignature.selector);
}
