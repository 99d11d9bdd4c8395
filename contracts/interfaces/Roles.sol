// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Roles on {IRiskParameters}. The DAO is whoever holds OpenZeppelin's DEFAULT_ADMIN_ROLE (zero) there.

/// @dev The ControllerMandate: rounds, execution of loosenings, dead-man walk.
bytes32 constant MANDATE_ROLE = keccak256("MANDATE_ROLE");
/// @dev The RiskStewards module: emergency tightening, undo, restrict.
bytes32 constant STEWARDS_ROLE = keccak256("STEWARDS_ROLE");
/// @dev The LooseningVeto module.
bytes32 constant VETO_ROLE = keccak256("VETO_ROLE");
/// @dev Modules that append their events to the hash chain.
bytes32 constant RECORDER_ROLE = keccak256("RECORDER_ROLE");
/// @dev A person: calls the RiskStewards module and co-signs rounds.
bytes32 constant STEWARD_ROLE = keccak256("STEWARD_ROLE");
/// @dev Lists option chains inside fixed limits: may not change or remove one, nor post a ladder without signatures or proof.
bytes32 constant LISTER_ROLE = keccak256("LISTER_ROLE");
