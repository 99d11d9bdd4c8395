// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice A contract wallet with one owner: what its owner signs, it signs.
contract Wallet1271 is IERC1271 {
    address private immutable OWNER;

    constructor(address owner) {
        OWNER = owner;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address recovered, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest, signature);
        return fault == ECDSA.RecoverError.NoError && recovered == OWNER ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    function delegate(IVotes token) external {
        token.delegate(address(this));
    }
}

/// @notice How a hostile contract answers when asked about a signature.
enum Malice {
    BURN_GAS,
    RETURN_MUCH,
    SHORT_ANSWER,
    DIRTY_ANSWER,
    REVERT,
    NEEDS_GAS // honest, but burns 100,000 gas first
}

/// @notice A contract wallet that tries to hurt whoever asks it.
contract HostileWallet {
    Malice private immutable MALICE;

    constructor(Malice malice) {
        MALICE = malice;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        bytes32 magic = bytes32(IERC1271.isValidSignature.selector);
        if (MALICE == Malice.BURN_GAS) {
            while (true) {}
        }
        if (MALICE == Malice.RETURN_MUCH) {
            assembly {
                mstore(0, magic)
                return(0, 20000)
            }
        }
        if (MALICE == Malice.SHORT_ANSWER) {
            assembly {
                mstore(0, magic)
                return(0, 4)
            }
        }
        if (MALICE == Malice.DIRTY_ANSWER) {
            assembly {
                mstore(0, or(magic, 1))
                return(0, 32)
            }
        }
        if (MALICE == Malice.REVERT) revert();
        uint256 before = gasleft();
        while (before - gasleft() < 100_000) {}
        return IERC1271.isValidSignature.selector;
    }
}
