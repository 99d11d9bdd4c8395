// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {BallastGovernor, GovernorConfiguration} from "../../../contracts/governance/BallastGovernor.sol";
import {Allocation, BallastToken} from "../../../contracts/governance/BallastToken.sol";
import {ProtocolFixture} from "./ProtocolFixture.sol";
import {Deploy} from "./Deploy.sol";

/// @notice The protocol owned by a timelock, the timelock by a Governor, the Governor by token holders; the deployer hands over everything.
abstract contract GovernanceFixture is ProtocolFixture {
    uint48 internal constant VOTING_DELAY = 2 days + 1;
    uint32 internal constant VOTING_PERIOD = 5 days;
    uint48 internal constant LATE_QUORUM_EXTENSION = 2 days;
    uint256 internal constant TIMELOCK_DELAY = 2 days;
    uint256 internal constant SUPPLY = 1_000_000e18;

    uint8 internal constant AGAINST = 0;
    uint8 internal constant FOR = 1;

    BallastToken internal token;
    TimelockController internal timelock;
    BallastGovernor internal governor;

    uint256 internal constant HOLDER_KEY = 0xa11ce;
    address internal deployer = address(0xde9107);
    address internal holder = vm.addr(HOLDER_KEY); // 60 % of supply, delegates to itself
    address internal minority = address(0xb0b); // 30 %, delegates to itself
    address internal sleeper = address(0x51ee9); // 10 %, no delegate

    struct Call {
        address target;
        bytes data;
    }

    function _deployGovernance() internal {
        vm.warp(START);
        Allocation[] memory allocations = new Allocation[](3);
        allocations[0] = Allocation(holder, 600_000e18);
        allocations[1] = Allocation(minority, 300_000e18);
        allocations[2] = Allocation(sleeper, 100_000e18);
        token = Deploy.token(allocations);
        vm.prank(holder);
        token.delegate(holder);
        vm.prank(minority);
        token.delegate(minority);

        address[] memory anyone = new address[](1);
        vm.prank(deployer);
        timelock = Deploy.timelock(TIMELOCK_DELAY, new address[](0), anyone, deployer);
        _deployProtocol(deployer);
        GovernorConfiguration memory configuration = GovernorConfiguration({
            name: "Ballast Governor",
            votingDelay: VOTING_DELAY,
            votingPeriod: VOTING_PERIOD,
            lateQuorumExtension: LATE_QUORUM_EXTENSION,
            proposalThreshold: SUPPLY / 100,
            quorumPercent: 4
        });
        governor = Deploy.governor(configuration, token, timelock, term);

        vm.startPrank(deployer);
        timelock.grantRole(timelock.PROPOSER_ROLE(), address(governor));
        timelock.grantRole(timelock.CANCELLER_ROLE(), address(governor));
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), deployer);
        store.grantRole(store.DEFAULT_ADMIN_ROLE(), address(timelock));
        store.renounceRole(store.DEFAULT_ADMIN_ROLE(), deployer);
        vm.stopPrank();
        dao = address(timelock);
        vm.warp(_now() + 1);
    }

    // ------------------------------------------------------------------ a proposal's life

    function _batch(Call memory one)
        internal
        pure
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas)
    {
        targets = new address[](1);
        values = new uint256[](1);
        calldatas = new bytes[](1);
        (targets[0], calldatas[0]) = (one.target, one.data);
    }

    function _batch(Call memory first, Call memory second)
        internal
        pure
        returns (address[] memory targets, uint256[] memory values, bytes[] memory calldatas)
    {
        targets = new address[](2);
        values = new uint256[](2);
        calldatas = new bytes[](2);
        (targets[0], calldatas[0]) = (first.target, first.data);
        (targets[1], calldatas[1]) = (second.target, second.data);
    }

    function _propose(address proposer, Call memory one) internal returns (uint256 proposalId) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _batch(one);
        vm.prank(proposer);
        return governor.propose(targets, values, calldatas, "a proposal");
    }

    function _propose(address proposer, Call memory first, Call memory second) internal returns (uint256 proposalId) {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _batch(first, second);
        vm.prank(proposer);
        return governor.propose(targets, values, calldatas, "a proposal of two calls");
    }

    function _toActive(uint256 proposalId) internal {
        vm.warp(governor.proposalSnapshot(proposalId) + 1);
    }

    function _toSucceeded(uint256 proposalId) internal {
        _toActive(proposalId);
        vm.prank(holder);
        governor.castVote(proposalId, FOR);
        vm.warp(governor.proposalDeadline(proposalId) + 1);
    }

    function _toQueued(uint256 proposalId) internal {
        _toSucceeded(proposalId);
        governor.queue(proposalId);
    }

    function _toExecuted(uint256 proposalId) internal {
        _toQueued(proposalId);
        vm.warp(governor.proposalEta(proposalId));
        governor.execute(proposalId);
    }

    function _stateOf(uint256 proposalId) internal view returns (uint256) {
        return uint256(governor.state(proposalId));
    }

    /// @dev A harmless call that only the DAO may make.
    function _revokeCall() internal view returns (Call memory) {
        return Call(address(mandate), abi.encodeCall(mandate.revokeEpoch, ()));
    }

    function _appointCall(address newGuardian) internal view returns (Call memory) {
        return Call(address(term), abi.encodeCall(term.appoint, (newGuardian, uint48(_now()) + 60 days)));
    }
}
