// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {
    Direction, JointInvariant, ParamClass, ParamId, ParameterSpec, ScopeId, ScopeKind
} from "../interfaces/ParameterTypes.sol";
import {MAX_INVARIANTS, MAX_PARAMETERS, Rails, Relation, Trait} from "./Records.sol";

/// @title What can be a parameter: ids, directions, classes, coupling groups, rails and joint invariants
/// @dev Written by the constructor and never again. No role, not even the DAO, can change a rail or add an id; that takes a successor store.
abstract contract Catalogue {
    ParamId[] private _ids;
    Relation[] private _relations;
    mapping(ParamId id => Trait) private _traits;
    mapping(uint256 position => Rails) private _rails;
    /// @dev Bit i: the parameter at position i belongs to the group.
    mapping(uint8 group => uint64) internal _members;

    constructor(ParameterSpec[] memory specs, JointInvariant[] memory invariants) {
        ParamId previous;
        if (specs.length > MAX_PARAMETERS) {
            revert IRiskParameters.RiskParameters_InvalidSpec(previous, 0, uint64(specs.length), uint64(MAX_PARAMETERS));
        }
        for (uint256 i; i < specs.length; ++i) {
            ParameterSpec memory s = specs[i];
            if (ParamId.unwrap(s.id) <= ParamId.unwrap(previous)) revert IRiskParameters.RiskParameters_IdsNotAscending(previous, s.id);
            _checkSpec(s);
            previous = s.id;
            _ids.push(s.id);
            _traits[s.id] = Trait(s.scopeKind, s.direction, s.class, s.group, s.ramped, uint8(i), 0);
            _rails[i] = Rails(
                uint48(s.railFloor), uint48(s.railCeiling), s.maxTightenStepBps, s.maxLoosenStepBps, s.maxTightenBudgetBps,
                s.maxLoosenBudgetBps, s.minLoosenCooldown, s.minVetoHours
            );
            _members[s.group] |= uint64(1 << i);
        }
        if (invariants.length > MAX_INVARIANTS) revert IRiskParameters.RiskParameters_InvalidInvariant(invariants.length);
        for (uint256 i; i < invariants.length; ++i) {
            JointInvariant memory v = invariants[i];
            Trait storage left = _traits[v.left];
            Trait storage right = _traits[v.right];
            if (left.kind == ScopeKind.NONE || left.kind != right.kind || v.leftMul == 0 || v.rightMul == 0) {
                revert IRiskParameters.RiskParameters_InvalidInvariant(i);
            }
            _relations.push(Relation(left.index, right.index, v.leftBaseline, v.rightBaseline, v.leftMul, v.rightMul, v.slack));
            left.invariants |= uint64(1 << i);
            right.invariants |= uint64(1 << i);
        }
    }

    /// @dev Fields are numbered as in {ParameterSpec}.
    function _checkSpec(ParameterSpec memory s) private pure {
        bool slow = s.class == ParamClass.MONEY || s.class == ParamClass.FEED;
        if (s.scopeKind == ScopeKind.NONE) _invalidSpec(s.id, 1, 0, 1);
        if (slow && s.direction != Direction.TWO_SIDED) _invalidSpec(s.id, 2, uint64(s.direction), uint64(Direction.TWO_SIDED));
        if (s.ramped && s.direction == Direction.TWO_SIDED) _invalidSpec(s.id, 5, 1, 0);
        if (s.railFloor > s.railCeiling) _invalidSpec(s.id, 6, s.railFloor, s.railCeiling);
        if (s.railCeiling > type(uint48).max) _invalidSpec(s.id, 7, s.railCeiling, type(uint48).max);
        // A loosening by the controller never skips the veto window.
        if (s.class != ParamClass.GOVERNANCE && s.minVetoHours == 0) _invalidSpec(s.id, 13, 0, 1);
    }

    function _invalidSpec(ParamId id, uint8 field, uint64 value, uint64 limit) private pure {
        revert IRiskParameters.RiskParameters_InvalidSpec(id, field, value, limit);
    }

    // ------------------------------------------------------------------ reads

    function _size() internal view returns (uint256) {
        return _ids.length;
    }

    function _idAt(uint256 position) internal view returns (ParamId) {
        return _ids[position];
    }

    function _railsAt(uint256 position) internal view returns (Rails memory) {
        return _rails[position];
    }

    function _relationAt(uint256 i) internal view returns (Relation memory) {
        return _relations[i];
    }

    /// @dev Kind NONE when the id is unknown.
    function _traitOrNone(ParamId id) internal view returns (Trait memory) {
        return _traits[id];
    }

    /// @dev Reverts unless `id` is known and lives in scopes of this kind.
    function _traitOf(ScopeId scope, ParamId id) internal view returns (Trait memory trait) {
        trait = _traits[id];
        if (trait.kind == ScopeKind.NONE) revert IRiskParameters.RiskParameters_UnknownParameter(scope, id);
        if (trait.kind != scope.kindOf()) revert IRiskParameters.RiskParameters_WrongScopeKind(scope, id);
    }

    function _specAt(uint256 position) internal view returns (ParameterSpec memory) {
        ParamId id = _ids[position];
        Trait memory t = _traits[id];
        Rails memory r = _rails[position];
        return ParameterSpec(
            id, t.kind, t.direction, t.class, t.group, t.ramped, r.floor, r.ceiling, r.maxTightenStepBps, r.maxLoosenStepBps,
            r.maxTightenBudgetBps, r.maxLoosenBudgetBps, r.minLoosenCooldown, r.minVetoHours
        );
    }

    function _specs() internal view returns (ParameterSpec[] memory specs) {
        specs = new ParameterSpec[](_ids.length);
        for (uint256 i; i < specs.length; ++i) {
            specs[i] = _specAt(i);
        }
    }

    function _invariants() internal view returns (JointInvariant[] memory invariants) {
        invariants = new JointInvariant[](_relations.length);
        for (uint256 i; i < invariants.length; ++i) {
            Relation memory r = _relations[i];
            invariants[i] = JointInvariant(_ids[r.left], _ids[r.right], r.leftBaseline, r.rightBaseline, r.leftMul, r.rightMul, r.slack);
        }
    }
}
