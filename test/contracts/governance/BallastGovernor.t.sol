// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {BallastGovernor} from "../../../contracts/governance/BallastGovernor.sol";
import {Wallet1271} from "../support/Wallet1271.sol";
import {GovernanceFixture} from "../support/GovernanceFixture.sol";

/// BallastGovernor
/// ├── settings: voting delay above 2 d, period above 3 d, timelock above 1 d, threshold 1 % of supply
/// ├── a proposal: pending → active → succeeded → queued → executed, no earlier than its delays
/// ├── deployer: holds no role on timelock and store after the hand-over
/// ├── setProposalGuardian: always reverts
/// ├── cancel
/// │   ├── by the guardian in term → at any stage
/// │   │   └── given the only call appoints a guardian → it reverts; with a second call → it cancels
/// │   ├── by the proposer → while pending, never once voting began
/// │   └── by anyone else → it reverts
/// └── gasless ballots with reason
///     ├── signed by a key or by a wallet → counted for the voter
///     └── replayed or signed by another → it reverts
contract BallastGovernorTest is GovernanceFixture {
    function setUp() public {
        _deployGovernance();
    }

    // ------------------------------------------------------------------ settings and life

    function test_Settings_areAboveTheLowRiskLines() public view {
        assertTrue(governor.votingDelay() > 2 days, "voting delay");
        assertTrue(governor.votingPeriod() > 3 days, "voting period");
        assertTrue(timelock.getMinDelay() > 1 days, "timelock");
        assertEq(governor.proposalThreshold(), token.totalSupply() / 100, "threshold");
        assertEq(governor.quorum(_now() - 1), token.totalSupply() * 4 / 100, "quorum");
        assertEq(governor.lateQuorumVoteExtension(), 2 days, "late quorum");
    }

    function test_Proposal_livesThroughItsStagesNoEarlier() public {
        uint32 epoch = mandate.epoch();
        uint256 id = _propose(holder, _revokeCall());
        vm.warp(governor.proposalSnapshot(id));
        assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Pending), "pending at the snapshot");
        _toActive(id);
        assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Active), "active");
        vm.prank(holder);
        governor.castVote(id, FOR);
        vm.warp(governor.proposalDeadline(id));
        assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Active), "active at the deadline");
        vm.warp(governor.proposalDeadline(id) + 1);
        governor.queue(id);
        vm.warp(governor.proposalEta(id) - 1);
        (bool early,) = address(governor).call(abi.encodeWithSignature("execute(uint256)", id));
        assertTrue(!early, "executed before the timelock's delay");
        vm.warp(governor.proposalEta(id));
        governor.execute(id);
        assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Executed), "executed");
        assertEq(mandate.epoch(), epoch + 1, "effect");
    }

    function test_Deployer_keepsNoRole() public view {
        bytes32 admin = store.DEFAULT_ADMIN_ROLE();
        assertTrue(!store.hasRole(admin, deployer), "store admin");
        assertTrue(store.hasRole(admin, address(timelock)), "the DAO is store admin");
        assertTrue(!timelock.hasRole(admin, deployer), "timelock admin");
        assertTrue(!timelock.hasRole(timelock.PROPOSER_ROLE(), deployer), "proposer");
        assertTrue(!timelock.hasRole(timelock.CANCELLER_ROLE(), deployer), "canceller");
        assertTrue(timelock.hasRole(admin, address(timelock)), "the timelock administers itself");
    }

    function test_SetProposalGuardian_alwaysReverts() public {
        bytes memory expected = abi.encodeWithSelector(BallastGovernor.BallastGovernor_GuardianComesFromTerm.selector, term);
        vm.prank(address(timelock));
        vm.expectRevert(expected);
        governor.setProposalGuardian(outsider);
        vm.expectRevert(expected);
        governor.setProposalGuardian(outsider);
    }

    // ------------------------------------------------------------------ cancel

    function test_Cancel_byTheGuardianAtAnyStage() public {
        for (uint256 stage = 0; stage < 4; ++stage) {
            uint256 snapshot = vm.snapshotState();
            uint256 id = _at(stage, _propose(holder, _revokeCall()));
            vm.prank(guardian);
            governor.cancel(id);
            assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Canceled), "cancelled");
            vm.revertToState(snapshot);
        }
    }

    function test_Cancel_byOthersReverts() public {
        uint256 id = _at(1, _propose(holder, _revokeCall()));
        address[5] memory callers = [holder, minority, steward, deployer, outsider];
        for (uint256 i = 0; i < callers.length; ++i) {
            _expectUnableToCancel(id, callers[i]);
        }
    }

    function test_Cancel_byTheProposerOnlyWhilePending() public {
        uint256 id = _propose(holder, _revokeCall());
        vm.prank(holder);
        governor.cancel(id);
        assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Canceled), "pending");
    }

    function test_A10_proposerCannotCancelOnceVotingBeganDuringTheTerm() public {
        _proposerCannotCancelAfterPending();
    }

    /// The trap: OpenZeppelin gives a zero guardian's power to the proposer, so a term that ended with zero would arm every proposer.
    function test_A10_guardianExpiryDoesNotArmProposers() public {
        vm.warp(term.termEnd());
        assertEq(governor.proposalGuardian(), term.SENTINEL(), "sentinel");
        _proposerCannotCancelAfterPending();
    }

    function test_A10_guardianCannotCancelAfterItsTerm() public {
        uint256 id = _at(1, _propose(holder, _revokeCall()));
        vm.prank(address(timelock));
        term.appoint(guardian, uint48(_now()));
        _expectUnableToCancel(id, guardian);
    }

    function test_A10_guardianCannotCancelItsOwnReplacement() public {
        for (uint256 stage = 0; stage < 4; ++stage) {
            uint256 snapshot = vm.snapshotState();
            uint256 id = _at(stage, _propose(holder, _appointCall(outsider)));
            _expectUnableToCancel(id, guardian);
            vm.revertToState(snapshot);
        }
        uint256 whole = _propose(holder, _appointCall(outsider));
        _toExecuted(whole);
        assertEq(term.guardian(), outsider, "replaced against the guardian's will");
    }

    function test_A10_guardianMayCancelAReplacementThatCarriesMore() public {
        uint256 id = _propose(holder, _appointCall(outsider), _revokeCall());
        vm.prank(guardian);
        governor.cancel(id);
        assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Canceled), "cancelled");
    }

    function test_A10_guardianAsProposerKeepsThePendingCancel() public {
        vm.prank(sleeper);
        token.transfer(guardian, 20_000e18);
        vm.prank(guardian);
        token.delegate(guardian);
        vm.warp(_now() + 1);
        uint256 id = _propose(guardian, _appointCall(outsider));
        vm.prank(guardian);
        governor.cancel(id);
        assertEq(_stateOf(id), uint256(IGovernor.ProposalState.Canceled), "own proposal, still pending");
        vm.warp(_now() + 1);
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) = _batch(_appointCall(outsider));
        vm.prank(guardian);
        id = governor.propose(targets, values, calldatas, "again");
        _expectUnableToCancel(_at(1, id), guardian);
    }

    function _proposerCannotCancelAfterPending() private {
        for (uint256 stage = 1; stage < 4; ++stage) {
            uint256 snapshot = vm.snapshotState();
            uint256 id = _at(stage, _propose(holder, _revokeCall()));
            _expectUnableToCancel(id, holder);
            vm.revertToState(snapshot);
        }
    }

    /// @dev Stages: pending, active, succeeded, queued.
    function _at(uint256 stage, uint256 id) private returns (uint256) {
        if (stage == 1) _toActive(id);
        else if (stage == 2) _toSucceeded(id);
        else if (stage == 3) _toQueued(id);
        return id;
    }

    function _expectUnableToCancel(uint256 id, address caller) private {
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, caller));
        governor.cancel(id);
    }

    // ------------------------------------------------------------------ gasless ballots

    function test_Ballot_signedByAKeyIsCountedOnce() public {
        uint256 id = _propose(holder, _revokeCall());
        _toActive(id);
        bytes memory signature = _sign(HOLDER_KEY, _ballotDigest(id, FOR, holder, "because", 0)).data;
        vm.prank(outsider);
        governor.castVoteWithReasonAndParamsBySig(id, FOR, holder, "because", "", signature);
        (, uint256 forVotes,) = governor.proposalVotes(id);
        assertEq(forVotes, 600_000e18, "votes");
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, holder));
        governor.castVoteWithReasonAndParamsBySig(id, FOR, holder, "because", "", signature);
    }

    function test_Ballot_signedByAWalletIsCounted() public {
        Wallet1271 wallet = new Wallet1271(outsider);
        vm.prank(sleeper);
        token.transfer(address(wallet), 100_000e18);
        wallet.delegate(token);
        vm.warp(_now() + 1);
        uint256 id = _propose(holder, _revokeCall());
        _toActive(id);
        bytes memory signature = _sign(OUTSIDER_KEY, _ballotDigest(id, AGAINST, address(wallet), "no", 0)).data;
        governor.castVoteWithReasonAndParamsBySig(id, AGAINST, address(wallet), "no", "", signature);
        (uint256 againstVotes,,) = governor.proposalVotes(id);
        assertEq(againstVotes, 100_000e18, "votes");
    }

    function test_Ballot_signedByAnotherReverts() public {
        uint256 id = _propose(holder, _revokeCall());
        _toActive(id);
        bytes memory signature = _sign(OUTSIDER_KEY, _ballotDigest(id, FOR, holder, "because", 0)).data;
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, holder));
        governor.castVoteWithReasonAndParamsBySig(id, FOR, holder, "because", "", signature);
    }


    function _ballotDigest(uint256 id, uint8 support, address voter, string memory reason, uint256 nonce) private view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(governor.EXTENDED_BALLOT_TYPEHASH(), id, support, voter, nonce, keccak256(bytes(reason)), keccak256(""))
        );
        (, string memory name, string memory version, uint256 chainId, address self,,) = governor.eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"), keccak256(bytes(name)),
                keccak256(bytes(version)), chainId, self
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
