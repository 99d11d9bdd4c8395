// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, ChainId, Holdings, InstrumentId, MAX_LOTS, Position, instrumentOf} from "../../../contracts/interfaces/ClearingTypes.sol";
import {Collateral, ICollaterals} from "../../../contracts/interfaces/ICollaterals.sol";
import {GroupSums, ILedger, Modules} from "../../../contracts/interfaces/ILedger.sol";
import {ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {ClearingFixture, TestToken, Vice} from "./ClearingFixture.sol";

/// Ledger, as its modules see it (this contract is liquidation, insurance fund and deleveraging)
/// ├── wire: the deployer, once, contracts alone
/// ├── pay: profit, then principal, then debt; a receipt is profit
/// ├── maturing: linear in the warm-up, times what the group can cover; a stranger cannot slow it
/// ├── transferPositions: sums stay zero, pages stay packed, open interest follows
/// │   ├── given an unknown instrument, a market of another group, a size or a number beyond the limits → it reverts
/// │   └── given a future → it is held against its reference
/// ├── strike and settlePosition: both sides at once, exact in any order
/// ├── tearUp: exact in lots and in cash, in any order of touch, several before anybody touches, many at once as one by one
/// ├── writeOff: fund, profit, principal, in that order
/// └── Collaterals: what may be listed
contract LedgerTest is ClearingFixture {
    AccountId private ann = _account(address(0xa1), 0);
    AccountId private bob = _account(address(0xb2), 0);
    AccountId private cat = _account(address(0xc3), 7);
    AccountId private dan = _account(address(0xd4), 0);
    InstrumentId private call = _leg(1, true);

    function setUp() public {
        _deploy(address(this));
        _deposit(ann, 1_000 * USD);
        _deposit(bob, 1_000 * USD);
        _deposit(cat, 1_000 * USD);
        _deposit(dan, 1_000 * USD);
    }

    // ------------------------------------------------------------------ wiring and powers

    function test_Wire_onceByTheDeployerWithContracts() public {
        Modules memory m = ledger.modules();
        vm.expectRevert(ILedger.Ledger_AlreadyWired.selector);
        ledger.wire(m);
        ILedger fresh = ILedger(_create("Ledger.sol:Ledger", abi.encode(world, collaterals, world)));
        vm.prank(DAO);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotWirer.selector, DAO, address(this)));
        fresh.wire(m);
        m.settlement = address(1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NoModule.selector, 2));
        fresh.wire(m);
        assertTrue(!fresh.isModule(address(vault)), "nothing wired");
        assertTrue(ledger.isModule(address(vault)) && ledger.isModule(address(this)), "modules");
        assertTrue(!ledger.isModule(address(0)) && !ledger.isModule(DAO), "no others");
    }

    function test_Stranger_canMoveNothing() public {
        bytes memory no = abi.encodeWithSelector(ILedger.Ledger_NotModule.selector, DAO);
        bytes[16] memory calls = [
            abi.encodeCall(ledger.creditCash, (ann, MAIN, 1)),
            abi.encodeCall(ledger.debitCash, (ann, 1)),
            abi.encodeCall(ledger.creditCollateral, (ann, MAIN, 0, 1, 1)),
            abi.encodeCall(ledger.debitCollateral, (ann, 0, 1, 1)),
            abi.encodeCall(ledger.creditFund, (MAIN, 1)),
            abi.encodeCall(ledger.open, (ann, MAIN)),
            abi.encodeCall(ledger.pay, (ann, bob, 1)),
            abi.encodeCall(ledger.payToFund, (ann, 1)),
            abi.encodeCall(ledger.payFromFund, (ann, 1)),
            abi.encodeCall(ledger.transferPositions, (ann, bob, new Position[](0))),
            abi.encodeCall(ledger.transferCollateral, (ann, bob, 0, 1)),
            abi.encodeCall(ledger.strike, (call, 1)),
            abi.encodeCall(ledger.settlePosition, (ann, call)),
            abi.encodeCall(ledger.tearUp, (ann, new InstrumentId[](1), new uint256[](1))),
            abi.encodeCall(ledger.writeOff, (ann, 1, 1, 1)),
            abi.encodeCall(ledger.halt, (MAIN))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(DAO);
            (bool done, bytes memory reason) = address(ledger).call(calls[i]);
            assertTrue(!done && keccak256(reason) == keccak256(no), "refused");
        }
        // A module has its own powers alone: this one is neither vault, trading nor settlement.
        for (uint256 i = 0; i < 5; ++i) {
            (bool done,) = address(ledger).call(calls[i]);
            assertTrue(!done, "not the vault");
        }
        (bool struck,) = address(ledger).call(calls[11]);
        assertTrue(!struck, "not settlement");
    }

    // ------------------------------------------------------------------ cash

    function test_Pay_takesProfitThenPrincipalThenDebt() public {
        ledger.pay(ann, bob, 300 * USD);
        _requireCash(ann, 700 * USD, 0, 0);
        _requireCash(bob, 1_000 * USD, 300 * USD, 0);
        ledger.pay(bob, ann, 400 * USD);
        _requireCash(bob, 900 * USD, 0, 0);
        _requireCash(ann, 700 * USD, 400 * USD, 0);
        ledger.pay(ann, bob, 1_500 * USD);
        _requireCash(ann, 0, 0, 400 * USD);
        _requireCash(bob, 900 * USD, 1_500 * USD, 0);
        _requireIdentity();
    }

    /// @dev Else profit would leave at once as the collateral that the debt held back.
    function test_Receipt_repaysNoDebtBeforeItMatures() public {
        ledger.pay(ann, bob, 1_500 * USD);
        ledger.pay(cat, ann, 500 * USD);
        _requireCash(ann, 0, 500 * USD, 500 * USD);
        vm.warp(START + 3_600);
        ledger.touch(ann);
        // Of 2,000 profit in the group 500 is owed: three quarters mature.
        _requireCash(ann, 0, 125 * USD, 125 * USD);
        _requireIdentity();
    }

    function test_Deposit_repaysDebtFirst() public {
        ledger.pay(ann, bob, 1_200 * USD);
        _deposit(ann, 500 * USD);
        _requireCash(ann, 300 * USD, 0, 0);
        _requireIdentity();
    }

    function test_Pay_otherGroupSameAccountOrUnopened() public {
        AccountId far = _account(address(0xe5), 0);
        ledger.open(far, OTHER);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_OtherGroup.selector, far, OTHER, MAIN));
        ledger.pay(ann, far, 1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_SameAccount.selector, ann));
        ledger.pay(ann, ann, 1);
        AccountId nobody = _account(address(0xf6), 0);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotOpen.selector, nobody));
        ledger.pay(nobody, ann, 1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotOpen.selector, nobody));
        ledger.payToFund(nobody, 1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotOpen.selector, nobody));
        ledger.payFromFund(nobody, 0);
        ScopeId unknown = ScopeId.wrap(bytes32(bytes2(0x0478)));
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_UnknownGroup.selector, unknown));
        ledger.open(nobody, unknown);
        ledger.pay(ann, nobody, 5);
        assertTrue(ScopeId.unwrap(ledger.groupOf(nobody)) == ScopeId.unwrap(MAIN), "opened with the payer");
        _requireCash(nobody, 0, 5, 0);
    }

    function test_Fund_paysWhatItHas() public {
        ledger.payToFund(ann, 100 * USD);
        ledger.payFromFund(bob, 60 * USD);
        _requireCash(bob, 1_000 * USD, 60 * USD, 0);
        assertEq(ledger.sumsOf(MAIN).fund, 40 * USD, "fund");
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_FundTooSmall.selector, MAIN, 40 * USD + 1, 40 * USD));
        ledger.payFromFund(bob, 40 * USD + 1);
        _requireIdentity();
    }

    // ------------------------------------------------------------------ maturing

    function test_Mature_isLinearAndACallEarlyStartsNothing() public {
        ledger.pay(ann, bob, 360 * USD);
        vm.warp(START + 1_800);
        ledger.touch(bob);
        _requireCash(bob, 1_000 * USD, 360 * USD, 0);
        vm.warp(START + 3_600);
        ledger.touch(bob);
        _requireCash(bob, 1_360 * USD, 0, 0);
    }

    function test_Mature_aReceiptWaitsItsOwnTime() public {
        ledger.pay(ann, bob, 360 * USD);
        vm.warp(START + 1_800);
        ledger.pay(ann, bob, 180 * USD);
        _requireCash(bob, 1_180 * USD, 360 * USD, 0);
        vm.warp(START + 3_600);
        ledger.pay(ann, bob, 1);
        // Half of what was there at the second payment: of each receipt no more than its time allows.
        _requireCash(bob, 1_360 * USD, 180 * USD + 1, 0);
        _requireIdentity();
    }

    function test_Mature_nothingIsMadeOfWhatIsOwed() public {
        ledger.pay(ann, bob, 4_000 * USD);
        vm.warp(START + 10_000);
        ledger.touch(bob);
        // 3,000 of 4,000 are owed.
        _requireCash(bob, 2_000 * USD, 3_000 * USD, 0);
        vm.warp(START + 20_000);
        ledger.touch(bob);
        _requireCash(bob, 2_000 * USD, 3_000 * USD, 0);
        _requireIdentity();
    }

    function test_Mature_notWhileHalted_andTheClockOfReceiptsRestarts() public {
        ledger.pay(ann, bob, 100 * USD);
        ledger.halt(MAIN);
        ledger.halt(MAIN);
        vm.warp(START + 3_600);
        ledger.touch(bob);
        _requireCash(bob, 1_000 * USD, 100 * USD, 0);
        ledger.pay(ann, bob, 100 * USD);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotGovernance.selector, address(this)));
        ledger.resume(MAIN);
        vm.prank(DAO);
        ledger.resume(MAIN);
        ledger.touch(bob);
        _requireCash(bob, 1_000 * USD, 200 * USD, 0);
        vm.warp(START + 7_200);
        ledger.touch(bob);
        _requireCash(bob, 1_200 * USD, 0, 0);
        vm.prank(DAO);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotHalted.selector, MAIN));
        ledger.resume(MAIN);
    }

    // ------------------------------------------------------------------ positions

    function test_Positions_moveAndNet() public {
        ledger.transferPositions(ann, bob, _one(call, 30_000));
        _requireLots(ann, call, -30_000);
        _requireLots(bob, call, 30_000);
        assertEq(ledger.openInterestOf(call), 30_000, "open interest");
        ledger.transferPositions(bob, cat, _one(call, 10_000));
        assertEq(ledger.openInterestOf(call), 30_000, "handed on");
        ledger.transferPositions(ann, cat, _one(call, -10_000));
        assertEq(ledger.openInterestOf(call), 20_000, "closed");
        assertEq(ledger.marketOpenInterestOf(1), 20_000, "market");
        _requireLots(cat, call, 0);
        assertEq(ledger.positionCountOf(cat), 0, "no position left");
        assertEq(ledger.holdingsOf(cat).chains.length, 0, "no page left");
        ledger.transferPositions(ann, bob, _one(call, 0));
        ledger.transferPositions(bob, ann, _one(call, 25_000));
        _requireLots(ann, call, 5_000);
        _requireLots(bob, call, -5_000);
        assertEq(ledger.openInterestOf(call), 5_000, "turned over");
    }

    function test_Future_isHeldAgainstItsReference() public {
        assertEq(ledger.referenceOf(_future()), 0, "not yet");
        ledger.transferPositions(ann, bob, _one(_future(), 15_000));
        assertEq(ledger.referenceOf(_future()), 2_000e18, "the middle strike");
        assertTrue(ledger.holdingsOf(bob).futuresCost == 3_000e18, "1.5 contracts");
        assertTrue(ledger.holdingsOf(ann).futuresCost == -3_000e18, "the other side");
        ledger.transferPositions(ann, bob, _one(_future(), -15_000));
        assertTrue(ledger.holdingsOf(bob).futuresCost == 0, "closed");
    }

    function test_Positions_refuseWhatIsNotListed() public {
        InstrumentId[4] memory wrong = [
            instrumentOf(CHAIN, 6),
            instrumentOf(ChainId.wrap(77), 0),
            InstrumentId.wrap((uint64(1) << 32) | 256),
            instrumentOf(CHAIN, 254)
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_UnknownInstrument.selector, wrong[i]));
            ledger.transferPositions(ann, bob, _one(wrong[i], 1));
        }
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_MarketOfOtherGroup.selector, 2, MAIN));
        ledger.transferPositions(ann, bob, _one(instrumentOf(ChainId.wrap(100), 0), 1));
    }

    function test_Positions_limits() public {
        int256 most = int256(MAX_LOTS);
        ledger.transferPositions(ann, bob, _one(call, most));
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_PositionTooLarge.selector, ann, call, -most - 1, MAX_LOTS));
        ledger.transferPositions(ann, bob, _one(call, 1));
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_PositionTooLarge.selector, bob, call, most + 1, MAX_LOTS));
        ledger.transferPositions(dan, bob, _one(call, 1));
    }

    /// @dev 512 positions in four chains, in an order that inserts everywhere; the 513th is refused, and all of them go again in another order.
    function test_AccountAtThePositionLimit() public {
        Position[] memory all = new Position[](512);
        for (uint256 k = 0; k < 512; ++k) {
            uint256 leg = (k * 37) % 145;
            uint32 chain = uint32(9 + 10 * (k / 145));
            if (leg == 0) world.setChain(ChainId.wrap(chain), EXPIRY, 0);
            all[k] = Position(instrumentOf(ChainId.wrap(chain), leg == 144 ? 255 : uint8(leg)), int256(k + 1));
        }
        ledger.transferPositions(ann, bob, all);
        assertEq(ledger.positionCountOf(bob), 512, "positions");
        for (uint256 i = 0; i < 512; ++i) {
            _requireLots(bob, all[i].instrument, all[i].lots);
            _requireLots(ann, all[i].instrument, -all[i].lots);
        }
        _requirePacked(bob, 512);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_TooManyPositions.selector, ann, 512));
        ledger.transferPositions(ann, cat, _one(call, 1));
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_TooManyPositions.selector, bob, 512));
        ledger.transferPositions(cat, bob, _one(call, 1));
        for (uint256 i = 0; i < 512; ++i) {
            uint256 k = (i * 211) % 512;
            ledger.transferPositions(bob, ann, _one(all[k].instrument, all[k].lots));
        }
        assertEq(ledger.positionCountOf(bob) + ledger.positionCountOf(ann), 0, "all gone");
        assertEq(ledger.holdingsOf(ann).pages.length, 0, "no pages");
    }

    function test_Holdings_packing_fiveAPage_fourChainsAWord() public {
        for (uint32 c = 5; c > 0; --c) {
            ledger.transferPositions(ann, bob, _one(instrumentOf(ChainId.wrap(c), 2), int256(uint256(c))));
        }
        for (uint8 leg = 6; leg > 0; --leg) {
            ledger.transferPositions(ann, bob, _one(instrumentOf(ChainId.wrap(3), leg == 6 ? 255 : leg - 1), -int256(uint256(leg) * 10)));
        }
        Holdings memory h = ledger.holdingsOf(bob);
        assertEq(h.chains.length, 2, "words of chains");
        assertEq(h.pages.length, 6, "one page each, two for the third");
        assertEq(uint32(h.chains[0] >> 128), 3, "third chain");
        assertEq(uint8(h.chains[0] >> 184), 6, "its positions");
        assertEq(uint32(h.chains[1]), 5, "fifth chain");
        _requirePacked(bob, 10);
    }

    /// @dev Keys ascend and the number of positions adds up.
    function _requirePacked(AccountId id, uint256 positions) private view {
        Holdings memory h = ledger.holdingsOf(id);
        uint256 word;
        uint256 seen;
        uint256 lastChain;
        for (uint256 i = 0; i < 4 * h.chains.length; ++i) {
            uint256 entry = uint64(h.chains[i / 4] >> (64 * (i % 4)));
            if (entry == 0) continue;
            assertTrue(uint32(entry) > lastChain, "chains ascend");
            lastChain = uint32(entry);
            uint256 count = entry >> 56;
            uint256 lastLeg = 256;
            for (uint256 j = 0; j < count; ++j) {
                uint256 leg = uint8(h.pages[word + j / 5] >> (48 * (j % 5)));
                assertTrue(lastLeg == 256 || leg > lastLeg, "legs ascend");
                lastLeg = leg;
            }
            seen += count;
            word += (count + 4) / 5;
        }
        assertEq(seen, positions, "positions");
        assertEq(word, h.pages.length, "pages");
    }

    function test_Collateral_moves() public {
        ether_.mint(address(0xa1), 5e17);
        vm.prank(address(0xa1));
        vault.deposit(ann, MAIN, address(ether_), 5e17);
        ledger.transferCollateral(ann, bob, 0, 3e17);
        assertEq(ledger.collateralOf(ann, 0), 2e17, "giver");
        assertEq(ledger.holdingsOf(bob).collateral[0], 3e17, "taker");
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotEnoughCollateral.selector, ann, 0, 2e17 + 1, 2e17));
        ledger.transferCollateral(ann, bob, 0, 2e17 + 1);
    }

    // ------------------------------------------------------------------ settlement

    function _settle(AccountId a, AccountId b, AccountId c, AccountId d) private {
        AccountId[] memory ids = new AccountId[](4);
        (ids[0], ids[1], ids[2], ids[3]) = (a, b, c, d);
        settlement.settle(CHAIN, ids);
    }

    function test_Settlement_isExactInAnyOrder() public {
        for (uint256 order = 0; order < 2; ++order) {
            uint256 state = vm.snapshotState();
            ledger.transferPositions(ann, bob, _one(call, 3_333));
            ledger.transferPositions(ann, cat, _one(call, 6_667));
            ledger.transferPositions(dan, cat, _one(call, 1));
            ledger.transferPositions(bob, dan, _one(_future(), 7_001));
            world.setChain(CHAIN, EXPIRY, uint128(2_123.456789e18));
            vm.warp(EXPIRY);
            if (order == 0) _settle(ann, bob, cat, dan);
            else _settle(dan, cat, bob, ann);
            // The call pays 123.456789, the future 123.456789 against its reference of 2,000.
            _requireCash(ann, 1_000 * USD - 123_456_789, 0, 0);
            assertEq(ledger.openInterestOf(call) + ledger.openInterestOf(_future()) + ledger.marketOpenInterestOf(1), 0, "nothing open");
            GroupSums memory s = ledger.sumsOf(MAIN);
            assertEq(s.debt, 0, "no debt");
            assertLe(s.fund, 8, "dust");
            uint256 paid = 4_000 * USD - _sum(ann) - _sum(bob) - _sum(cat) - _sum(dan);
            assertEq(paid, s.fund, "what nobody has is the fund's");
            _requireIdentity();
            vm.revertToState(state);
        }
    }

    function _sum(AccountId id) private view returns (uint256) {
        return ledger.cashOf(id).principal + ledger.cashOf(id).profit;
    }

    /// @dev One side has settled, the other not: what it gained is owed already, so none of it matures before it is paid.
    function test_Settlement_winnersDoNotMatureBeforeLosersPay() public {
        ledger.transferPositions(ann, bob, _one(call, 50_000));
        world.setChain(CHAIN, EXPIRY, uint128(2_100e18));
        vm.warp(EXPIRY);
        AccountId[] memory winners = new AccountId[](1);
        winners[0] = bob;
        int256[] memory payments = settlement.settle(CHAIN, winners);
        assertTrue(payments[0] == int256(500 * USD), "payment");
        _requireIdentity();
        vm.warp(uint256(EXPIRY) + 7_200);
        ledger.touch(bob);
        _requireCash(bob, 1_000 * USD, 500 * USD, 0);
        winners[0] = ann;
        settlement.settle(CHAIN, winners);
        vm.warp(uint256(EXPIRY) + 14_400);
        ledger.touch(bob);
        _requireCash(bob, 1_500 * USD, 0, 0);
        assertTrue(settlement.settle(CHAIN, winners)[0] == 0, "twice is nothing");
    }

    function test_Settlement_ofOneChainAmongOthers() public {
        InstrumentId later = instrumentOf(ChainId.wrap(2), 0);
        ledger.transferPositions(ann, bob, _one(call, 100));
        ledger.transferPositions(ann, bob, _one(later, 10_000));
        world.setChain(ChainId.wrap(2), EXPIRY, uint128(1_850e18));
        vm.warp(EXPIRY);
        AccountId[] memory both = new AccountId[](2);
        (both[0], both[1]) = (ann, bob);
        int256[] memory payments = settlement.settle(ChainId.wrap(2), both);
        assertTrue(payments[0] == -int256(50 * USD) && payments[1] == int256(50 * USD), "the put of 1,900");
        _requireLots(bob, call, 100);
        _requireLots(bob, later, 0);
        _requireIdentity();
    }

    function test_Settlement_worthlessAndMoved() public {
        ledger.transferPositions(ann, bob, _one(call, 50_000));
        world.setChain(CHAIN, EXPIRY, uint128(1_900e18));
        vm.warp(EXPIRY);
        AccountId[] memory one = new AccountId[](1);
        one[0] = bob;
        settlement.settle(CHAIN, one);
        assertTrue(ledger.isStruck(call), "struck");
        // A liquidation that moves a struck position settles it instead, for both.
        ledger.transferPositions(ann, cat, _one(call, -50_000));
        _requireLots(ann, call, 0);
        _requireLots(cat, call, 0);
        _requireIdentity();
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_InstrumentStruck.selector, call));
        _tearUp(ann, call, 1e18);
        vm.prank(address(settlement));
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_InstrumentStruck.selector, call));
        ledger.strike(call, 5e18);
        vm.prank(address(settlement));
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NoPosition.selector, ann, call));
        ledger.settlePosition(ann, call);
        vm.prank(address(settlement));
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotStruck.selector, _leg(0, true)));
        ledger.settlePosition(ann, _leg(0, true));
        vm.prank(address(settlement));
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_UnknownInstrument.selector, _leg(0, true)));
        ledger.strike(_leg(0, true), 1);
    }

    // ------------------------------------------------------------------ tear-ups

    function test_TearUp_closesTheOtherSideExactly() public {
        ledger.transferPositions(ann, bob, _one(call, 10_001));
        ledger.transferPositions(ann, cat, _one(call, 3_334));
        ledger.transferPositions(dan, cat, _one(call, 3_333));
        int256 payment = _tearUp(ann, call, 77.7777777e18);
        // 103.71666656 USD.
        assertTrue(payment == -103_716_667, "payer rounded up");
        assertEq(ledger.openInterestOf(call), 3_333, "what dan's counterparties keep");
        assertEq(ledger.marketOpenInterestOf(1), 3_333, "of the market, too");
        _requireIdentity();
        // Before anybody touches: both as if next.
        assertTrue(ledger.positionOf(bob, call) + ledger.positionOf(cat, call) <= 3_334, "readings");
        uint256 profit = ledger.cashOf(bob).profit;
        assertTrue(profit > 0, "bob's part is seen before he touches");
        assertEq(ledger.tornAt(bob), START, "torn");
        assertEq(ledger.tornAt(dan), 0, "other side");
        Holdings memory before = ledger.holdingsOf(bob);
        ledger.touch(bob);
        Holdings memory after_ = ledger.holdingsOf(bob);
        assertEq(keccak256(abi.encode(before)), keccak256(abi.encode(after_)), "the reading is what is booked");
        assertEq(ledger.cashOf(bob).profit, profit, "profit");
        ledger.touch(cat);
        ledger.touch(dan);
        assertTrue(ledger.positionOf(bob, call) + ledger.positionOf(cat, call) == 3_333, "sums to zero");
        _requireLots(dan, call, -3_333);
        assertEq(ledger.tornAt(bob), START, "kept");
        assertEq(_sum(ann) + _sum(bob) + _sum(cat) + _sum(dan) + ledger.sumsOf(MAIN).fund, 4_000 * USD, "cash");
        _requireIdentity();
    }

    /// @dev The torn account was owed: its counterparties owe from that instant, and pay when they come.
    function test_TearUp_counterpartiesOweAtOnce() public {
        ledger.transferPositions(bob, ann, _one(call, 6_000));
        ledger.transferPositions(cat, ann, _one(call, 3_000));
        assertTrue(_tearUp(ann, call, 100e18) == int256(90 * USD), "received");
        _requireCash(ann, 1_000 * USD, 90 * USD, 0);
        assertEq(ledger.sumsOf(MAIN).debt, 90 * USD, "owed by those who have not touched");
        _requireIdentity();
        _requireCash(bob, 940 * USD, 0, 0);
        vm.warp(START + 3_600);
        ledger.touch(ann);
        _requireCash(ann, 1_000 * USD, 90 * USD, 0);
        ledger.touch(bob);
        ledger.touch(cat);
        assertEq(ledger.sumsOf(MAIN).debt, 0, "paid");
        _requireCash(cat, 970 * USD, 0, 0);
        assertEq(ledger.positionCountOf(bob), 0, "closed");
        _requireIdentity();
    }

    /// @dev What a tear-up pays waits a whole warm-up of its own. Of what was there half an hour's part leaves first, but for the twelfth that the counterparty's
    /// new debt stands against.
    function test_TearUp_aReceiptRestartsTheClock() public {
        ledger.pay(dan, ann, 600 * USD);
        ledger.transferPositions(bob, ann, _one(call, 10_000));
        vm.warp(START + 30 minutes);
        _tearUp(ann, call, 50e18);
        assertEq(ledger.cashOf(ann).profit, 375 * USD, "325 left, and 50");
        ledger.touch(bob);
        vm.warp(START + 61 minutes);
        ledger.touch(ann);
        assertEq(ledger.cashOf(ann).profit, 375 * USD, "half an hour old");
        vm.warp(START + 91 minutes);
        ledger.touch(ann);
        assertEq(ledger.cashOf(ann).profit, 0, "waited");
        assertEq(ledger.cashOf(ann).principal, 1_650 * USD, "all of it");
    }

    function test_TearUp_severalBeforeAnybodyTouches() public {
        ledger.transferPositions(ann, cat, _one(call, 5_000));
        ledger.transferPositions(bob, cat, _one(call, 7_000));
        ledger.transferPositions(bob, dan, _one(call, 999));
        ledger.transferPositions(ann, cat, _one(_future(), 2_500));
        ledger.transferPositions(cat, dan, _one(_leg(0, false), 4_000));
        _tearUp(ann, call, 50e18);
        _tearUp(ann, _future(), 1_950e18);
        _tearUp(bob, call, 51e18);
        _tearUp(cat, _leg(0, false), 3e18);
        Holdings memory cats = ledger.holdingsOf(cat);
        assertTrue(cats.futuresCost == 0, "its future is gone, read before the touch");
        Holdings memory before = ledger.holdingsOf(dan);
        uint256 expected = _sum(dan);
        ledger.touch(dan);
        assertEq(keccak256(abi.encode(before)), keccak256(abi.encode(ledger.holdingsOf(dan))), "reading = booked");
        assertEq(_sum(dan), expected, "cash");
        ledger.touch(cat);
        ledger.touch(ann);
        ledger.touch(bob);
        assertEq(ledger.openInterestOf(call) + ledger.openInterestOf(_future()), 0, "all closed");
        assertEq(ledger.positionCountOf(dan) + ledger.positionCountOf(cat), 0, "no lots left over");
        assertEq(ledger.sumsOf(MAIN).debt, 0, "nothing owed");
        assertEq(_sum(ann) + _sum(bob) + _sum(cat) + _sum(dan) + ledger.sumsOf(MAIN).fund, 4_000 * USD, "cash");
        assertTrue(ledger.holdingsOf(cat).futuresCost == 0, "no reference left");
        _requireIdentity();
    }

    /// @dev One step against the longs, one against the shorts, and nobody has come between: each side sees its own alone. A chain without any stays as it is.
    function test_TearUp_bothSidesOfOneInstrument() public {
        InstrumentId far = instrumentOf(ChainId.wrap(2), 0);
        ledger.transferPositions(ann, bob, _one(call, 6_000));
        ledger.transferPositions(dan, cat, _one(call, 4_000));
        ledger.transferPositions(dan, bob, _one(far, 11));
        _tearUp(ann, call, 20e18);
        _tearUp(cat, call, 20e18);
        ledger.touch(bob);
        ledger.touch(dan);
        assertTrue(ledger.positionOf(bob, call) + ledger.positionOf(dan, call) == 0, "sums to zero");
        _requireLots(bob, far, 11);
        assertEq(_sum(ann) + _sum(bob) + _sum(cat) + _sum(dan) + ledger.sumsOf(MAIN).fund, 4_000 * USD + ledger.sumsOf(MAIN).debt, "cash");
        _requireIdentity();
    }

    /// @dev The torn account takes the other side of the same instrument afterwards: the step before is none of its business.
    function test_TearUp_theTornAccountComesBack() public {
        ledger.transferPositions(ann, bob, _one(call, 6_000));
        ledger.transferPositions(ann, bob, _one(_leg(0, true), 10));
        _tearUp(ann, call, 20e18);
        ledger.transferPositions(cat, ann, _one(call, 3_000));
        ledger.transferPositions(cat, dan, _one(_leg(2, true), 500));
        _tearUp(cat, _leg(2, true), 3e18);
        ledger.touch(ann);
        ledger.touch(bob);
        _requireLots(ann, call, 3_000);
        _requireLots(ann, _leg(0, true), -10);
        _requireLots(bob, call, 0);
        _tearUp(ann, _leg(0, true), 1e18);
        ledger.touch(bob);
        ledger.touch(dan);
        assertEq(ledger.positionCountOf(bob) + ledger.positionCountOf(dan), 0, "closed");
        _requireIdentity();
    }

    function test_TearUp_needsAPosition() public {
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NoPosition.selector, ann, call));
        _tearUp(ann, call, 1e18);
    }

    /// @dev All of a bankrupt's instruments in one call: the same as one by one, but each chain counts once.
    function test_TearUp_severalAtOnceAsOneByOne() public {
        InstrumentId later = instrumentOf(ChainId.wrap(2), 1);
        InstrumentId[] memory instruments = new InstrumentId[](3);
        (instruments[0], instruments[1], instruments[2]) = (call, _future(), later);
        uint256[] memory marks = new uint256[](3);
        (marks[0], marks[1], marks[2]) = (50e18, 1_950e18, 7e18);
        for (uint256 i = 0; i < 3; ++i) {
            ledger.transferPositions(ann, bob, _one(instruments[i], 20_000));
            ledger.transferPositions(ann, cat, _one(instruments[i], 10_001));
        }
        uint256 state = vm.snapshotState();
        int256 payment = ledger.tearUp(ann, instruments, marks);
        assertEq(world.tears(CHAIN), 1, "one count of two instruments");
        assertEq(world.tears(ChainId.wrap(2)), 1, "and of the other chain");
        ledger.touch(bob);
        ledger.touch(cat);
        assertEq(ledger.positionCountOf(ann) + ledger.positionCountOf(bob) + ledger.positionCountOf(cat), 0, "nobody holds anything");
        bytes memory together = abi.encode(ledger.cashOf(ann), ledger.cashOf(bob), ledger.cashOf(cat), ledger.sumsOf(MAIN));
        _requireIdentity();

        vm.revertToState(state);
        int256 singly;
        for (uint256 i = 0; i < 3; ++i) {
            singly += _tearUp(ann, instruments[i], marks[i]);
        }
        ledger.touch(bob);
        ledger.touch(cat);
        assertTrue(payment == singly, "payment");
        bytes memory apart = abi.encode(ledger.cashOf(ann), ledger.cashOf(bob), ledger.cashOf(cat), ledger.sumsOf(MAIN));
        assertEq(keccak256(together), keccak256(apart), "the same cash and sums");
    }

    /// @dev One call books many payments at once, to the unit as one call each: whatever the account gets and owes, with profit half matured, an older step that nobody
    /// has seen, any of its instruments in any order, chains left and come back to.
    function testFuzz_TearUp_manyAtOnceAsOneByOne(uint256 seed) public {
        ledger.pay(dan, ann, seed % (900 * USD));
        ledger.payToFund(ann, (seed >> 8) % (1_000 * USD));
        InstrumentId[] memory held = new InstrumentId[](7);
        (held[0], held[1], held[2], held[3]) = (call, _leg(0, false), _leg(2, true), _future());
        for (uint32 i = 4; i < 7; ++i) {
            held[i] = instrumentOf(ChainId.wrap(i - 2), uint8(i - 4));
        }
        for (uint256 i = 0; i < held.length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            int256 side = seed & 1 == 0 ? int256(1) : -1;
            ledger.transferPositions(ann, bob, _one(held[i], side * int256(1 + (seed >> 8) % 90_000)));
            ledger.transferPositions(ann, cat, _one(held[i], side * int256(1 + (seed >> 64) % 90_000)));
        }
        ledger.transferPositions(dan, bob, _one(call, ledger.positionOf(ann, call) < 0 ? int256(777) : -777));
        _tearUp(dan, call, (seed >> 128) % 120e18);
        vm.warp(START + (seed >> 200) % 3_600);

        uint256 many = 2 + seed % 6;
        InstrumentId[] memory instruments = new InstrumentId[](many);
        uint256[] memory marks = new uint256[](many);
        for (uint256 i = 0; i < many; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 pick = i + seed % (held.length - i);
            (instruments[i], held[pick]) = (held[pick], held[i]);
            marks[i] = InstrumentId.unwrap(instruments[i]) == InstrumentId.unwrap(_future())
                ? 1_900e18 + (seed >> 64) % 200e18
                : (seed >> 64) % 120e18;
        }
        uint256 state = vm.snapshotState();
        int256 payment = ledger.tearUp(ann, instruments, marks);
        _requireIdentity();
        uint256 open;
        for (uint256 i = 0; i < held.length; ++i) {
            open += ledger.openInterestOf(i < many ? instruments[i] : held[i]);
        }
        assertEq(ledger.marketOpenInterestOf(1), open, "the market's is the sum of its instruments'");
        bytes32 together = _stateAfter();
        vm.revertToState(state);
        int256 singly;
        for (uint256 i = 0; i < many; ++i) {
            singly += _tearUp(ann, instruments[i], marks[i]);
        }
        assertTrue(payment == singly, "payment");
        assertEq(together, _stateAfter(), "the same cash, sums, positions");
    }

    /// @dev All that the four have once everybody has synchronised, but for how often chains were counted.
    function _stateAfter() private returns (bytes32 state) {
        state = keccak256(abi.encode(ledger.sumsOf(MAIN), ledger.borrowedOf(MAIN), ledger.marketOpenInterestOf(1)));
        AccountId[4] memory all = [ann, bob, cat, dan];
        for (uint256 i = 0; i < 4; ++i) {
            ledger.touch(all[i]);
            Holdings memory h = ledger.holdingsOf(all[i]);
            state = keccak256(abi.encode(state, h.cash, h.futuresCost, h.chains.length, h.pages, ledger.cashOf(all[i]), ledger.tornAt(all[i])));
            assertEq(ledger.positionCountOf(all[i]), _countIn(h), "as many as the chains say");
        }
        state = keccak256(abi.encode(state, ledger.sumsOf(MAIN)));
    }

    function _countIn(Holdings memory h) private pure returns (uint256 count) {
        for (uint256 i = 0; i < 4 * h.chains.length; ++i) {
            count += uint8(h.chains[i / 4] >> (64 * (i % 4) + 56));
        }
    }

    /// @dev One cent of value over many lots, and lots of one over many accounts: nothing is lost or made.
    function testFuzz_TearUp_conservesLotsAndCash(uint256 a, uint256 b, uint256 c, uint256 mark, bool long) public {
        int256 side = long ? int256(1) : -1;
        (a, b, c) = (bound(a, 1, 1e8), bound(b, 1, 1e8), bound(c, 1, 1e8));
        mark = bound(mark, 0, 3e18) * (mark % 3);
        ledger.transferPositions(ann, bob, _one(call, side * int256(a)));
        ledger.transferPositions(ann, cat, _one(call, side * int256(b)));
        ledger.transferPositions(dan, cat, _one(call, side * int256(c)));
        _tearUp(ann, call, mark);
        _requireIdentity();
        ledger.touch(cat);
        _requireIdentity();
        ledger.touch(bob);
        assertTrue(ledger.positionOf(bob, call) + ledger.positionOf(cat, call) == side * int256(c), "lots");
        GroupSums memory s = ledger.sumsOf(MAIN);
        assertEq(_sum(ann) + _sum(bob) + _sum(cat) + _sum(dan) + s.fund, 4_000 * USD + s.debt, "cash");
        assertLe(s.fund, 3, "dust");
        _requireIdentity();
    }

    // ------------------------------------------------------------------ write-offs

    function test_WriteOff_fundThenProfitThenPrincipal() public {
        ledger.pay(ann, bob, 3_000 * USD);
        ledger.pay(cat, dan, 600 * USD);
        ledger.payToFund(dan, 100 * USD);
        // ann owes 2,000; fund 100; profit 3,000 and 500.
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_EarlierLayerLeft.selector, MAIN, 1));
        ledger.writeOff(ann, 100 * USD - 1, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_PrincipalIsCovered.selector, MAIN, 1, 3_500 * USD));
        ledger.writeOff(ann, 100 * USD, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_FundTooSmall.selector, MAIN, 100 * USD + 1, 100 * USD));
        ledger.writeOff(ann, 100 * USD + 1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_MoreThanDebt.selector, ann, 2_000 * USD + 1, 2_000 * USD));
        ledger.writeOff(ann, 100 * USD, 1_900 * USD + 1, 0);
        ledger.writeOff(ann, 100 * USD, 1_750 * USD, 0);
        _requireCash(ann, 0, 0, 150 * USD);
        _requireCash(bob, 1_000 * USD, 1_500 * USD, 0);
        _requireCash(dan, 1_000 * USD, 250 * USD, 0);
        _requireIdentity();
        assertTrue(!ledger.sumsOf(MAIN).halted, "not halted");
    }

    /// @dev The worst there can be: everything that was gained is owed and lost. What is left is just the principal, and tokens for all of it.
    function test_WriteOff_principalIsCoveredWhateverIsLost() public {
        ledger.pay(ann, bob, 4_000 * USD);
        ledger.payToFund(bob, 2_900 * USD);
        vm.warp(START + 100_000);
        ledger.touch(bob);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_MoreThanDebt.selector, ann, 3_000 * USD + 1, 3_000 * USD));
        ledger.writeOff(ann, 2_900 * USD, 100 * USD, 1);
        ledger.writeOff(ann, 2_900 * USD, 100 * USD, 0);
        GroupSums memory s = ledger.sumsOf(MAIN);
        assertEq(s.tokens, s.principal + s.profit + s.fund, "nothing is owed");
        assertLe(s.principal, s.tokens, "principal is there");
        _requireCash(bob, 1_000 * USD, 1_000 * USD, 0);
        ledger.pay(ann, bob, 5 * USD);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_PrincipalIsCovered.selector, MAIN, 1, 1_005 * USD));
        ledger.writeOff(ann, 0, 0, 1);
    }

    function test_WriteOff_allProfitThereIs_andAfterIt() public {
        ledger.pay(ann, bob, 1_000 * USD);
        vm.warp(START + 3_600);
        ledger.touch(bob);
        ledger.pay(ann, bob, 400 * USD);
        ledger.pay(ann, cat, 100 * USD);
        ledger.writeOff(ann, 0, 500 * USD, 0);
        assertEq(ledger.sumsOf(MAIN).profit, 0, "all of it");
        _requireCash(bob, 2_000 * USD, 0, 0);
        ledger.pay(dan, bob, 7 * USD);
        _requireCash(bob, 2_000 * USD, 7 * USD, 0);
        _requireCash(cat, 1_000 * USD, 0, 0);
        // Shares of what was lost mature to nothing, and slow no later receipt down.
        vm.warp(START + 1 days);
        ledger.touch(cat);
        _requireCash(cat, 1_000 * USD, 0, 0);
        ledger.pay(dan, cat, 60 * USD);
        vm.warp(START + 1 days + 3_600);
        ledger.touch(cat);
        _requireCash(cat, 1_060 * USD, 0, 0);
        _requireIdentity();
    }

    function test_WriteOff_netsTheAccountsOwnProfitFirst() public {
        ledger.pay(ann, bob, 1_500 * USD);
        ledger.pay(cat, ann, 200 * USD);
        _requireCash(ann, 0, 200 * USD, 500 * USD);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_MoreThanDebt.selector, ann, 300 * USD + 1, 300 * USD));
        ledger.writeOff(ann, 0, 300 * USD + 1, 0);
        ledger.writeOff(ann, 0, 300 * USD, 0);
        _requireCash(ann, 0, 0, 0);
        _requireCash(bob, 1_000 * USD, 1_200 * USD, 0);
        _requireIdentity();
    }

    /// @dev Losses of everything, and of nearly everything again and again: shares are cut back, old ones are worth nothing, the sums stay exact.
    function test_WriteOff_profitManyTimesOver() public {
        for (uint256 i = 0; i < 12; ++i) {
            ledger.pay(ann, bob, 1_000_000 * USD);
            ledger.pay(ann, cat, 3);
            uint256 profit = ledger.sumsOf(MAIN).profit;
            uint256 fund = ledger.sumsOf(MAIN).fund;
            uint256 left = i % 4 == 3 ? 0 : 2 + i;
            if (fund + profit - left > ledger.cashOf(ann).debt) left = fund + profit - ledger.cashOf(ann).debt;
            ledger.writeOff(ann, fund, profit - left, 0);
            GroupSums memory s = ledger.sumsOf(MAIN);
            assertEq(s.profit + s.fund, left, "what is left, and dust");
            assertLe(ledger.cashOf(bob).profit + ledger.cashOf(cat).profit, s.profit, "readings");
            _requireIdentity();
        }
    }

    // ------------------------------------------------------------------ Collaterals

    function test_Collaterals_whatMayBeListed() public {
        TestToken fine = new TestToken(18, Vice.NONE);
        TestToken many = new TestToken(19, Vice.NONE);
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_NotGovernance.selector, address(this)));
        collaterals.openGroup(MAIN, address(fine));
        vm.startPrank(DAO);
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_NotAGroup.selector, MARKET));
        collaterals.openGroup(MARKET, address(fine));
        // A first byte that names no kind at all.
        ScopeId unknown = ScopeId.wrap(bytes32(bytes2(0x0533)));
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_NotAGroup.selector, unknown));
        collaterals.openGroup(unknown, address(fine));
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_AlreadyOpen.selector, MAIN));
        collaterals.openGroup(MAIN, address(fine));
        ScopeId third = ScopeId.wrap(bytes32(bytes2(0x0433)));
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_Decimals.selector, address(many), 19, 18));
        collaterals.openGroup(third, address(many));
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_UnknownGroup.selector, third));
        collaterals.admitMarket(third, 3);
        vm.expectRevert(ICollaterals.Collaterals_NoMarket.selector);
        collaterals.admitMarket(MAIN, 0);
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_MarketAdmitted.selector, 1, MAIN));
        collaterals.admitMarket(OTHER, 1);
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_NotAnAsset.selector, MARKET));
        collaterals.list(MAIN, address(fine), 0, MARKET, MARKET);
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_NotAMarket.selector, ASSET));
        collaterals.list(MAIN, address(fine), 0, ASSET, ASSET);
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_TokenListed.selector, MAIN, address(cash)));
        collaterals.list(MAIN, address(cash), 0, ASSET, MARKET);
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_TokenListed.selector, MAIN, address(ether_)));
        collaterals.list(MAIN, address(ether_), 0, ASSET, MARKET);
        for (uint256 i = 1; i < 8; ++i) {
            collaterals.list(MAIN, address(new TestToken(6, Vice.NONE)), 0, ASSET, MARKET);
        }
        vm.expectRevert(abi.encodeWithSelector(ICollaterals.Collaterals_TooMany.selector, MAIN, 8));
        collaterals.list(MAIN, address(fine), 0, ASSET, MARKET);
        vm.stopPrank();
        assertEq(collaterals.countOf(MAIN), 8, "count");
        Collateral memory first = collaterals.collateralAt(MAIN, 0);
        assertEq(first.token, address(ether_), "place");
        assertEq(collaterals.MAX_COLLATERALS(), 8, "limit");
    }
}
