// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {
    Direction, JointInvariant, ParamClass, ParamId, ParameterSpec, ScopeId, ScopeKind
} from "../interfaces/ParameterTypes.sol";
import {Blob} from "./Blob.sol";
import {
    BASELINES_SHIFT, Book, Cell, FALLING_SHIFT, MAX_INVARIANTS, MAX_PARAMETERS, RISING_SHIFT, packTrait, unpackTrait
} from "./Records.sol";

/// @dev A joint invariant over catalogue positions; one slot.
struct Relation {
    uint8 left;
    uint8 right;
    bool leftBaseline;
    bool rightBaseline;
    uint32 leftMul;
    uint32 rightMul;
    uint64 slack;
}

/// @title What can be a parameter: ids, directions, classes, coupling groups, rails and joint invariants
/// @dev Written by the constructor and never again. No role, not even the DAO, can change a rail or add an id; that takes a successor store.
abstract contract Catalogue {
    uint256 private constant SPECS_PER_BLOB = 32;

    ParamId[] private _ids;
    Relation[] private _relations;
    mapping(ParamId id => uint256 trait) private _traits;
    /// @dev State of the scopes; here, because a cell is found together with its book.
    mapping(ScopeId scope => Book) internal _books;
    /// @dev Bit i: the parameter at position i belongs to the group.
    mapping(uint256 group => uint256) internal _members;
    /// @dev The specs as given, 32 to a blob.
    address private immutable _firstSpecs;
    address private immutable _lastSpecs;
    address private immutable _invariantBlob;
    uint256 private immutable _invariantCount;
    address private immutable _empty;
    /// @dev Of `abi.encode(specs)`, which is what {IRiskParameters.catalogue} returns.
    bytes32 internal immutable _catalogueHash;

    constructor(ParameterSpec[] memory specs, JointInvariant[] memory invariants) {
        ParamId previous;
        if (specs.length > MAX_PARAMETERS) _invalidSpec(previous, 0, uint64(specs.length), uint64(MAX_PARAMETERS));
        for (uint256 i; i < specs.length; ++i) {
            ParameterSpec memory s = specs[i];
            if (ParamId.unwrap(s.id) <= ParamId.unwrap(previous)) revert IRiskParameters.RiskParameters_IdsNotAscending(previous, s.id);
            _checkSpec(s);
            previous = s.id;
            _ids.push(s.id);
            _traits[s.id] = packTrait(uint256(s.scopeKind), uint256(s.direction), uint256(s.class), s.group, s.ramped, i);
            _members[s.group] |= 1 << i;
        }
        _firstSpecs = _blob(specs, 0);
        _lastSpecs = _blob(specs, SPECS_PER_BLOB);
        _catalogueHash = keccak256(abi.encode(specs));
        if (invariants.length > MAX_INVARIANTS) revert IRiskParameters.RiskParameters_InvalidInvariant(invariants.length);
        bytes memory data;
        for (uint256 i; i < invariants.length; ++i) {
            JointInvariant memory v = invariants[i];
            Cell memory left;
            Cell memory right;
            unpackTrait(left, _traits[v.left]);
            unpackTrait(right, _traits[v.right]);
            if (left.kind == 0 || left.kind != right.kind || v.leftMul == 0 || v.rightMul == 0) {
                revert IRiskParameters.RiskParameters_InvalidInvariant(i);
            }
            _relations.push(
                Relation(uint8(left.position), uint8(right.position), v.leftBaseline, v.rightBaseline, v.leftMul, v.rightMul, v.slack)
            );
            _traits[v.left] |= 1 << ((v.leftBaseline ? BASELINES_SHIFT : RISING_SHIFT) + i);
            _traits[v.right] |= 1 << ((v.rightBaseline ? BASELINES_SHIFT : FALLING_SHIFT) + i);
            data = bytes.concat(data, abi.encode(v));
        }
        _invariantBlob = Blob.write(data);
        _invariantCount = invariants.length;
        _empty = Blob.write("");
    }

    function _blob(ParameterSpec[] memory specs, uint256 from) private returns (address) {
        bytes memory data;
        for (uint256 i = from; i < specs.length && i < from + SPECS_PER_BLOB; ++i) {
            data = bytes.concat(data, abi.encode(specs[i]));
        }
        return Blob.write(data);
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

    function _relationAt(uint256 i) internal view returns (Relation memory) {
        return _relations[i];
    }

    /// @dev A parameter with its trait; kind zero when the id is unknown.
    function _find(ScopeId scope, ParamId id) internal view returns (Cell memory c) {
        _find(c, scope, id);
    }

    /// @dev As above, into a fresh cell.
    function _find(Cell memory c, ScopeId scope, ParamId id) internal view {
        c.scope = scope;
        c.id = id;
        Book storage book = _books[scope];
        uint256 slot;
        assembly ("memory-safe") {
            slot := book.slot
        }
        c.book = slot;
        unpackTrait(c, _traits[id]);
    }

    /// @dev Reverts unless `id` is known and lives in scopes of this kind.
    function _known(ScopeId scope, ParamId id) internal view returns (Cell memory c) {
        c = _find(scope, id);
        if (c.kind == 0) revert IRiskParameters.RiskParameters_UnknownParameter(scope, id);
        if (!_livesIn(c, scope)) revert IRiskParameters.RiskParameters_WrongScopeKind(scope, id);
    }

    /// @dev Whether the first byte of the scope is the kind of the parameter; never for an unknown one.
    function _livesIn(Cell memory c, ScopeId scope) internal pure returns (bool) {
        return c.kind != 0 && c.kind == uint256(ScopeId.unwrap(scope)) >> 248;
    }

    function _specAt(uint256 position) internal view returns (ParameterSpec memory) {
        return Blob.specAt(_blobOf(position), position % SPECS_PER_BLOB);
    }

    function _blobOf(uint256 position) private view returns (address) {
        return position < SPECS_PER_BLOB ? _firstSpecs : _lastSpecs;
    }

    /// @dev Ends the call with a spec as its result.
    function _returnSpec(uint256 position) internal view {
        Blob.returnSpec(_blobOf(position), position % SPECS_PER_BLOB);
    }

    /// @dev Ends the call with the catalogue as its result.
    function _returnSpecs() internal view {
        Blob.returnArray(_ids.length, _firstSpecs, _lastSpecs);
    }

    /// @dev Ends the call with the joint invariants as its result.
    function _returnInvariants() internal view {
        Blob.returnArray(_invariantCount, _invariantBlob, _empty);
    }
}
