// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {LooseningVeto} from "../../../contracts/parameters/LooseningVeto.sol";
import {GovernanceFixture} from "../support/GovernanceFixture.sol";
import {Deploy} from "../support/Deploy.sol";

/// Incidents of other protocols, replayed against this governance.
contract GovernanceIncidentsTest is GovernanceFixture {
    function setUp() public {
        _deployGovernance();
    }

    // ------------------------------------------------------------------ Beanstalk, 2022: votes borrowed for one transaction

    function test_Beanstalk_borrowedVotesCannotPropose() public {
        vm.prank(sleeper);
        token.transfer(outsider, 100_000e18);
        vm.startPrank(outsider);
        token.delegate(outsider);
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _batch(_revokeCall());
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, outsider, 0, governor.proposalThreshold())
        );
        governor.propose(targets, values, calldatas, "borrowed");
        vm.stopPrank();
    }

    function test_Beanstalk_votesBorrowedAfterTheSnapshotDoNotCount() public {
        uint256 id = _propose(minority, _revokeCall());
        _toActive(id);
        vm.prank(holder);
        token.transfer(outsider, 600_000e18);
        vm.startPrank(outsider);
        token.delegate(outsider);
        governor.castVote(id, FOR);
        vm.stopPrank();
        (, uint256 forVotes,) = governor.proposalVotes(id);
        assertEq(forVotes, 0, "borrowed votes");
    }

    function test_Beanstalk_noMajorityExecutesBeforeTheDelays() public {
        uint256 id = _propose(holder, _revokeCall());
        _toActive(id);
        vm.prank(holder);
        governor.castVote(id, FOR);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector, id, IGovernor.ProposalState.Active, bytes32(uint256(1) << 5)
            )
        );
        governor.execute(id);
    }

    // ------------------------------------------------------------------ Compound 289, 2024: votes gathered quietly, cast late

    function test_Compound289_aLateQuorumLeavesTwoDaysToAnswer() public {
        uint256 id = _propose(minority, _revokeCall());
        uint256 deadline = governor.proposalDeadline(id);
        vm.warp(deadline);
        vm.prank(minority);
        governor.castVote(id, FOR);
        assertEq(governor.proposalDeadline(id), deadline + LATE_QUORUM_EXTENSION, "extended");
        vm.warp(deadline + LATE_QUORUM_EXTENSION);
        vm.prank(holder);
        governor.castVote(id, AGAINST);
        vm.warp(_now() + 1);
        assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Defeated), "answered");
    }

    function test_Compound289_theGuardianCancelsDuringItsTermOnly() public {
        uint256 id = _propose(minority, _revokeCall());
        _toActive(id);
        vm.warp(governor.proposalDeadline(id));
        vm.prank(minority);
        governor.castVote(id, FOR);
        uint256 snapshot = vm.snapshotState();
        vm.prank(guardian);
        governor.cancel(id);
        assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Canceled), "in term");
        vm.revertToState(snapshot);

        vm.warp(term.termEnd());
        governor.queue(id);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, guardian));
        governor.cancel(id);
    }

    // ------------------------------------------------------------------ Tornado Cash, 2023: a proposal that runs foreign code as the DAO

    /// Nothing here can run foreign code with its own storage or roles: no DELEGATECALL, CALLCODE or SELFDESTRUCT in any runtime code.
    function test_Tornado_noDelegatecallPath() public {
        LooseningVeto veto = Deploy.looseningVeto(store, term, token, 300);
        address[8] memory targets = [
            address(token), address(timelock), address(governor), address(term), address(store), address(mandate), address(stewards),
            address(veto)
        ];
        for (uint256 i = 0; i < targets.length; ++i) {
            (bool call, bool destruct) = _foreignCode(targets[i].code);
            assertTrue(!call, "delegatecall or callcode");
            assertTrue(!destruct, "selfdestruct");
        }
        (bool found,) = _foreignCode(hex"5f5f5f5f5f5ff400000000");
        assertTrue(found, "the search finds one where there is one");
    }

    function test_Tornado_theDaoOnlyCalls() public {
        GiveRole gift = new GiveRole();
        Call memory call = Call(address(gift), abi.encodeCall(gift.give, (address(timelock), outsider)));
        uint256 id = _propose(holder, call);
        _toQueued(id);
        vm.warp(governor.proposalEta(id));
        (bool success,) = address(governor).call(abi.encodeWithSignature("execute(uint256)", id));
        assertTrue(!success, "the payload acts as itself, not as the timelock");
        assertTrue(!timelock.hasRole(timelock.PROPOSER_ROLE(), outsider), "no role given");
    }

    /// @dev Walks opcodes, skips push data and, from its length in the last two bytes, the metadata.
    function _foreignCode(bytes memory code) private pure returns (bool call, bool destruct) {
        uint256 metadata = uint256(uint8(code[code.length - 2])) * 256 + uint8(code[code.length - 1]) + 2;
        uint256 end = code.length - metadata;
        for (uint256 i = 0; i < end; ++i) {
            uint8 op = uint8(code[i]);
            if (op >= 0x60 && op <= 0x7f) i += op - 0x5f;
            else if (op == 0xf4 || op == 0xf2) call = true;
            else if (op == 0xff) destruct = true;
        }
    }

    // ------------------------------------------------------------------ Arbitrum #117: executed past the Governor

    function test_Timelock_directExecutionIsSeenByTheGovernor() public {
        Call memory call = _revokeCall();
        uint256 id = _propose(holder, call);
        _toQueued(id);
        vm.warp(governor.proposalEta(id));
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _batch(call);
        bytes32 salt = bytes20(address(governor)) ^ keccak256("a proposal");
        vm.prank(outsider);
        timelock.executeBatch(targets, values, calldatas, 0, salt);
        assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Executed), "executed");
        vm.expectRevert();
        governor.execute(id);
    }

    function test_Timelock_onlyTheGovernorSchedules() public {
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _batch(_revokeCall());
        address[4] memory callers = [deployer, guardian, steward, outsider];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            (bool success,) =
                address(timelock).call(abi.encodeCall(TimelockController.scheduleBatch, (targets, values, calldatas, 0, 0, TIMELOCK_DELAY)));
            assertTrue(!success, "scheduled without a vote");
        }
    }
}

/// @notice A payload that would give itself a role, were it run by delegatecall.
contract GiveRole {
    function give(address timelock, address to) external {
        TimelockController controller = TimelockController(payable(timelock));
        controller.grantRole(controller.PROPOSER_ROLE(), to);
    }
}
