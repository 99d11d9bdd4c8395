// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ParameterSpec} from "../interfaces/ParameterTypes.sol";

/// @title Constant data kept as the code of contracts that do nothing
/// @dev Cheaper to write than storage and impossible to change. The code starts with STOP, so nobody can run it.
library Blob {
    /// @dev Words of a {ParameterSpec}: all members are static, one word each, in memory as in the ABI.
    uint256 private constant SPEC_BYTES = 14 * 32;

    /// @param data At most 24,575 bytes.
    function write(bytes memory data) internal returns (address blob) {
        // Creation code, 10 bytes: return everything behind it.
        bytes memory creation = abi.encodePacked(hex"61", uint16(data.length + 1), hex"80600a3d393df3", hex"00", data);
        assembly ("memory-safe") {
            blob := create(0, add(creation, 32), mload(creation))
        }
        assert(blob != address(0));
    }

    /// @dev Spec number `i` of a blob that holds specs back to back.
    function specAt(address blob, uint256 i) internal view returns (ParameterSpec memory s) {
        uint256 offset = 1 + i * SPEC_BYTES;
        uint256 size = SPEC_BYTES;
        assembly ("memory-safe") {
            extcodecopy(blob, s, offset, size)
        }
    }

    /// @dev As {specAt}, and ends the call with it: no encoding.
    function returnSpec(address blob, uint256 i) internal view {
        ParameterSpec memory s = specAt(blob, i);
        uint256 size = SPEC_BYTES;
        assembly ("memory-safe") {
            return(s, size)
        }
    }

    /// @dev Ends the call and returns an array of static structs, whose words two blobs hold back to back: no decoding, no encoding.
    function returnArray(uint256 length, address first, address second) internal view {
        assembly ("memory-safe") {
            let result := mload(64)
            let sizeOfFirst := sub(extcodesize(first), 1)
            let sizeOfSecond := sub(extcodesize(second), 1)
            mstore(result, 32)
            mstore(add(result, 32), length)
            extcodecopy(first, add(result, 64), 1, sizeOfFirst)
            extcodecopy(second, add(result, add(64, sizeOfFirst)), 1, sizeOfSecond)
            return(result, add(64, add(sizeOfFirst, sizeOfSecond)))
        }
    }
}
