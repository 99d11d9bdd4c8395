// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGuardianTerm} from "../interfaces/IGuardianTerm.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";

/// @title The guardian and the end of its term
/// @dev The DAO is whoever holds DEFAULT_ADMIN_ROLE on the parameter store; this contract needs RECORDER_ROLE there.
contract GuardianTerm is IGuardianTerm {
    /// @inheritdoc IGuardianTerm
    /// @dev The end of a hash: finding its private key, or a contract that deploys there, is as hard as for any other address.
    address public constant SENTINEL = address(uint160(uint256(keccak256("ballast.guardian.none"))));

    /// @inheritdoc IGuardianTerm
    uint32 public immutable MAX_TERM;

    IRiskParameters private immutable PARAMETERS;

    address private _guardian;
    /// @inheritdoc IGuardianTerm
    uint48 public termEnd;

    /// @param parameters Store whose admin is the DAO and whose hash chain records each appointment.
    /// @param maxTerm Longest term in seconds, not zero.
    constructor(IRiskParameters parameters, uint32 maxTerm) {
        if (maxTerm == 0) revert GuardianTerm_TooLong(1, 0);
        PARAMETERS = parameters;
        MAX_TERM = maxTerm;
    }

    /// @inheritdoc IGuardianTerm
    function guardian() external view returns (address) {
        return block.timestamp < termEnd ? _guardian : SENTINEL;
    }

    /// @inheritdoc IGuardianTerm
    function appoint(address newGuardian, uint48 until) external {
        if (!PARAMETERS.hasRole(0x00, msg.sender)) revert GuardianTerm_NotGovernance(msg.sender);
        if (newGuardian == address(0) || newGuardian == SENTINEL) revert GuardianTerm_InvalidGuardian(newGuardian);
        uint48 limit = uint48(block.timestamp) + MAX_TERM;
        if (until > limit) revert GuardianTerm_TooLong(until, limit);

        _guardian = newGuardian;
        termEnd = until;
        uint32 index = PARAMETERS.append(keccak256(abi.encode(GuardianAppointed.selector, newGuardian, until)));
        emit GuardianAppointed(index, newGuardian, until);
    }
}
