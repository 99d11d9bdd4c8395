// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {Allocation, BallastToken} from "../../../contracts/governance/BallastToken.sol";
import {TestBase} from "../support/TestBase.sol";
import {Deploy} from "../support/Deploy.sol";

/// BallastToken
/// ├── constructor
/// │   ├── when the list is empty → it reverts
/// │   └── else → it mints each amount, and nothing can be minted later
/// ├── clock → it counts seconds
/// ├── delegated supply
/// │   ├── given nobody delegated → it is zero although supply is not
/// │   ├── when a holder delegates, moves its delegate, or undelegates → it rises, stays, falls by the balance
/// │   ├── when tokens pass between holders with and without delegate → it follows
/// │   ├── when asked for now or later → it reverts
/// │   └── after any sequence → it equals the sum of all votes, at every past second
/// └── permit and delegation by signature share one nonce
contract BallastTokenTest is TestBase {
    uint48 private constant START = 1_700_000_000;
    uint256 private constant ALICE_KEY = 0xa11ce;
    address private alice = vm.addr(ALICE_KEY);
    address private bob = address(0xb0b);
    address private carol = address(0xca401);
    address private dave = address(0xda7e);

    BallastToken private token;

    function setUp() public {
        vm.warp(START);
        Allocation[] memory allocations = new Allocation[](3);
        allocations[0] = Allocation(alice, 600);
        allocations[1] = Allocation(bob, 300);
        allocations[2] = Allocation(carol, 100);
        token = Deploy.token(allocations);
    }

    function test_Constructor_emptyListReverts() public {
        vm.expectRevert(abi.encodeWithSelector(BallastToken.BallastToken_NoRecipients.selector));
        Deploy.token(new Allocation[](0));
    }

    function test_Constructor_mintsTheList() public view {
        assertEq(token.balanceOf(alice), 600, "alice");
        assertEq(token.balanceOf(bob), 300, "bob");
        assertEq(token.balanceOf(carol), 100, "carol");
        assertEq(token.totalSupply(), 1_000, "supply");
    }

    function test_Clock_countsSeconds() public view {
        assertEq(token.clock(), START, "clock");
        assertEq(keccak256(bytes(token.CLOCK_MODE())), keccak256("mode=timestamp"), "mode");
    }

    function test_DelegatedSupply_isZeroWithoutDelegates() public view {
        assertEq(token.delegatedSupply(), 0, "delegated");
        assertEq(token.totalSupply(), 1_000, "supply");
    }

    function test_DelegatedSupply_followsDelegation() public {
        _delegate(alice, dave);
        assertEq(token.delegatedSupply(), 600, "alice delegates");
        vm.warp(START + 1);
        _delegate(alice, bob);
        assertEq(token.delegatedSupply(), 600, "alice moves her delegate");
        vm.warp(START + 2);
        _delegate(alice, address(0));
        assertEq(token.delegatedSupply(), 0, "alice undelegates");
        assertEq(token.getPastDelegatedSupply(START - 1), 0, "before");
        assertEq(token.getPastDelegatedSupply(START), 600, "first second");
        assertEq(token.getPastDelegatedSupply(START + 1), 600, "second");
    }

    function test_DelegatedSupply_followsTransfers() public {
        _delegate(alice, dave);
        vm.prank(alice);
        token.transfer(bob, 100);
        assertEq(token.delegatedSupply(), 500, "to a holder without delegate");
        vm.prank(bob);
        token.transfer(alice, 400);
        assertEq(token.delegatedSupply(), 900, "from a holder without delegate");
        _delegate(carol, carol);
        vm.prank(alice);
        token.transfer(carol, 900);
        assertEq(token.delegatedSupply(), 1_000, "between holders with delegates");
        vm.prank(carol);
        token.transfer(carol, 500);
        assertEq(token.delegatedSupply(), 1_000, "to oneself");
    }

    function test_DelegatedSupply_ofNowReverts() public {
        _delegate(alice, alice);
        vm.expectRevert(abi.encodeWithSelector(Votes.ERC5805FutureLookup.selector, START, START));
        token.getPastDelegatedSupply(START);
        vm.expectRevert(abi.encodeWithSelector(Votes.ERC5805FutureLookup.selector, START + 1, START));
        token.getPastDelegatedSupply(START + 1);
    }

    /// Property: at every second, delegated supply = sum of votes over all delegates.
    function testFuzz_DelegatedSupply_equalsTheSumOfVotes(uint256 seed) public {
        address[4] memory accounts = [alice, bob, carol, dave];
        for (uint256 i = 0; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            address from = accounts[seed % 4];
            if (seed & (1 << 128) == 0) {
                uint256 pick = (seed >> 8) % 5;
                _delegate(from, pick == 4 ? address(0) : accounts[pick]);
            } else {
                uint256 amount = (seed >> 16) % (token.balanceOf(from) + 1);
                vm.prank(from);
                token.transfer(accounts[(seed >> 8) % 4], amount);
            }
            if (seed & (1 << 129) == 0) vm.warp(_now() + 1);
            uint256 sum = 0;
            for (uint256 j = 0; j < 4; ++j) {
                sum += token.getVotes(accounts[j]);
            }
            assertEq(token.delegatedSupply(), sum, "now");
        }
        for (uint256 time = START; time < _now(); ++time) {
            uint256 past = 0;
            for (uint256 j = 0; j < 4; ++j) {
                past += token.getPastVotes(accounts[j], time);
            }
            assertEq(token.getPastDelegatedSupply(time), past, "past");
        }
    }

    function test_Nonces_permitAndDelegationShareOne() public {
        bytes32 permitHash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"), alice, bob, 50, 0, START
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ALICE_KEY, _digest(permitHash));
        token.permit(alice, bob, 50, START, v, r, s);
        assertEq(token.allowance(alice, bob), 50, "allowance");

        bytes32 delegationHash = keccak256(
            abi.encode(keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)"), dave, token.nonces(alice), START)
        );
        (v, r, s) = vm.sign(ALICE_KEY, _digest(delegationHash));
        token.delegateBySig(dave, 1, START, v, r, s);
        assertEq(token.getVotes(dave), 600, "votes");
        assertEq(token.nonces(alice), 2, "nonce");
    }

    function _delegate(address from, address to) private {
        vm.prank(from);
        token.delegate(to);
    }

    function _digest(bytes32 structHash) private view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
    }
}
