// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ParamId, ParameterRule, ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";

/// @notice What contracts outside contracts/parameters read of the store: values, effective values, rules and roles, set by the test.
contract TestRules {
    struct Stored {
        uint64 value;
        uint64 effective;
        uint64 ceiling;
        uint16 tightenStepBps;
        uint64 tightenStepFloor;
    }

    address private immutable DAO;
    mapping(ParamId id => Stored) private _stored;
    mapping(bytes32 role => mapping(address account => bool)) private _roles;

    constructor(address dao) {
        DAO = dao;
    }

    function set(ParamId id, uint64 value) external {
        (_stored[id].value, _stored[id].effective) = (value, value);
        if (_stored[id].ceiling == 0) _stored[id].ceiling = type(uint32).max;
    }

    function setEffective(ParamId id, uint64 effective) external {
        _stored[id].effective = effective;
    }

    function setRule(ParamId id, uint64 ceiling, uint16 tightenStepBps, uint64 tightenStepFloor) external {
        (_stored[id].ceiling, _stored[id].tightenStepBps, _stored[id].tightenStepFloor) = (ceiling, tightenStepBps, tightenStepFloor);
    }

    function grant(bytes32 role, address account) external {
        _roles[role][account] = true;
    }

    function hasRole(bytes32 role, address account) external view returns (bool) {
        return _roles[role][account] || (role == 0x00 && account == DAO);
    }

    function valueOf(ScopeId, ParamId id) external view returns (uint64) {
        return _stored[id].value;
    }

    function effectiveOf(ScopeId, ParamId id) external view returns (uint64) {
        return _stored[id].effective;
    }

    function ruleOf(ScopeId, ParamId id) external view returns (ParameterRule memory rule) {
        (rule.ceiling, rule.tightenStepBps) = (_stored[id].ceiling, _stored[id].tightenStepBps);
        rule.tightenStepFloor = _stored[id].tightenStepFloor;
    }
}
