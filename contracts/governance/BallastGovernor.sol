// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorProposalGuardian} from "@openzeppelin/contracts/governance/extensions/GovernorProposalGuardian.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorStorage} from "@openzeppelin/contracts/governance/extensions/GovernorStorage.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IGuardianTerm} from "../interfaces/IGuardianTerm.sol";

/// @notice Settings at deployment; each can later be changed by a vote through the module that holds it.
struct GovernorConfiguration {
    string name; // also the EIP-712 domain of gasless ballots
    uint48 votingDelay; // seconds
    uint32 votingPeriod; // seconds
    uint48 lateQuorumExtension; // seconds a vote stays open after quorum is reached; at most the voting period
    uint256 proposalThreshold; // votes, token units
    uint256 quorumPercent; // of total supply
}

/// @title Governor of the protocol
/// @notice OpenZeppelin's Governor with timelock, late-quorum extension, stored proposals, gasless ballots and a guardian whose term ends.
/// @dev Only the rule about the guardian is our own. While its term runs the guardian may cancel any proposal except one whose only call appoints a
/// guardian. A proposer may cancel while voting has not begun, never later: after the term {proposalGuardian} is a sentinel nobody
/// controls, not zero, because OpenZeppelin gives a zero guardian's power to every proposer.
contract BallastGovernor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl,
    GovernorPreventLateQuorum,
    GovernorProposalGuardian,
    GovernorStorage
{
    /// @notice The guardian is set in {GuardianTerm}, for all its powers at once.
    error BallastGovernor_GuardianComesFromTerm(address term);

    IGuardianTerm public immutable GUARDIAN_TERM;

    constructor(GovernorConfiguration memory configuration, IVotes token_, TimelockController timelock_, IGuardianTerm guardianTerm)
        Governor(configuration.name)
        GovernorSettings(configuration.votingDelay, configuration.votingPeriod, configuration.proposalThreshold)
        GovernorVotes(token_)
        GovernorVotesQuorumFraction(configuration.quorumPercent)
        GovernorTimelockControl(timelock_)
        GovernorPreventLateQuorum(configuration.lateQuorumExtension)
    {
        GUARDIAN_TERM = guardianTerm;
    }

    /// @notice The guardian while its term runs, afterwards a sentinel nobody controls.
    function proposalGuardian() public view override returns (address) {
        return GUARDIAN_TERM.guardian();
    }

    /// @notice Always reverts with {BallastGovernor_GuardianComesFromTerm}.
    function setProposalGuardian(address) public view override {
        revert BallastGovernor_GuardianComesFromTerm(address(GUARDIAN_TERM));
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function proposalDeadline(uint256 proposalId) public view override(Governor, GovernorPreventLateQuorum) returns (uint256) {
        return super.proposalDeadline(proposalId);
    }

    function proposalNeedsQueuing(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    /// @dev An operation executed or cancelled directly on the timelock is seen here as well.
    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    function _validateCancel(uint256 proposalId, address caller)
        internal
        view
        override(Governor, GovernorProposalGuardian)
        returns (bool)
    {
        // Over a vote on its own office the guardian keeps only the right every proposer has.
        if (_onlyAppointsGuardian(proposalId)) return Governor._validateCancel(proposalId, caller);
        return super._validateCancel(proposalId, caller);
    }

    function _onlyAppointsGuardian(uint256 proposalId) private view returns (bool) {
        (address[] memory targets,, bytes[] memory calldatas,) = proposalDetails(proposalId);
        return targets.length == 1 && targets[0] == address(GUARDIAN_TERM) && bytes4(calldatas[0]) == IGuardianTerm.appoint.selector;
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override(Governor, GovernorStorage) returns (uint256) {
        return super._propose(targets, values, calldatas, description, proposer);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 descriptionHash)
        internal
        override(Governor, GovernorTimelockControl)
        returns (uint256)
    {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
