// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "./IRiskParameters.sol";
import {ParamId, ScopeId, ScopeKind} from "./ParameterTypes.sol";

/// @notice Which of the two values of a ramped parameter is meant. For a parameter without a ramp they are the same.
enum Reading {
    TARGET, // what new risk sees
    EFFECTIVE // what open positions see: speed-limited on its way to a tighter target
}

/// @notice A parameter under the name and in the unit of another protocol: `value * mul / div`, or that much less than `complementOf`.
/// @dev The product is rounded toward the tight side: up when the parameter tightens up, down when it tightens down. A two-sided parameter has no
/// tight side and must convert exactly.
struct Binding {
    bytes32 key; // the other protocol's name, unique in the adapter, not zero
    ScopeId scope;
    ParamId id;
    Reading reading;
    uint64 mul; // from the store's unit to the other protocol's
    uint64 div;
    uint128 complementOf; // zero, or the whole of which the parameter is the rest: a loan to value of 75 % is 100 % less a haircut of 25 %
    uint128 maximum; // largest number that the other protocol can hold
}

/// @title Parameters of the store under the names and in the units of another protocol
/// @notice Anyone may read. Bindings are fixed at construction; the adapter holds no funds and has no role on the store, so it changes no parameter.
///
/// Invariant: what it answers is the store's live value, target or effective as the binding says, converted and rounded to the tight side, so it is
/// never looser than the live value. A target lies inside the rule in force; an effective value is on its way there from one that did.
/// @dev Conversion cannot overflow: both ends of the rails, which no rule passes, are converted at construction. The unit is proved then, too,
/// against a number in the other protocol's unit. A successor store takes a new adapter.
interface IParameterAdapter {
    error ParameterAdapter_BindingCount(uint256 given, uint256 atLeast, uint256 atMost);
    error ParameterAdapter_LengthMismatch(uint256 bindings, uint256 others);
    /// @notice Zero, or there twice.
    error ParameterAdapter_InvalidKey(bytes32 key);
    error ParameterAdapter_UnknownKey(bytes32 key);
    error ParameterAdapter_WrongScopeKind(bytes32 key, ScopeKind given, ScopeKind expected);
    /// @notice A factor is zero.
    error ParameterAdapter_ZeroFactor(bytes32 key, uint64 mul, uint64 div);
    /// @notice A two-sided parameter has no safe side to round to: `div` must divide `mul`.
    error ParameterAdapter_Inexact(bytes32 key, uint64 mul, uint64 div);
    /// @notice A value inside the rails becomes more than the other protocol can hold, or more than the whole it is taken from.
    error ParameterAdapter_Overflow(bytes32 key, uint64 value, uint256 scaled, uint256 atMost);
    /// @notice {UNIT_FACTOR} or more apart: another unit, not another value.
    error ParameterAdapter_WrongUnit(bytes32 key, uint256 expected, uint256 converted);

    function PARAMETERS() external view returns (IRiskParameters);
    function MAX_BINDINGS() external view returns (uint256);
    /// @notice Factor between the converted live value and the expected one at which they are taken for different units.
    function UNIT_FACTOR() external view returns (uint256);
    function keys() external view returns (bytes32[] memory);
    function bindingOf(bytes32 key) external view returns (Binding memory);
    /// @notice Live value in the other protocol's unit. Reverts for an unknown key, never answers an unset zero.
    function valueOf(bytes32 key) external view returns (uint256);
}
