// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IParameterAdapter} from "./IParameterAdapter.sol";

/// @notice Where the other protocol shows a number of its own: word `word` of what `target` answers to `input`.
struct Probe {
    address target;
    uint8 word;
    bytes input; // selector and arguments
}

/// @notice What the other protocol has in force, against what the store has.
enum Relation {
    UNREADABLE, // the protocol does not answer
    EQUAL,
    TIGHTER,
    LOOSER,
    DIFFERENT // of a two-sided parameter, which has no tight side
}

/// @notice Both numbers in the other protocol's unit.
struct Comparison {
    bytes32 key;
    uint256 wanted;
    uint256 actual; // zero when unreadable
    Relation relation;
}

/// @title The store beside another protocol's own numbers
/// @notice The controller proposes, nothing is enforced: rounds move the store, the other protocol keeps its numbers, anyone sees the difference.
/// Writes nothing, needs no role anywhere.
interface IMirrorAdapter is IParameterAdapter {
    /// @notice At construction every probe must answer.
    error MirrorAdapter_Unreadable(bytes32 key, address target);
    /// @notice Too little gas for a probe's full allowance: a caller must not be able to choose that the other protocol does not answer.
    error MirrorAdapter_GasTooLow(uint256 given, uint256 needed);

    /// @notice Gas of one probe.
    function PROBE_GAS() external view returns (uint256);
    function probeOf(bytes32 key) external view returns (Probe memory);
    /// @notice All bindings, in their order.
    function compare() external view returns (Comparison[] memory);
}
