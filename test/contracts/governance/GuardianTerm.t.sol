// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GuardianTerm} from "../../../contracts/governance/GuardianTerm.sol";
import {IGuardianTerm} from "../../../contracts/interfaces/IGuardianTerm.sol";
import {ProtocolFixture} from "../support/ProtocolFixture.sol";
import {Deploy} from "../support/Deploy.sol";

/// GuardianTerm
/// ├── constructor: when the longest term is zero → it reverts
/// ├── guardian: it is the appointed one until the last second of the term, the sentinel from its end on, never zero
/// └── appoint
///     ├── when the caller is not the DAO → it reverts, also for the guardian itself
///     ├── when the guardian is zero or the sentinel → it reverts
///     ├── when the term is longer than allowed → it reverts with the limit
///     ├── when the end is not in the future → the term ends at once
///     └── else → it replaces guardian and term, and adds a link to the chain
contract GuardianTermTest is ProtocolFixture {
    address private successor = address(0x5cc);

    function setUp() public {
        _deployProtocol(address(0xda0));
    }

    function test_Constructor_zeroTermReverts() public {
        vm.expectRevert(abi.encodeWithSelector(IGuardianTerm.GuardianTerm_TooLong.selector, 1, 0));
        Deploy.guardianTerm(store, 0);
    }

    function test_Guardian_endsWithItsTerm() public {
        vm.warp(term.termEnd() - 1);
        assertEq(term.guardian(), guardian, "last second");
        vm.warp(term.termEnd());
        assertEq(term.guardian(), term.SENTINEL(), "end");
    }

    function test_Guardian_isTheSentinelBeforeAnyAppointment() public {
        GuardianTerm fresh = Deploy.guardianTerm(store, MAX_TERM);
        assertEq(fresh.guardian(), fresh.SENTINEL(), "no appointment yet");
        assertTrue(fresh.SENTINEL() != address(0), "sentinel is not zero");
    }

    function test_Appoint_onlyTheDao() public {
        address[4] memory callers = [guardian, steward, engineSet[0], outsider];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(abi.encodeWithSelector(IGuardianTerm.GuardianTerm_NotGovernance.selector, callers[i]));
            term.appoint(successor, START + 1 days);
        }
    }

    function test_Appoint_zeroOrSentinelReverts() public {
        address[2] memory nobody = [address(0), term.SENTINEL()];
        for (uint256 i = 0; i < nobody.length; ++i) {
            vm.prank(dao);
            vm.expectRevert(abi.encodeWithSelector(IGuardianTerm.GuardianTerm_InvalidGuardian.selector, nobody[i]));
            term.appoint(nobody[i], START + 1 days);
        }
    }

    function test_Appoint_longerThanAllowedReverts() public {
        uint48 limit = START + MAX_TERM;
        vm.prank(dao);
        vm.expectRevert(abi.encodeWithSelector(IGuardianTerm.GuardianTerm_TooLong.selector, limit + 1, limit));
        term.appoint(successor, limit + 1);
        vm.prank(dao);
        term.appoint(successor, limit);
        assertEq(term.termEnd(), limit, "at the limit");
    }

    function test_Appoint_endInThePastEndsTheTerm() public {
        vm.prank(dao);
        term.appoint(guardian, START);
        assertEq(term.guardian(), term.SENTINEL(), "dismissed");
    }

    function test_Appoint_replacesAndIsChained() public {
        (uint224 hash, uint32 count) = _head();
        vm.prank(dao);
        term.appoint(successor, START + 30 days);
        assertEq(term.guardian(), successor, "guardian");

        bytes32 entryHash = keccak256(abi.encode(IGuardianTerm.GuardianAppointed.selector, successor, START + 30 days));
        (uint224 newHash, uint32 newCount) = _head();
        assertEq(newCount, count + 1, "links");
        assertEq(newHash, _linked(hash, address(term), entryHash), "head");
    }
}
