// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {HashChain} from "./HashChain.sol";

/// @title Roles whose every change is a link of the hash chain
/// @notice "Who could do what, when" is part of the log that an auditor proves complete.
abstract contract ChainedRoles is AccessControl, HashChain {
    function _grantRole(bytes32 role, address account) internal override returns (bool changed) {
        changed = super._grantRole(role, account);
        if (changed) _recordRole(role, account, true);
    }

    function _revokeRole(bytes32 role, address account) internal override returns (bool changed) {
        changed = super._revokeRole(role, account);
        if (changed) _recordRole(role, account, false);
    }

    function _recordRole(bytes32 role, address account, bool granted) private {
        _record(abi.encode(IRiskParameters.RoleChanged.selector, role, account, granted, msg.sender));
    }
}
