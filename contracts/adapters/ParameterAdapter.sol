// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Binding, IParameterAdapter, Reading} from "../interfaces/IParameterAdapter.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Direction, ParameterSpec} from "../interfaces/ParameterTypes.sol";
import {UnitConversion} from "./UnitConversion.sol";

/// @title Bindings and what they answer; what the adapters share
abstract contract ParameterAdapter is IParameterAdapter {
    using UnitConversion for Binding;

    /// @inheritdoc IParameterAdapter
    uint256 public constant MAX_BINDINGS = 32;
    /// @inheritdoc IParameterAdapter
    uint256 public constant UNIT_FACTOR = 10;
    /// @inheritdoc IParameterAdapter
    IRiskParameters public immutable PARAMETERS;

    /// @dev A binding with what the catalogue, which never changes, says of its parameter.
    struct Bound {
        Binding binding;
        Direction direction;
        uint8 group;
    }

    Bound[] private _bound;
    mapping(bytes32 key => uint256) private _position; // from one; zero is unknown

    /// @param parameters The store. The scopes must be active.
    constructor(IRiskParameters parameters, Binding[] memory bindings_) {
        PARAMETERS = parameters;
        uint256 count = bindings_.length;
        if (count == 0 || count > MAX_BINDINGS) revert ParameterAdapter_BindingCount(count, 1, MAX_BINDINGS);
        for (uint256 i = 0; i < count; ++i) {
            _bind(parameters, bindings_[i]);
        }
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IParameterAdapter
    function keys() external view returns (bytes32[] memory all) {
        all = new bytes32[](_bound.length);
        for (uint256 i = 0; i < all.length; ++i) {
            all[i] = _bound[i].binding.key;
        }
    }

    /// @inheritdoc IParameterAdapter
    function bindingOf(bytes32 key) external view returns (Binding memory) {
        return _bound[_indexOf(key)].binding;
    }

    /// @inheritdoc IParameterAdapter
    function valueOf(bytes32 key) external view returns (uint256 converted) {
        (, converted) = _wanted(_bound[_indexOf(key)]);
    }

    // ------------------------------------------------------------------ for the adapters

    function _count() internal view returns (uint256) {
        return _bound.length;
    }

    function _at(uint256 i) internal view returns (Bound memory) {
        return _bound[i];
    }

    function _indexOf(bytes32 key) internal view returns (uint256) {
        uint256 position = _position[key];
        if (position == 0) revert ParameterAdapter_UnknownKey(key);
        return position - 1;
    }

    /// @dev Live value as stored and as the other protocol counts it.
    function _wanted(Bound memory bound) internal view returns (uint64 value, uint256 converted) {
        Binding memory b = bound.binding;
        value = b.reading == Reading.TARGET ? PARAMETERS.valueOf(b.scope, b.id) : PARAMETERS.effectiveOf(b.scope, b.id);
        converted = b.convert(bound.direction, value);
    }

    /// @dev Reverts unless `expected`, a number in the other protocol's unit, is of the size of the live value.
    function _requireUnit(uint256 i, uint256 expected) internal view {
        Bound memory bound = _bound[i];
        (, uint256 converted) = _wanted(bound);
        if (expected == converted) return;
        (uint256 less, uint256 more) = expected < converted ? (expected, converted) : (converted, expected);
        // Divided, since `expected` may be any number: an integer quotient of the factor or more is a ratio of the factor or more.
        if (less == 0 || more / less >= UNIT_FACTOR) revert ParameterAdapter_WrongUnit(bound.binding.key, expected, converted);
    }

    // ------------------------------------------------------------------ construction

    function _bind(IRiskParameters parameters, Binding memory b) private {
        if (b.key == 0 || _position[b.key] != 0) revert ParameterAdapter_InvalidKey(b.key);
        ParameterSpec memory spec = parameters.spec(b.id);
        if (b.scope.kindOf() != spec.scopeKind) revert ParameterAdapter_WrongScopeKind(b.key, b.scope.kindOf(), spec.scopeKind);
        if (b.mul == 0 || b.div == 0) revert ParameterAdapter_ZeroFactor(b.key, b.mul, b.div);
        if (spec.direction == Direction.TWO_SIDED && b.mul % b.div != 0) revert ParameterAdapter_Inexact(b.key, b.mul, b.div);
        // Monotonic, so the rails' ends stand for every value between them. A complement is largest at the floor.
        uint256 scaled = b.scale(spec.direction, spec.railCeiling);
        uint256 atMost = b.complementOf == 0 ? b.maximum : b.complementOf;
        if (scaled > atMost) revert ParameterAdapter_Overflow(b.key, spec.railCeiling, scaled, atMost);
        uint256 atFloor = b.convert(spec.direction, spec.railFloor);
        if (atFloor > b.maximum) revert ParameterAdapter_Overflow(b.key, spec.railFloor, atFloor, b.maximum);
        _bound.push(Bound(b, spec.direction, spec.group));
        _position[b.key] = _bound.length;
    }
}
