// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Comparison, IMirrorAdapter, Probe, Relation} from "../../../contracts/interfaces/IMirrorAdapter.sol";
import {Binding, IParameterAdapter, Reading} from "../../../contracts/interfaces/IParameterAdapter.sol";
import {IPushAdapter, Pushed, Setter} from "../../../contracts/interfaces/IPushAdapter.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {ParamId, ParameterRule} from "../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {Vm} from "../support/Vm.sol";
import {AdapterFixture} from "./AdapterFixture.sol";
import {Conduct, ForeignProtocol} from "./ForeignProtocol.sol";

/// PushAdapter
/// ├── construction: one setter for each binding; a coupling group stands together
/// ├── sync
/// │   ├── given nothing differs → it calls nobody
/// │   ├── given a difference, whoever made it → it writes the live value, records it, and tells who called
/// │   ├── given a protocol with an order between two numbers → it finds the order
/// │   ├── given a setter that fails in any way → its batch is undone and told, the others go on
/// │   ├── given a pending loosening, a ramp, an epoch that ended, a narrowed rule → what is live is written, nothing else
/// │   └── given too little gas → it reverts
/// └── attempt: the adapter alone
contract PushAdapterTest is AdapterFixture {
    IPushAdapter private push;

    function setUp() public {
        prepare();
        push = pushAdapter(bindings(), probes(), setters());
        protocol.appoint(address(push));
    }

    // ------------------------------------------------------------------ construction

    function test_Construction_oneSetterForEachBinding() public {
        vm.expectRevert(abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_LengthMismatch.selector, 6, 5));
        this.makePush(bindings(), probes(), new Setter[](5));
        for (uint256 i; i < 6; ++i) {
            assertEq(keccak256(abi.encode(push.setterOf(bindings()[i].key))), keccak256(abi.encode(setters()[i])), "setter");
        }
    }

    function test_Construction_aCouplingGroupStandsTogether() public {
        (Binding[] memory b, Probe[] memory p, Setter[] memory s) = (bindings(), probes(), setters());
        (b[1], b[2], p[1], p[2], s[1], s[2]) = (b[2], b[1], p[2], p[1], s[2], s[1]);
        vm.expectRevert(abi.encodeWithSelector(IPushAdapter.PushAdapter_SplitGroup.selector, INITIAL));
        this.makePush(b, p, s);
    }

    // ------------------------------------------------------------------ sync

    function test_Sync_nothingDiffers_callsNobody() public {
        _expectSync(0, 0);
        assertEq(protocol.calls(), 0, "calls");
        assertEq(push.lastOf(LTV).time, 0, "never pushed");
    }

    function test_Sync_writesRecordsAndTells() public {
        round(ETH, CAP, 40_000);
        round(WETH, HAIRCUT, 3_000);
        vm.recordLogs();
        vm.prank(ANYONE);
        (uint256 written, uint256 failed) = push.sync();
        assertEq(written, 2, "written");
        assertEq(failed, 0, "failed");
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2, "events");
        assertEq(logs[0].topics[0], IPushAdapter.ParameterPushed.selector, "event");
        assertEq(logs[0].topics[1], DEPOSIT_CAP, "key");
        bytes memory expected = abi.encode(uint64(40_000), uint256(50_000e18), uint256(40_000e18), ANYONE);
        assertEq(keccak256(logs[0].data), keccak256(expected), "data");
        Pushed memory last = push.lastOf(LTV);
        assertEq(last.value, 3_000, "as stored");
        assertEq(last.written, 64, "as taken");
        assertEq(last.time, clock, "when");
        _expectEqual();
    }

    function test_Sync_aReplayIsHarmless() public {
        round(ETH, CAP, 40_000);
        _expectSync(1, 0);
        _expectSync(0, 0);
        assertEq(protocol.calls(), 1, "one call");
    }

    function test_Sync_whatTheOwnerLoosenedByHandIsPutBack() public {
        protocol.force(DEPOSIT_CAP, 90_000e18);
        protocol.force(LTV, 95);
        _expectSync(2, 0);
        _expectEqual();
    }

    function test_Sync_findsTheOrderThatTheProtocolDemands() public {
        // Up: initial margin must go first, though it is listed second.
        assertEq(roundOfPair(3_000, 1_500).applied, 2, "applied");
        vote(ETH, RANGE, 2_500);
        _expectSync(2, 0);
        _expectEqual();
        // Down: maintenance first.
        vote(ETH, INITIAL_ID, 1_100);
        vote(ETH, RANGE, 1_000);
        _expectSync(2, 0);
        _expectEqual();
    }

    function test_Sync_withoutTheRoleTellsAndChangesNothing() public {
        protocol.appoint(ANYONE);
        round(ETH, CAP, 40_000);
        bytes memory said = abi.encodeWithSelector(ForeignProtocol.NotManager.selector, address(push));
        _expectFailure(DEPOSIT_CAP, 1, abi.encodeWithSelector(IPushAdapter.PushAdapter_SetterReverted.selector, DEPOSIT_CAP, 40_000e18, said));
        assertEq(protocol.number(DEPOSIT_CAP), 50_000e18, "unchanged");
        assertEq(push.lastOf(DEPOSIT_CAP).time, 0, "nothing recorded");
    }

    // ------------------------------------------------------------------ setters that fail

    function test_RevertingSetter_undoesItsBatchAndTheOthersGoOn() public {
        _tightenAll();
        protocol.behave(INITIAL, Conduct.REVERTS, 0, 0);
        bytes memory said = abi.encodeWithSelector(ForeignProtocol.Refused.selector, INITIAL, 30);
        _expectPartial(MAINTENANCE, 2, abi.encodeWithSelector(IPushAdapter.PushAdapter_SetterReverted.selector, INITIAL, 30, said), 3);
        assertEq(protocol.number(MAINTENANCE), 0.1e18, "not one half of the pair");
        assertEq(protocol.number(LTV), 64, "another batch");
        protocol.behave(INITIAL, Conduct.HONEST, 0, 0);
        _expectSync(2, 0);
        _expectEqual();
    }

    function test_SetterThatBurnsItsGas_costsItsAllowanceOnly() public {
        _tightenAll();
        protocol.behave(DEPOSIT_CAP, Conduct.BURNS_GAS, 0, 0);
        uint256 before = gasleft();
        _expectPartial(
            DEPOSIT_CAP, 1, abi.encodeWithSelector(IPushAdapter.PushAdapter_SetterReverted.selector, DEPOSIT_CAP, 40_000e18, ""), 4
        );
        assertLe(before - gasleft(), 1_500_000, "gas");
    }

    function test_SetterWithALongReason_isCutShort() public {
        round(ETH, CAP, 40_000);
        protocol.behave(DEPOSIT_CAP, Conduct.LONG_REASON, 0, 0);
        _expectFailure(
            DEPOSIT_CAP,
            1,
            abi.encodeWithSelector(IPushAdapter.PushAdapter_SetterReverted.selector, DEPOSIT_CAP, 40_000e18, new bytes(100))
        );
    }

    function test_SetterThatLies_clampingIsFoundAndUndone() public {
        _tightenAll();
        protocol.behave(MAINTENANCE, Conduct.CLAMPS, 0.12e18, 0);
        _expectPartial(MAINTENANCE, 2, abi.encodeWithSelector(IPushAdapter.PushAdapter_NotTaken.selector, MAINTENANCE, 0.15e18, 0.12e18), 3);
        assertEq(protocol.number(MAINTENANCE), 0.1e18, "a number nobody decided never stays");
        assertEq(protocol.number(INITIAL), 20, "nor its partner");
    }

    function test_SetterThatLies_ignoringIsFound() public {
        round(ETH, CAP, 40_000);
        protocol.behave(DEPOSIT_CAP, Conduct.IGNORES, 0, 0);
        _expectFailure(DEPOSIT_CAP, 1, abi.encodeWithSelector(IPushAdapter.PushAdapter_NotTaken.selector, DEPOSIT_CAP, 40_000e18, 50_000e18));
    }

    function test_SetterThatTruncates_isFound() public {
        round(WETH, HAIRCUT, 3_000);
        skip(1 days);
        protocol.behave(THRESHOLD, Conduct.NARROW, 0, 0);
        _expectFailure(
            LTV, 2, abi.encodeWithSelector(IPushAdapter.PushAdapter_NotTaken.selector, THRESHOLD, 0.7e18, uint256(uint8(uint256(0.7e18))))
        );
    }

    function test_SetterThatMovesAnother_isFoundAndUndone() public {
        round(ETH, CAP, 40_000);
        protocol.behave(DEPOSIT_CAP, Conduct.MOVES_ANOTHER, 99, LTV);
        _expectFailure(DEPOSIT_CAP, 1, abi.encodeWithSelector(IPushAdapter.PushAdapter_SideEffect.selector, LTV, 70, 99));
        assertEq(protocol.number(LTV), 70, "loan to value");
    }

    function test_ReentrantSetter_syncDoesNothingAndIsTold() public {
        _tightenAll();
        protocol.behave(DEPOSIT_CAP, Conduct.REENTERS, 0, 0);
        _expectPartial(DEPOSIT_CAP, 1, abi.encodeWithSelector(IPushAdapter.PushAdapter_Reentered.selector, DEPOSIT_CAP), 4);
        // The next call is not locked out.
        protocol.behave(DEPOSIT_CAP, Conduct.HONEST, 0, 0);
        _expectSync(1, 0);
    }

    function test_ReentrantSetter_cannotCallTheInnerFunction() public {
        vm.expectRevert(abi.encodeWithSelector(IPushAdapter.PushAdapter_NotItself.selector, address(this)));
        (bool done,) = address(push).call(abi.encodeWithSignature("attempt(uint256,uint256,bool,address)", 0, 1, false, address(this)));
        assertTrue(done, "expectRevert");
        round(ETH, CAP, 40_000);
        protocol.behave(DEPOSIT_CAP, Conduct.CALLS_ATTEMPT, 0, 0);
        _expectSync(1, 0);
        assertEq(push.lastOf(MAINTENANCE).time, 0, "nothing else was written");
    }

    /// A setter that executes a due loosening would leave the adapter writing the value before it: a stale write over a newer one.
    function test_SetterThatMovesTheStore_staleWriteIsUndone() public {
        _moveTheStoreFromTheSetter(0);
        _expectFailure(DEPOSIT_CAP, 1, abi.encodeWithSelector(IPushAdapter.PushAdapter_NotTaken.selector, DEPOSIT_CAP, 44_000e18, 40_000e18));
        assertEq(store.valueOf(ETH, CAP), 40_000, "with all that it did");
    }

    /// The same, and the setter then takes the new number by itself: right, but not what was written down.
    function test_SetterThatMovesTheStore_andFollowsItIsUndone() public {
        _moveTheStoreFromTheSetter(44_000e18);
        _expectFailure(DEPOSIT_CAP, 1, abi.encodeWithSelector(IPushAdapter.PushAdapter_NotTaken.selector, DEPOSIT_CAP, 44_000e18, 44_000e18));
        assertEq(push.lastOf(DEPOSIT_CAP).time, 0, "nothing recorded");
    }

    function test_GetterThatFallsSilent_isToldAndNothingIsWritten() public {
        protocol.silence(THRESHOLD);
        round(WETH, HAIRCUT, 3_000);
        round(ETH, CAP, 40_000);
        _expectPartial(LTV, 2, abi.encodeWithSelector(IPushAdapter.PushAdapter_NotReadable.selector, THRESHOLD), 1);
        assertEq(protocol.number(LTV), 70, "loan to value");
    }

    // ------------------------------------------------------------------ who calls, and when

    function test_FrontRunSync_writesWhatTheKeeperWouldHaveWritten() public {
        _tightenAll();
        uint256 snapshot = vm.snapshotState();
        _expectSync(5, 0);
        bytes32 keeper = _numbers();
        vm.revertToState(snapshot);
        vm.prank(ANYONE);
        push.sync();
        assertEq(_numbers(), keeper, "same numbers");
        _expectSync(0, 0);
    }

    function test_SyncBeforeARound_isNotUndoneByALateOne() public {
        round(ETH, CAP, 40_000);
        _expectSync(1, 0);
        skip(1 hours);
        round(ETH, CAP, 30_000);
        // The transaction of before, sent again: it reads the store now.
        _expectSync(1, 0);
        assertEq(protocol.number(DEPOSIT_CAP), 30_000e18, "newest");
    }

    function test_SyncDuringAPendingLoosening_writesNothing() public {
        assertEq(round(ETH, CAP, 55_000).pended, 1, "pends");
        _expectSync(0, 0);
        skip(2 hours);
        _expectSync(0, 0);
        assertEq(protocol.number(DEPOSIT_CAP), 50_000e18, "not before it is executed");
    }

    function test_SyncDuringARamp_climbsWithTheEffectiveValue() public {
        round(WETH, HAIRCUT, 3_000);
        _expectSync(1, 0);
        assertEq(protocol.number(LTV), 64, "new loans");
        assertEq(protocol.number(THRESHOLD), 0.75e18, "open loans");
        skip(4 hours);
        _expectSync(1, 0);
        assertEq(protocol.number(THRESHOLD), 0.73e18, "on its way");
        skip(30 days);
        _expectSync(1, 0);
        assertEq(protocol.number(THRESHOLD), 0.7e18, "arrived");
        _expectSync(0, 0);
    }

    function test_EpochChange_thePendingOfBeforeNeverArrives() public {
        assertEq(round(ETH, CAP, 55_000).pended, 1, "pends");
        skip(1 hours);
        ++epoch;
        vm.prank(MANDATE);
        vm.expectRevert(abi.encodeWithSelector(IRiskParameters.RiskParameters_LooseningVoid.selector, ETH, CAP));
        store.executeLoosening(ETH, CAP, epoch);
        _expectSync(0, 0);
        round(ETH, CAP, 45_000);
        _expectSync(1, 0);
        assertEq(protocol.number(DEPOSIT_CAP), 45_000e18, "a round of the new epoch does");
    }

    /// The rule's floor rises past the live value: the target moves with it, and open loans keep the speed limit that the store gives them.
    function test_RuleThatExcludesTheLiveValue_keepsTheRamp() public {
        ParamId[] memory ids = new ParamId[](1);
        ParameterRule[] memory rules = new ParameterRule[](1);
        uint64[] memory values = new uint64[](1);
        (ids[0], rules[0], values[0]) = (HAIRCUT, store.ruleOf(WETH, HAIRCUT), 3_500);
        rules[0].floor = 3_500;
        rules[0].baseline = 3_500;
        store.setRules(WETH, ids, rules, values);
        skip(2 days);
        store.activateRule(WETH, HAIRCUT);
        _expectSync(1, 0);
        assertEq(protocol.number(LTV), 58, "the bound");
        assertEq(protocol.number(THRESHOLD), 0.75e18, "from where it was");
        skip(10 hours);
        _expectSync(1, 0);
        assertEq(protocol.number(THRESHOLD), 0.7e18, "500 bps in ten hours");
    }

    function test_TooLittleGas_cannotMakeABatchFail() public {
        _tightenAll();
        assertTrue(_succeedsWithSome(150_000, 1_500_000, 50_000), "some amount suffices");
    }

    /// The last setter needs most of its allowance: with less gas than that in all, it alone would fail, and be blamed.
    function test_TooLittleGas_cannotMakeASetterFail() public {
        vote(ETH, FEE, 40);
        protocol.behave(TAKER_FEE, Conduct.HUNGRY, 0, 0);
        assertTrue(_succeedsWithSome(400_000, 1_200_000, 4_000), "some amount suffices");
    }

    // ------------------------------------------------------------------ kit

    function makePush(Binding[] memory b, Probe[] memory p, Setter[] memory s) external returns (IPushAdapter) {
        return pushAdapter(b, p, s);
    }

    /// @dev Five numbers differ afterwards, in four batches: both margins, cap, loan to value, fee.
    function _tightenAll() private {
        assertEq(roundOfPair(3_000, 1_500).applied, 2, "pair");
        round(ETH, CAP, 40_000);
        round(WETH, HAIRCUT, 3_000);
        vote(ETH, FEE, 40);
    }

    /// @dev The next write of the deposit cap, 40,000, executes a loosening to 44,000 on the way.
    function _moveTheStoreFromTheSetter(uint256 thenShows) private {
        round(ETH, CAP, 40_000);
        skip(1 hours + 1);
        assertEq(round(ETH, CAP, 44_000).pended, 1, "pends");
        skip(1 hours);
        store.grantRole(MANDATE_ROLE, address(protocol));
        protocol.callBack(DEPOSIT_CAP, address(store), abi.encodeCall(IRiskParameters.executeLoosening, (ETH, CAP, epoch)), thenShows);
    }

    function _expectSync(uint256 written, uint256 failed) private {
        (uint256 w, uint256 f) = push.sync();
        assertEq(w, written, "written");
        assertEq(f, failed, "failed");
    }

    function _expectFailure(bytes32 key, uint256 members, bytes memory reason) private {
        _expectPartial(key, members, reason, 0);
    }

    /// @dev One batch fails with `reason`, `written` numbers of others come into force.
    function _expectPartial(bytes32 key, uint256 members, bytes memory reason, uint256 written) private {
        vm.recordLogs();
        _expectSync(written, 1);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 failures;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != IPushAdapter.PushFailed.selector) continue;
            ++failures;
            assertEq(logs[i].topics[1], key, "key");
            assertEq(keccak256(logs[i].data), keccak256(abi.encode(members, reason)), "members and reason");
        }
        assertEq(failures, 1, "failures told");
    }

    function _expectEqual() private view {
        Comparison[] memory all = push.compare();
        for (uint256 i; i < all.length; ++i) {
            assertEq(uint256(all[i].relation), uint256(Relation.EQUAL), "equal");
        }
    }

    /// @dev Syncs with every amount of gas: each reverts or does all. Whether any did.
    function _succeedsWithSome(uint256 least, uint256 most, uint256 step) private returns (bool reached) {
        for (uint256 given = least; given < most; given += step) {
            uint256 snapshot = vm.snapshotState();
            vm.recordLogs();
            (bool done,) = address(push).call{gas: given}(abi.encodeCall(IPushAdapter.sync, ()));
            Vm.Log[] memory logs = vm.getRecordedLogs();
            for (uint256 i; done && i < logs.length; ++i) {
                assertTrue(logs[i].topics[0] != IPushAdapter.PushFailed.selector, "no failure is the caller's choice");
            }
            if (done) _expectEqual();
            reached = reached || done;
            vm.revertToState(snapshot);
        }
    }

    function _numbers() private view returns (bytes32) {
        return keccak256(abi.encode(push.compare()));
    }
}
