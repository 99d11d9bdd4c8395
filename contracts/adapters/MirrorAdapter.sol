// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Comparison, IMirrorAdapter, Probe, Relation} from "../interfaces/IMirrorAdapter.sol";
import {Binding} from "../interfaces/IParameterAdapter.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {Direction} from "../interfaces/ParameterTypes.sol";
import {ParameterAdapter} from "./ParameterAdapter.sol";
import {PROBE_GAS as PROBE_ALLOWANCE, readProbe} from "./ProbeReader.sol";
import {UnitConversion} from "./UnitConversion.sol";

/// @title The store beside another protocol's own numbers
contract MirrorAdapter is IMirrorAdapter, ParameterAdapter {
    using UnitConversion for Binding;

    /// @inheritdoc IMirrorAdapter
    uint256 public constant PROBE_GAS = PROBE_ALLOWANCE;

    Probe[] private _probes; // one for each binding

    constructor(IRiskParameters parameters, Binding[] memory bindings_, Probe[] memory probes) ParameterAdapter(parameters, bindings_) {
        if (probes.length != bindings_.length) revert ParameterAdapter_LengthMismatch(bindings_.length, probes.length);
        for (uint256 i = 0; i < probes.length; ++i) {
            _probes.push(probes[i]);
            (bool readable, uint256 actual) = readProbe(probes[i]);
            if (!readable) revert MirrorAdapter_Unreadable(bindings_[i].key, probes[i].target);
            _requireUnit(i, actual);
        }
    }

    /// @inheritdoc IMirrorAdapter
    function probeOf(bytes32 key) external view returns (Probe memory) {
        return _probes[_indexOf(key)];
    }

    /// @inheritdoc IMirrorAdapter
    function compare() external view returns (Comparison[] memory all) {
        all = new Comparison[](_count());
        for (uint256 i = 0; i < all.length; ++i) {
            Bound memory bound = _at(i);
            (, uint256 wanted) = _wanted(bound);
            (bool readable, uint256 actual) = _actual(i);
            all[i] = Comparison(bound.binding.key, wanted, actual, _relation(bound, wanted, readable, actual));
        }
    }

    /// @dev What the other protocol shows for binding `i`.
    function _actual(uint256 i) internal view returns (bool readable, uint256 actual) {
        return readProbe(_probes[i]);
    }

    function _relation(Bound memory bound, uint256 wanted, bool readable, uint256 actual) private pure returns (Relation) {
        if (!readable) return Relation.UNREADABLE;
        if (actual == wanted) return Relation.EQUAL;
        if (bound.direction == Direction.TWO_SIDED) return Relation.DIFFERENT;
        return (actual > wanted) == bound.binding.risesToTighten(bound.direction) ? Relation.TIGHTER : Relation.LOOSER;
    }
}
