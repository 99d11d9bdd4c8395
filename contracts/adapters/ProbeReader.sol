// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMirrorAdapter, Probe} from "../interfaces/IMirrorAdapter.sol";

/// @dev Gas of a probe; a getter behind a proxy with a few storage reads needs about a fifth.
uint256 constant PROBE_GAS = 100_000;

/// @notice Reads a number that another protocol shows; not readable when it reverts, uses more than {PROBE_GAS}, answers too little or has no code.
/// @dev The call is static, so it cannot re-enter to any effect. Only the words up to the wanted one are copied, so a long answer costs no more.
function readProbe(Probe memory probe) view returns (bool readable, uint256 shown) {
    requireCallGas(PROBE_GAS);
    uint256 length = (uint256(probe.word) + 1) * 32;
    bytes memory output = new bytes(length);
    address target = probe.target;
    bytes memory input = probe.input;
    assembly ("memory-safe") {
        readable := staticcall(PROBE_GAS, target, add(input, 0x20), mload(input), add(output, 0x20), length)
        readable := and(readable, iszero(lt(returndatasize(), length)))
        if readable { shown := mload(add(output, length)) }
    }
}

/// @notice Reverts with {IMirrorAdapter.MirrorAdapter_GasTooLow} when a call could get less than `allowance`.
function requireCallGas(uint256 allowance) view {
    uint256 needed = (allowance * 64) / 63 + 10_000;
    if (gasleft() < needed) revert IMirrorAdapter.MirrorAdapter_GasTooLow(gasleft(), needed);
}
