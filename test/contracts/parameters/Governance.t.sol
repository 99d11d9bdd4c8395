// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {
    Direction, Item, JointInvariant, ParamClass, ParamId, ParameterEntry, ParameterRule, ParameterSpec, ParameterState, Reason, Rejection,
    ScopeId, ScopeKind, Writer
} from "../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, RECORDER_ROLE, STEWARDS_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {RiskParameters} from "../../../contracts/parameters/RiskParameters.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Vm} from "../support/Vm.sol";
import {StoreFixture} from "./StoreFixture.sol";
import {Deploy} from "../support/Deploy.sol";

/// @notice Catalogue, activation, values of the DAO, history, hash chain, succession.
contract GovernanceTest is StoreFixture {
    // ------------------------------------------------------------------ constructor

    function expectSpec(uint256 i, uint8 field, uint64 given, uint64 limit) internal {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidSpec.selector, specs()[i].id, field, given, limit));
    }

    function construct(ParameterSpec[] memory s, JointInvariant[] memory v) internal {
        Deploy.riskParameters(address(this), s, v, 2 days, 1 days, 1 days);
    }

    function test_WhenASpecIsInvalid_TheConstructorReverts() public {
        ParameterSpec[] memory s = specs();
        s[1].id = s[0].id;
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_IdsNotAscending.selector, CAP, CAP));
        construct(s, invariants());

        s = specs();
        s[0].scopeKind = ScopeKind.NONE;
        expectSpec(0, 1, 0, 1);
        construct(s, invariants());

        s = specs();
        s[1].direction = Direction.UP; // MONEY
        expectSpec(1, 2, 0, 2);
        construct(s, invariants());

        s = specs();
        s[1].ramped = true; // two-sided
        expectSpec(1, 5, 1, 0);
        construct(s, invariants());

        s = specs();
        s[0].railFloor = s[0].railCeiling + 1;
        expectSpec(0, 6, 2_000_001, 2_000_000);
        construct(s, invariants());

        s = specs();
        s[0].railCeiling = 2 ** 48;
        expectSpec(0, 7, 2 ** 48, 2 ** 48 - 1);
        construct(s, invariants());

        s = specs();
        s[0].minVetoHours = 0;
        expectSpec(0, 13, 0, 1);
        construct(s, invariants());
    }

    function test_WhenThereAreMoreThan64Ids_TheConstructorReverts() public {
        ParameterSpec[] memory s = new ParameterSpec[](65);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidSpec.selector, ParamId.wrap(0), 0, 65, 64));
        construct(s, new JointInvariant[](0));
    }

    function test_WhenThereAre64Ids_TheCatalogueReadsBackWhole() public {
        ParameterSpec[] memory s = new ParameterSpec[](64);
        for (uint256 i; i < 64; ++i) {
            s[i] = specFor(ParamId.wrap(bytes32(i + 1)), Direction(i % 2), ParamClass.RISK, uint8(i), i % 3 == 0, uint64(i), uint64(1_000 + i));
        }
        RiskParameters large = Deploy.riskParameters(address(this), s, new JointInvariant[](0), 2 days, 1 days, 1 days);
        assertEq(keccak256(abi.encode(large.catalogue())), keccak256(abi.encode(s)), "catalogue");
        assertEq(keccak256(abi.encode(large.spec(s[31].id))), keccak256(abi.encode(s[31])), "last of the first blob");
        assertEq(keccak256(abi.encode(large.spec(s[32].id))), keccak256(abi.encode(s[32])), "first of the second blob");
        assertEq(large.jointInvariants().length, 0, "no invariants");
    }

    function test_WhenAnInvariantIsInvalid_TheConstructorReverts() public {
        JointInvariant[] memory v = invariants();
        v[1].left = NOBODY;
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidInvariant.selector, 1));
        construct(specs(), v);

        v = invariants();
        v[2].right = HAIRCUT; // another kind of scope
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidInvariant.selector, 2));
        construct(specs(), v);

        v = invariants();
        v[3].rightMul = 0;
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidInvariant.selector, 3));
        construct(specs(), v);

        // One more than there are bits for.
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidInvariant.selector, 65));
        construct(specs(), new JointInvariant[](65));
    }

    /// @dev The value of a parameter is bounded by another's baseline: by what the DAO means, wherever the live value stands.
    function test_WhenTheRightSideIsABaseline_TheBaselineBinds() public {
        JointInvariant[] memory v = new JointInvariant[](1);
        v[0] = JointInvariant(RANGE, RANGE_FLOOR, false, true, 1, 1, 0);
        store = Deploy.riskParameters(address(this), specs(), v, 2 days, 1 days, 1 days);
        activate(store, ETH);
        govern(RANGE_FLOOR, 1_000);
        govern(RANGE, 2_500);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_JointInvariant.selector, ETH, 0, 2_501, 2_500));
        govern(RANGE, 2_501);
        ParameterRule memory r = ruleFor(RANGE_FLOOR);
        r.baseline = 2_499;
        setRule(RANGE_FLOOR, r, 0);
        skip(2 * DAY);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_JointInvariant.selector, ETH, 0, 2_500, 2_499));
        store.activateRule(ETH, RANGE_FLOOR);
    }

    function test_WhenADelayIsOutOfRange_TheConstructorReverts() public {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidDelay.selector, 2 days - 1, 2 days, type(uint32).max));
        Deploy.riskParameters(address(this), specs(), invariants(), 2 days - 1, 1 days, 1 days);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidDelay.selector, 0, 1, 7 days));
        Deploy.riskParameters(address(this), specs(), invariants(), 2 days, 0, 1 days);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidDelay.selector, 7 days + 1, 1, 7 days));
        Deploy.riskParameters(address(this), specs(), invariants(), 2 days, 1 days, 7 days + 1);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InvalidAdmin.selector, address(0)));
        Deploy.riskParameters(address(0), specs(), invariants(), 2 days, 1 days, 1 days);
    }

    function test_ItReturnsItsCatalogueInvariantsAndDelays() public view {
        assertEq(keccak256(abi.encode(store.catalogue())), keccak256(abi.encode(specs())), "catalogue");
        assertEq(keccak256(abi.encode(store.jointInvariants())), keccak256(abi.encode(invariants())), "invariants");
        assertEq(uint256(store.RULE_DELAY()) + store.UNDO_WINDOW() + store.EXECUTION_GRACE(), 4 days, "delays");
        assertTrue(address(store).code.length <= 24_576, "code size limit");
    }

    // ------------------------------------------------------------------ activation

    function test_WhenCallerIsNotTheDao_EveryDoorOfTheDaoReverts() public {
        bytes memory failure = abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, MANDATE, bytes32(0));
        (ParamId[] memory ids, ParameterRule[] memory rules, uint64[] memory values) =
            (new ParamId[](1), new ParameterRule[](1), new uint64[](1));
        vm.startPrank(MANDATE);
        expect(failure);
        store.activateScope(BTC, ids, rules, values);
        expect(failure);
        store.importScope(store, BTC);
        expect(failure);
        store.setValues(ETH, ids, values);
        expect(failure);
        store.setRules(ETH, ids, rules, values);
        expect(failure);
        store.cancelRule(ETH, RANGE);
        vm.stopPrank();
    }

    function test_WhenAnIdIsMissingForeignOrOutOfOrder_ActivationReverts() public {
        ParamId[] memory ids = marketIds();
        ParameterRule[] memory rules = new ParameterRule[](8);
        uint64[] memory values = new uint64[](8);
        for (uint256 i; i < 8; ++i) {
            (rules[i], values[i]) = (ruleFor(ids[i]), ruleFor(ids[i]).baseline);
        }
        (ids[4], ids[5]) = (ids[5], ids[4]);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_IncompleteScope.selector, BTC, RANGE));
        store.activateScope(BTC, ids, rules, values);

        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_LengthMismatch.selector, 8, 7));
        store.activateScope(BTC, ids, rules, new uint64[](7));

        (ids, rules, values) = (new ParamId[](2), new ParameterRule[](2), new uint64[](2));
        (ids[0], ids[1]) = (HAIRCUT, RANGE);
        (rules[0], values[0]) = (ruleFor(HAIRCUT), 2_000);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_WrongScopeKind.selector, WETH, RANGE));
        store.activateScope(WETH, ids, rules, values);
    }

    function test_WhenTheScopeIsActive_ActivationReverts() public {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_ActiveScope.selector, ETH));
        activate(store, ETH);
    }

    function test_WhenAValueIsOutsideItsRule_ActivationReverts() public {
        (ParamId[] memory ids, ParameterRule[] memory rules, uint64[] memory values) =
            (new ParamId[](1), new ParameterRule[](1), new uint64[](1));
        (ids[0], rules[0], values[0]) = (HAIRCUT, ruleFor(HAIRCUT), 499);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_OutOfBounds.selector, WETH, HAIRCUT, 499, 500, 5_000));
        store.activateScope(WETH, ids, rules, values);
        values[0] = 500;
        store.activateScope(WETH, ids, rules, values);
        assertEq(store.valueOf(WETH, HAIRCUT), 500, "value");
        assertEq(store.effectiveOf(WETH, HAIRCUT), 500, "a first value is in force at once");
    }

    /// @dev A first update without delay: Aave v3 and v4 stewards, AgentHub, Spark, Euler.
    function test_WhenAScopeWasJustActivated_TheFirstUpdateWaitsLikeEveryOther() public {
        activate(store, BTC);
        assertEq(store.stateOf(BTC, RANGE).lastTightenAt, clock, "seeded");
        Item[] memory items = new Item[](1);
        items[0] = Item(RANGE, 2_000, 2_100);
        (Rejection[] memory codes,) = store.judge(BTC, items, context());
        assertEq(uint8(codes[0]), uint8(Rejection.COOLDOWN), "cooldown");
    }

    function test_WhenUnsetOrUnknown_ReadsRevert() public {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InactiveScope.selector, BTC));
        store.valueOf(BTC, RANGE);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_InactiveScope.selector, BTC));
        store.effectiveOf(BTC, RANGE);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_UnknownParameter.selector, ETH, NOBODY));
        store.valueOf(ETH, NOBODY);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_WrongScopeKind.selector, ETH, HAIRCUT));
        store.valueOf(ETH, HAIRCUT);
        assertTrue(!store.isActive(BTC) && store.isActive(ETH), "active");
    }

    // ------------------------------------------------------------------ values of the DAO

    function test_WhenTheDaoSetsAValue_StepCooldownBudgetAndVetoDoNotBind() public {
        govern(RANGE, 5_000); // 150 % at once
        govern(RANGE, 2_000);
        ParameterState memory s = stateOf(RANGE);
        assertEq(s.tightenBudgetUsed + s.loosenBudgetUsedBps, 0, "charges nothing");
        assertEq(s.lastTightenAt, clock, "seeds the timer");
        assertEq(s.historyLength, 3, "recorded");
    }

    function test_WhenTheDaoSetsAValue_EqualityRangeAndInvariantsBind() public {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_EqualValue.selector, ETH, RANGE, 2_000));
        govern(RANGE, 2_000);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_OutOfBounds.selector, ETH, RANGE, 6_001, 1_000, 6_000));
        govern(RANGE, 6_001);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_JointInvariant.selector, ETH, 3, 3_001, 3_000));
        govern(VOL_DOWN, 3_001);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_EmptyBatch.selector));
        store.setValues(ETH, new ParamId[](0), new uint64[](0));
    }

    // ------------------------------------------------------------------ history

    function test_WhenEntriesShareASecond_TheLastWins() public {
        uint256 time = clock;
        govern(RANGE, 2_100);
        govern(RANGE, 2_200);
        skip(1 hours);
        assertEq(store.valueAt(ETH, RANGE, uint48(time)), 2_200, "last");
        assertEq(store.valueAt(ETH, RANGE, uint48(time - 1)), 2_000, "before");
        assertEq(store.valueAt(ETH, RANGE, uint48(START)), 2_000, "at activation");
    }

    function test_WhenTheTimeIsBeforeActivationOrAhead_ValueAtReverts() public {
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NoEntry.selector, ETH, RANGE, START - 1));
        store.valueAt(ETH, RANGE, uint48(START - 1));
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NoEntry.selector, ETH, RANGE, clock + 1));
        store.valueAt(ETH, RANGE, uint48(clock + 1));
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_NoSuchEntry.selector, ETH, RANGE, 1, 1));
        store.entry(ETH, RANGE, 1);
    }

    /// @dev The search agrees with a walk over the whole history, for any hint and gaps of zero to 30 hours.
    function testFuzz_TheWindowStartsWhereALinearSearchSays(uint256 seed) public {
        uint256 writes = 1 + seed % 24;
        for (uint256 i; i < writes; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            skip(seed % 4 == 0 ? 0 : seed % 30 hours);
            if (seed % 3 == 0) submit(one(CAP, value(CAP) - value(CAP) / 50)); // may be rejected by the cooldown
            else govern(CAP, value(CAP) == 900_000 ? 850_000 : 900_000);
        }
        ParameterState memory s = stateOf(CAP);
        (uint256 start, uint256 used) = (0, 0);
        for (uint32 i; i < s.historyLength; ++i) {
            if (store.entry(ETH, CAP, i).time + DAY <= clock) start = i;
        }
        for (uint32 i = uint32(start) + 1; i < s.historyLength; ++i) {
            ParameterEntry memory e = store.entry(ETH, CAP, i);
            if (e.reason == Reason.ROUND) used += store.entry(ETH, CAP, i - 1).value - e.value;
        }
        assertEq(s.tightenBudgetBase, store.entry(ETH, CAP, uint32(start)).value, "base");
        assertEq(s.tightenBudgetUsed, used, "used");
    }

    // ------------------------------------------------------------------ hash chain

    function test_WhenAModuleAppends_TheLinkBindsItsAddress() public {
        (bytes28 before, uint32 count) = store.head();
        expect(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, ANYONE, RECORDER_ROLE));
        vm.prank(ANYONE);
        store.append(keccak256("entry"));
        store.grantRole(RECORDER_ROLE, ANYONE); // is a link itself
        (before, count) = store.head();
        vm.prank(ANYONE);
        uint32 index = store.append(keccak256("entry"));
        (bytes28 hash, uint32 countAfter) = store.head();
        uint224 expected = uint224(uint256(keccak256(abi.encode(uint224(before), ANYONE, keccak256("entry")))));
        assertTrue(uint224(hash) == expected, "head");
        assertEq(index, count, "links before");
        assertEq(countAfter, count + 1, "count");
    }

    function test_WhenARoleChanges_ItIsALink() public {
        (, uint32 count) = store.head();
        store.grantRole(MANDATE_ROLE, ANYONE);
        store.grantRole(MANDATE_ROLE, ANYONE); // no change
        store.revokeRole(MANDATE_ROLE, ANYONE);
        store.revokeRole(MANDATE_ROLE, ANYONE); // no change
        (, uint32 countAfter) = store.head();
        assertEq(countAfter - count, 2, "grant and revocation");
    }

    // ------------------------------------------------------------------ succession

    function successor() internal returns (RiskParameters next) {
        next = deploy();
        next.importScope(store, ETH);
    }

    /// @dev A redeployed registry must not give anyone a fresh budget.
    function test_WhenASuccessorImports_BudgetsTimersAndVetoesComeAlong() public {
        loosenNow(RANGE, 1_900);
        tighten(RANGE, 2_200);
        pend(CAP, 850_000);
        vm.prank(VETO);
        store.veto(ETH, CAP, ANYONE);
        skip(1 hours);
        RiskParameters next = successor();
        assertEq(keccak256(abi.encode(next.stateOf(ETH, RANGE).value)), keccak256(abi.encode(value(RANGE))), "value");
        assertEq(next.effectiveOf(ETH, RANGE), store.effectiveOf(ETH, RANGE), "effective");
        assertEq(next.stateOf(ETH, RANGE).loosenBudgetUsedBps, 500, "loosen budget");
        assertEq(next.stateOf(ETH, RANGE).tightenBudgetUsed, 300, "tighten budget");
        assertEq(next.stateOf(ETH, RANGE).lastTightenAt, stateOf(RANGE).lastTightenAt, "timer");
        assertEq(next.stateOf(ETH, CAP).vetoedUntil, stateOf(CAP).vetoedUntil, "veto");
        assertEq(keccak256(abi.encode(next.ruleOf(ETH, RANGE))), keccak256(abi.encode(store.ruleOf(ETH, RANGE))), "rule");
        skip(2 hours);
        assertEq(next.effectiveOf(ETH, RANGE), store.effectiveOf(ETH, RANGE), "the ramp goes on");
    }

    function test_WhenASuccessorImports_ItLinksThePredecessorsHead() public {
        RiskParameters next = deploy();
        (bytes28 hash, uint32 count) = store.head();
        vm.recordLogs();
        next.importScope(store, ETH);
        bytes32 topic = IRiskParameters.ScopeImported.selector;
        bool found;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != topic) continue;
            (, bytes28 linked, uint32 links) = abi.decode(logs[i].data, (uint32, bytes28, uint32));
            found = linked == hash && links == count;
        }
        assertTrue(found, "head of the predecessor");
    }

    function test_WhenAnUndoWasUsed_TheSuccessorKnows() public {
        tighten(RANGE, 2_500);
        undo(RANGE, 1);
        uint256 again = clock + DAY;
        skip(1 hours);
        tighten(RANGE, 2_500);
        store = successor();
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_UndoUsed.selector, ETH, RANGE, again));
        undo(RANGE, 3);
    }

    /// @dev A window of loosening shorter than the time to undo: what may still be undone comes along.
    function test_WhenTheUndoWindowIsTheLongest_TheSuccessorCanStillUndo() public {
        store = Deploy.riskParameters(address(this), specs(), invariants(), 2 days, 3 days, 1 days);
        activate(store, ETH);
        store.grantRole(MANDATE_ROLE, MANDATE);
        ParameterRule memory r = ruleFor(RANGE);
        r.loosenWindow = 24;
        forceRule(RANGE, r);
        tighten(RANGE, 2_500);
        skip(26 hours);
        tighten(RANGE, 2_600);
        skip(26 hours);
        RiskParameters next = Deploy.riskParameters(address(this), specs(), invariants(), 2 days, 3 days, 1 days);
        next.grantRole(STEWARDS_ROLE, STEWARDS);
        next.importScope(store, ETH);
        store = next;
        assertEq(stateOf(RANGE).historyLength, 3, "back to the value before the first of them");
        undo(RANGE, 1);
        assertEq(value(RANGE), 2_000, "undone");
    }

    function test_WhenTheHistoryIsLong_TheSuccessorIsStricterNeverLooser() public {
        loosenNow(CAP, 880_000);
        for (uint256 i; i < 60; ++i) {
            skip(1 hours);
            govern(CAP, i % 2 == 0 ? 870_000 : 880_000);
        }
        RiskParameters next = successor();
        assertEq(next.stateOf(ETH, CAP).historyLength, 49, "48 entries and a merged one");
        assertEq(next.stateOf(ETH, CAP).loosenBudgetUsedBps, stateOf(CAP).loosenBudgetUsedBps, "the same now");
        for (uint256 i; i < 9; ++i) {
            skip(DAY);
            assertTrue(next.stateOf(ETH, CAP).loosenBudgetUsedBps >= stateOf(CAP).loosenBudgetUsedBps, "never looser");
        }
        assertEq(next.stateOf(ETH, CAP).loosenBudgetUsedBps, 0, "leaves the window in the end");
    }

    function test_WhenTheCatalogueDiffers_ImportReverts() public {
        ParameterSpec[] memory s = specs();
        s[0].railCeiling += 1;
        RiskParameters other = Deploy.riskParameters(address(this), s, invariants(), 2 days, 1 days, 1 days);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_DifferentCatalogue.selector, address(store)));
        other.importScope(store, ETH);
        expect(abi.encodeWithSelector(IRiskParameters.RiskParameters_ActiveScope.selector, ETH));
        store.importScope(store, ETH);
    }
}
