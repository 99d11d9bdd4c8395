// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, InstrumentId} from "../../../contracts/interfaces/ClearingTypes.sol";
import {LadderStatus} from "../../../contracts/interfaces/IChains.sol";
import {GroupSums} from "../../../contracts/interfaces/ILedger.sol";
import {Auction, BidOrder, ILiquidation, LiquidationTerms, Quote, Sale} from "../../../contracts/interfaces/ILiquidation.sol";
import {Assessment, Footing, Pass} from "../../../contracts/interfaces/IMargin.sol";
import {LiquidationFixture} from "../support/LiquidationFixture.sol";

/// Liquidation
/// ├── flag
/// │   ├── given equity at maintenance → it reverts with both numbers
/// │   ├── given no footing, a sequencer not ready, an auction under way, a keeper of the same owner or another group → it reverts
/// │   ├── given an account that lost a hedge to a tear-up → it waits an hour, unless equity is below half of maintenance
/// │   └── else → it keeps the terms: of all markets held the largest fee, cap, share, buffer, reward, the shortest durations
/// ├── declareBankrupt: a flagged account with equity below zero, once
/// ├── bid
/// │   ├── given a wrong order, bidder or state → it reverts with the numbers
/// │   ├── given a solvent account → the slice changes hands at mark, the charge follows the curve, bidder, keeper and fund get their parts
/// │   ├── given a price that the median has not followed → the slice is worth what it was worth in the whole
/// │   ├── given restored → the auction ends
/// │   ├── given a bankrupt account → the fund rewards within its limit, the debt stays
/// │   └── given a bidder who would fall short → it reverts
/// ├── release: at maintenance and buffer, never below; a backstop account when it holds nothing
/// ├── offerBackstop: a module, for its own account
/// └── liquidatedNotional: by market, only rises
contract LiquidationTest is LiquidationFixture {
    // ------------------------------------------------------------------ flag

    function test_Flag_HealthyAccount() public {
        _openBook(100);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_Healthy.selector, victim, int256(20_000e18), 20_000e18));
        liquidation.flag(victim, NOBODY);
        margin.setMark(InstrumentId.unwrap(CALL), 100e18 + 1);
        liquidation.flag(victim, NOBODY);
        assertTrue(liquidation.isFlagged(victim), "a wei below");
    }

    function test_Flag_keepsTermsAndStamp() public {
        _openBook(110);
        uint32 stamp = store.links();
        liquidation.flag(victim, keeper);
        Auction memory auction = liquidation.auctionOf(victim);
        assertEq(auction.flaggedAt, START, "flaggedAt");
        assertEq(auction.bankruptAt, 0, "solvent");
        assertEq(auction.stamp, stamp, "stamp");
        assertEq(auction.rewardLeft, 500, "cents");
        assertEq(AccountId.unwrap(auction.keeper), AccountId.unwrap(keeper), "keeper");
        _assertTerms(auction.terms, LiquidationTerms(300, 4_000, 7_000, 2_000, 900, 3_600));
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_AlreadyFlagged.selector, victim, uint40(START)));
        liquidation.flag(victim, NOBODY);
    }

    function test_Flag_takesTheStrongestTermsOfAllMarkets() public {
        _openBook(110);
        _give(victim, maker, OTHER_MARKET, 1);
        _give(victim, maker, LATER, 1);
        store.setIn(BTC, "liquidation.fee", 500);
        store.setIn(BTC, "liquidation.feeCap", 3_000);
        store.setIn(BTC, "liquidation.liquidatorShare", 8_000);
        store.setIn(BTC, "liquidation.buffer", 1_000);
        store.setIn(BTC, "liquidation.duration", 300);
        store.setIn(BTC, "liquidation.bankruptDuration", 7_200);
        store.setIn(BTC, "liquidation.keeperReward", 9);
        liquidation.flag(victim, keeper);
        Auction memory auction = liquidation.auctionOf(victim);
        _assertTerms(auction.terms, LiquidationTerms(500, 4_000, 8_000, 2_000, 300, 3_600));
        assertEq(auction.rewardLeft, 900, "cents");
    }

    function test_Flag_needsAPriceAndTheSequencer() public {
        _openBook(110);
        index.setReady(false);
        vm.expectRevert(ILiquidation.Liquidation_SequencerNotReady.selector);
        liquidation.flag(victim, NOBODY);
        index.setReady(true);
        margin.setFooting(Footing.NONE);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_Footing.selector, victim, Footing.NONE, Footing.STALE));
        liquidation.flag(victim, NOBODY);
        margin.setFooting(Footing.STALE);
        liquidation.flag(victim, NOBODY);
    }

    function test_Flag_refusesAKeeperOfTheSameOwnerOrAnotherGroup() public {
        _openBook(110);
        AccountId own = AccountId.wrap(AccountId.unwrap(victim) + 1);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_SameOwner.selector, victim, own));
        liquidation.flag(victim, own);
        AccountId stranger = _account(0xb0);
        ledger.creditCash(stranger, OTHER, USD);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_OtherGroup.selector, stranger, OTHER, MAIN));
        liquidation.flag(victim, stranger);
    }

    function test_Flag_ofCollateralAndDebtAlone() public {
        _deposit(victim, 100);
        _deposit(maker, 100);
        _deposit(bidder, 100_000);
        _depositCollateral(victim, 10e18);
        margin.setCollateral(100e18);
        ledger.pay(victim, maker, 1_000 * USD);
        margin.setCollateral(80e18);
        liquidation.flag(victim, NOBODY);
        _assertTerms(liquidation.auctionOf(victim).terms, LiquidationTerms(0, 0, 0, 0, 3_600, 3_600));
        assertEq(liquidation.endOf(victim), START + 3_600, "bankrupt at once");
        Sale memory sale = _bid(WAD);
        assertEqInt(sale.value, 800e18, "at its value in margin");
        assertEq(ledger.collateralOf(bidder, 0), 10e18, "collateral");
        assertEqInt(_net(victim), -int256(100 * USD), "the deficit stays");
    }

    // ------------------------------------------------------------------ bankruptcy

    function test_DeclareBankrupt_onceAndOnlyBelowZero() public {
        _openBook(110);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_NotFlagged.selector, victim));
        liquidation.declareBankrupt(victim);
        liquidation.flag(victim, NOBODY);
        assertEq(liquidation.endOf(victim), 0, "solvent");
        margin.setMark(InstrumentId.unwrap(CALL), 300e18);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_NotBankrupt.selector, victim, int256(0)));
        liquidation.declareBankrupt(victim);
        margin.setMark(InstrumentId.unwrap(CALL), 301e18);
        _wait(10);
        index.setReady(false);
        vm.expectRevert(ILiquidation.Liquidation_SequencerNotReady.selector);
        liquidation.declareBankrupt(victim);
        index.setReady(true);
        liquidation.declareBankrupt(victim);
        assertEq(liquidation.endOf(victim), START + 10 + 3_600, "end");
        _wait(10);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_NotBankrupt.selector, victim, -int256(100e18)));
        liquidation.declareBankrupt(victim);
    }

    // ------------------------------------------------------------------ orders

    function test_Bid_refusesWrongOrders() public {
        _openBook(110);
        BidOrder memory order = _order(WAD);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_NotFlagged.selector, victim));
        liquidation.flag(victim, NOBODY);

        order.deadline = uint40(_now() - 1);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_Expired.selector, order.deadline, _now()));
        order = _order(WAD + 1);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_Fraction.selector, WAD + 1, 1));
        order = _order(0);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_Fraction.selector, 0, 1));
        order = _order(WAD);
        order.minFraction = 0;
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_Fraction.selector, WAD, 0));
        order = _order(WAD);
        order.minFraction = WAD;
        uint256 cap = liquidation.quoteOf(victim).maxFraction;
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_LessThanAsked.selector, cap, WAD));
        order = _order(1);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_EmptySlice.selector, 1));
        order = _order(WAD);
        vm.prank(address(0xbad));
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_NotOwner.selector, bidder, address(0xbad)));
        liquidation.bid(order);
        index.setReady(false);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_SequencerNotReady.selector));
        index.setReady(true);
        margin.setFooting(Footing.NONE);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_Footing.selector, victim, Footing.NONE, Footing.STALE));
    }

    function test_Bid_LiquidatorIsTheAccount() public {
        _openBook(110);
        liquidation.flag(victim, NOBODY);
        BidOrder memory order = _order(WAD);
        order.bidder = AccountId.wrap(AccountId.unwrap(victim) + 1);
        ledger.creditCash(order.bidder, MAIN, 1e12);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_SameOwner.selector, victim, order.bidder));
        order.bidder = victim;
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_BidderFlagged.selector, victim));
        order.bidder = _account(0xb0);
        ledger.creditCash(order.bidder, OTHER, 1e12);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_OtherGroup.selector, order.bidder, OTHER, MAIN));
    }

    function test_Bid_refusesAFlaggedBidder() public {
        _openBook(110);
        AccountId other = _account(0xa5);
        _deposit(other, 30_000);
        _give(other, maker, CALL, 100 * CONTRACT);
        liquidation.flag(victim, NOBODY);
        liquidation.flag(other, NOBODY);
        BidOrder memory order = _order(WAD);
        order.bidder = other;
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_BidderFlagged.selector, other));
    }

    // ------------------------------------------------------------------ solvent

    /// @dev Equity 19,000, maintenance 20,000, target 24,000; half way up the curve the whole costs half of 3 % of 100,000.
    function test_Bid_restoresToTheTargetAndSplitsTheCharge() public {
        _openBook(110);
        liquidation.flag(victim, keeper);
        _wait(450);
        Quote memory quote = liquidation.quoteOf(victim);
        assertEqInt(quote.equity, 19_000e18, "equity");
        assertEq(quote.maintenance, 20_000e18, "maintenance");
        assertEq(quote.target, 24_000e18, "target");
        assertEq(quote.charge, 1_500e18, "charge");
        assertEq(quote.bidderCharge, 1_050e18, "bidder's part");
        assertEqInt(quote.price, -11_000e18, "price of the whole");
        // (24,000 - 19,000) / (24,000 - 1,500)
        assertLe(quote.maxFraction, 222_222_222_222_222_223, "cap");
        assertLe(222_222_222_222_222_222, quote.maxFraction, "cap");

        Sale memory sale = _bid(WAD);
        assertTrue(!sale.ended, "a lot short of the target: lots are taken toward zero");
        assertEqInt(ledger.positionOf(bidder, CALL), -222_222, "lots");
        assertEqInt(ledger.positionOf(victim, CALL), -777_778, "rest");
        assertEqInt(sale.value, -2_444.442e18, "at mark");
        assertEq(sale.charge, 333_333_000_000_000_000_000, "released maintenance, notional and share: the least");
        assertEq(sale.bidderPart, 233_333_100_000_000_000_000, "seven tenths");
        assertEq(ledger.sumsOf(MAIN).fund, 333_333_000 - 233_333_100 - 5 * USD, "fund, keeper off");
        assertEqInt(_net(keeper), int256(6 * USD), "keeper: its dollar and five");
        assertEqInt(_net(bidder), int256(1_000_000 * USD + 2_444_442_000 + 233_333_100), "bidder");
        assertEqInt(_equity(victim), 19_000e18 - 333.333e18, "equity");
        assertEq(liquidation.auctionOf(victim).rewardLeft, 0, "reward paid");
        assertEq(liquidation.liquidatedNotional(ETH), 44_444.4e18, "meter");
        _assertConserved(2_030_001 * USD);
    }

    function test_Bid_endsTheAuctionWhenRestored() public {
        _openBook(110);
        liquidation.flag(victim, NOBODY);
        _wait(450);
        // Another lot of margin makes the difference.
        _bid(WAD);
        assertTrue(liquidation.isFlagged(victim), "a lot short");
        ledger.creditCash(victim, MAIN, USD);
        BidOrder memory order = _order(WAD);
        Quote memory quote = liquidation.quoteOf(victim);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_Restored.selector, victim, quote.equity, quote.target));
        liquidation.release(victim);
        assertTrue(!liquidation.isFlagged(victim), "ended");
    }

    /// @dev In the first second there is no charge: a bundle of update, flag and bid earns nothing.
    function test_Bid_BundleOfUpdateFlagAndBidEarnsNothing() public {
        _openBook(110);
        int256 before = _equity(bidder);
        liquidation.flag(victim, keeper);
        Sale memory sale = _bid(WAD);
        assertEq(sale.charge, 0, "charge");
        assertEqInt(_equity(bidder), before, "bidder's equity");
        assertEqInt(_net(keeper), int256(USD), "keeper");
    }

    function test_Bid_priceGuard() public {
        _openBook(110);
        liquidation.flag(victim, NOBODY);
        _wait(450);
        Quote memory quote = liquidation.quoteOf(victim);
        BidOrder memory order = _order(WAD / 10);
        order.maxPrice = quote.price - int256(quote.bidderCharge) - 1e18;
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_Price.selector, -int256(1_205e18), -int256(1_205.1e18)));
        order.maxPrice = quote.price - int256(quote.bidderCharge);
        _send(order);
    }

    function test_Bid_whole_whenDustWouldBeLeft() public {
        _deposit(victim, 30);
        _deposit(maker, 100);
        _deposit(bidder, 1_000);
        _give(victim, maker, CALL, 1_000);
        margin.setMark(InstrumentId.unwrap(CALL), 110e18);
        liquidation.flag(victim, NOBODY);
        assertEq(liquidation.quoteOf(victim).maxFraction, WAD, "maintenance of 20 USD");
        Sale memory sale = _bid(WAD);
        assertTrue(sale.ended, "ended");
        assertEqInt(ledger.positionOf(victim, CALL), 0, "nothing left");
    }

    function test_Bid_takesTheSameShareOfEveryLegAndOfCollateral() public {
        _openBook(100);
        _depositCollateral(victim, 3e18 + 1);
        margin.setCollateral(100e18);
        _give(maker, victim, PUT, 7);
        _give(victim, maker, LATER, 40 * CONTRACT);
        liquidation.flag(victim, NOBODY);
        Sale memory sale = _bid(WAD / 3);
        assertEq(sale.fraction, WAD / 3, "fraction");
        assertEqInt(ledger.positionOf(bidder, CALL), -333_333, "a third");
        assertEqInt(ledger.positionOf(bidder, PUT), 2, "a third, toward zero");
        assertEqInt(ledger.positionOf(bidder, LATER), -133_333, "a third");
        assertEq(ledger.collateralOf(bidder, 0), 999_999_999_999_999_999, "a third, toward zero");
        assertEqInt(sale.value, -333_333 * 0.01e18 + 2 * 0.005e18 - 133_333 * 0.02e18 + 99.9999999999999999e18, "at mark");
    }

    // ------------------------------------------------------------------ charge

    /// @dev Contract-rules A14: much notional and almost no margin. 3 % of two million is thirty times what the box holds.
    function test_Bid_FeeAgainstHedgedBooks() public {
        margin.set(InstrumentId.unwrap(CALL), 100e18, 1e18, 200e18, 1_000e18, 2_000e18);
        margin.set(InstrumentId.unwrap(LATER), 100e18, 1e18, 200e18, 1_000e18, 2_000e18);
        _deposit(victim, 2_000);
        _deposit(maker, 10_000_000);
        _deposit(bidder, 1_000_000);
        _give(victim, maker, CALL, 1_000 * CONTRACT);
        _give(maker, victim, LATER, 1_000 * CONTRACT);
        margin.setMark(InstrumentId.unwrap(CALL), 100.1e18);
        liquidation.flag(victim, NOBODY);
        _wait(900);
        Quote memory quote = liquidation.quoteOf(victim);
        assertEqInt(quote.equity, 1_900e18, "equity");
        assertEq(quote.maintenance, 2_000e18, "maintenance");
        assertEq(quote.charge, 800e18, "40 % of maintenance, not 3 % of two million");
        Sale memory sale = _bid(WAD);
        assertLe(sale.charge, 800e18 * sale.fraction / WAD, "charge");
        Assessment memory rest = _assess(victim, Pass.MAINTENANCE);
        assertTrue(rest.equity * 2_000e18 >= 1_900e18 * int256(rest.requirement), "not worse");
    }

    /// @dev With equity below the fee cap the charge is the equity of the slice: what remains keeps its ratio to the wei.
    function test_Bid_chargeNeverPassesTheEquityOfTheSlice() public {
        _openBook(299);
        liquidation.flag(victim, NOBODY);
        _wait(900);
        assertEq(liquidation.quoteOf(victim).charge, 100e18, "equity");
        _bid(WAD / 4);
        assertEqInt(_equity(victim), 75e18, "three quarters");
        _bid(WAD);
        assertEqInt(_equity(victim), 0, "nothing, and no deficit");
        assertEq(ledger.cashOf(victim).debt, 0, "no debt");
    }

    function test_Bid_OverLiquidation() public {
        _openBook(110);
        liquidation.flag(victim, NOBODY);
        _wait(900);
        // Above a notional of 150,000 each further USD needs 20 % more: half of the book releases far more than half of the margin.
        margin.setAddOn(150_000e18, 2_000);
        Quote memory quote = liquidation.quoteOf(victim);
        assertEq(quote.maintenance, 30_000e18, "with the add-on");
        BidOrder memory order = _order(quote.maxFraction);
        vm.prank(_owner(bidder));
        (bool done, bytes memory answer) = address(liquidation).call(abi.encodeCall(ILiquidation.bid, (order)));
        assertTrue(!done, "the closed form over-sizes");
        assertEq(bytes32(bytes4(answer)), bytes32(ILiquidation.Liquidation_Excessive.selector), "excessive");
        _bid(quote.maxFraction * 6 / 10);
    }

    function test_Bid_refusesASliceThatLeavesMoreMargin() public {
        _openBook(110);
        liquidation.flag(victim, NOBODY);
        margin.setPerverse();
        uint256 before = 1e30 - 20_000e18;
        BidOrder memory order = _order(WAD / 10);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_Worse.selector, before + 2_000e18, before));
    }

    /// @dev Ten thousand bids of one lot each would get no more out of the account than one bid for all of them.
    function test_Bid_DustSlices() public {
        _openBook(110);
        _give(maker, victim, PUT, 3);
        liquidation.flag(victim, NOBODY);
        _wait(900);
        Assessment memory last = _assess(victim, Pass.MAINTENANCE);
        int256 first = last.equity;
        int256 lots = 0;
        for (uint256 i = 0; i < 20; ++i) {
            Sale memory sale = _bid(2e12);
            Assessment memory rest = _assess(victim, Pass.MAINTENANCE);
            assertTrue(rest.equity * int256(last.requirement) >= last.equity * int256(rest.requirement), "not worse");
            assertLe(sale.charge, 0.006e18, "3 % of the notional of two lots");
            last = rest;
            lots += 1;
        }
        assertTrue(first - last.equity <= lots * 0.006e18, "sum");
        assertEqInt(ledger.positionOf(bidder, PUT), 0, "a third lot of the hedge stays whole");
    }

    /// @dev Legs that offset each other: a slice that takes a lot of the smaller side alone leaves more delta than there was. It took none of it, so it costs nothing,
    /// and it is no slice that nobody can take.
    function test_Bid_SliceThatLeavesMoreDelta() public {
        margin.setNetDelta();
        _deposit(victim, 35);
        _deposit(maker, 1_000);
        _deposit(bidder, 1_000);
        _give(victim, maker, CALL, 1_000);
        _give(maker, victim, PUT, 1_990);
        liquidation.flag(victim, NOBODY);
        _wait(900);
        assertEq(_assess(victim, Pass.MAINTENANCE).deltaNotional, 0.5e18, "short 100, long 99.5");
        Sale memory sale = _bid(0.000_55e18);
        assertEqInt(ledger.positionOf(victim, PUT), 1_989, "a lot");
        assertEq(_assess(victim, Pass.MAINTENANCE).deltaNotional, 0.55e18, "short 100, long 99.45");
        assertEq(sale.charge, 0, "charge");
        assertEqInt(sale.value, 0.005e18, "at mark");
    }

    /// @dev A slice that is worth nothing and costs nothing moves no cash.
    function test_Bid_atAPriceOfNothing() public {
        _deposit(victim, 15_000);
        _deposit(bidder, 1_000_000);
        _give(victim, maker, CALL, 100 * CONTRACT);
        margin.setMark(InstrumentId.unwrap(CALL), 0);
        liquidation.flag(victim, NOBODY);
        Sale memory sale = _bid(WAD / 10);
        assertEqInt(sale.value, 0, "value");
        assertEqInt(ledger.positionOf(bidder, CALL), -10 * CONTRACT, "lots");
        assertEqInt(_net(victim), int256(15_000 * USD), "as before");
        assertEqInt(_net(bidder), int256(1_000_000 * USD), "as before");
    }

    // ------------------------------------------------------------------ MONEY values, outages, clocks

    function test_Bid_ParameterChangeBetweenFlagAndSale() public {
        _openBook(110);
        liquidation.flag(victim, NOBODY);
        _wait(450);
        Quote memory before = liquidation.quoteOf(victim);
        store.set("liquidation.fee", 2_000);
        store.set("liquidation.feeCap", 5_000);
        store.set("liquidation.liquidatorShare", 10_000);
        store.set("liquidation.buffer", 9_000);
        store.set("liquidation.duration", 60);
        Quote memory quote = liquidation.quoteOf(victim);
        assertEq(quote.charge, before.charge, "charge");
        assertEq(quote.bidderCharge, before.bidderCharge, "share");
        assertEq(quote.target, before.target, "target");
        assertEq(quote.maxFraction, before.maxFraction, "cap");
    }

    /// @dev Contract-rules A13: who knows the true price in an outage finds no new account to flag, and a curve a quarter as steep.
    function test_Bid_OutageAsAWeapon() public {
        _openBook(110);
        liquidation.flag(victim, NOBODY);
        _wait(900);
        assertEq(liquidation.quoteOf(victim).charge, 3_000e18, "at the cap");
        margin.setFooting(Footing.STALE);
        assertEq(liquidation.quoteOf(victim).charge, 750e18, "a quarter");
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidation.Liquidation_Healthy.selector, maker, int256(1_011_000e18), 20_000e18)
        );
        liquidation.flag(maker, NOBODY);
        Sale memory sale = _bid(WAD / 10);
        assertEq(sale.charge, 75e18, "sold on, on proved ladders");
        chains.setStatus(LadderStatus.POSTED);
        BidOrder memory order = _order(WAD / 10);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_Footing.selector, bidder, Footing.STALE, Footing.PROVED));
        margin.setFooting(Footing.POSTED);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_Footing.selector, bidder, Footing.POSTED, Footing.PROVED));
    }

    /// @dev Deposits that reach maintenance and no more do not reset the clock.
    function test_Release_TogglingDeposits() public {
        _openBook(110);
        liquidation.flag(victim, NOBODY);
        _wait(450);
        _deposit(victim, 1_500);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_NotRestored.selector, victim, int256(20_500e18), 24_000e18));
        liquidation.release(victim);
        assertEq(liquidation.quoteOf(victim).charge, 1_500e18, "the curve runs on");
        _deposit(victim, 3_500);
        margin.setFooting(Footing.STALE);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_Footing.selector, victim, Footing.STALE, Footing.POSTED));
        liquidation.release(victim);
        margin.setFooting(Footing.POSTED);
        liquidation.release(victim);
        assertTrue(!liquidation.isFlagged(victim), "at the target");
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_NotFlagged.selector, victim));
        liquidation.release(victim);
    }

    /// @dev A cent that lifts a bankrupt account to zero does not start the bankrupt clock again.
    function test_Bid_TogglingBankruptcy() public {
        ledger.creditFund(MAIN, 1_000_000 * USD);
        _openBook(301);
        liquidation.flag(victim, NOBODY);
        _wait(1_800);
        assertEq(liquidation.quoteOf(victim).reward, 10_000e18, "half of maintenance");
        _deposit(victim, 100);
        assertTrue(!liquidation.quoteOf(victim).bankrupt, "solvent for now");
        margin.setMark(InstrumentId.unwrap(CALL), 302e18);
        assertEq(liquidation.quoteOf(victim).reward, 10_000e18, "as far as before");
    }

    // ------------------------------------------------------------------ bankrupt

    /// @dev A jump that the median has not followed: the account is judged by the median, and the bidder buys at the median, also when the rest, before it is paid
    /// for, is above maintenance and no median would be asked.
    function test_Bid_MedianOfTheWholeIsTheMedianOfTheSlice() public {
        _openBook(118);
        margin.setMedian(InstrumentId.unwrap(CALL), 110e18);
        liquidation.flag(victim, NOBODY);
        Quote memory quote = liquidation.quoteOf(victim);
        assertEqInt(quote.equity, 19_000e18, "at the median");
        Sale memory sale = _bid(WAD / 4);
        uint256 lots = uint256(-ledger.positionOf(bidder, CALL));
        assertEqInt(sale.value, -int256(lots * 110e18 / 10_000), "the slice at the median");
    }

    /// @dev The other way: the whole is above maintenance, so its price counts; the rest of a long book is below until it is paid for.
    function test_Bid_PriceOfTheWholeIsThePriceOfTheSlice() public {
        _openBook(100);
        // Long 30 puts at 500 for 11,800 of debt: equity 3,200, maintenance 3,000, target 3,600.
        AccountId long = _account(0xb1);
        _deposit(long, 1);
        _give(maker, long, PUT, 30 * CONTRACT);
        ledger.pay(long, maker, 11_801 * USD);
        margin.setMark(InstrumentId.unwrap(PUT), 490e18);
        liquidation.flag(long, NOBODY);
        margin.setMark(InstrumentId.unwrap(PUT), 500e18);
        margin.setMedian(InstrumentId.unwrap(PUT), 520e18);
        BidOrder memory order = _order(WAD);
        order.account = long;
        Sale memory sale = _send(order);
        assertTrue(sale.fraction < WAD, "a slice");
        uint256 lots = uint256(ledger.positionOf(bidder, PUT));
        assertEqInt(sale.value, int256(lots * 500e18 / 10_000), "the slice at the price");
    }

    function test_Bid_bankrupt_theFundRewardsAndTheDebtStays() public {
        ledger.creditFund(MAIN, 1_000_000 * USD);
        _openBook(301);
        liquidation.flag(victim, NOBODY);
        _wait(1_800);
        Sale memory sale = _bid(WAD / 2);
        assertEqInt(sale.value, -15_050e18, "half at mark");
        assertEq(sale.charge, 0, "nothing from the account");
        assertEq(sale.bidderPart, 5_000e18, "half of the reward");
        assertEq(ledger.sumsOf(MAIN).fund, 995_000 * USD, "fund");
        assertEqInt(_equity(victim), -100e18, "equity unchanged");
        assertEq(ledger.cashOf(bidder).profit, (15_050 + 5_000) * USD, "unmatured profit of the bidder");
        _bid(WAD);
        assertEq(ledger.cashOf(victim).debt, 100 * USD, "the deficit is cash now");
        assertTrue(liquidation.isFlagged(victim), "until deleveraging or its owner pays");
        _assertConserved(3_030_001 * USD);
    }

    function test_Bid_bankrupt_declaresItself() public {
        _openBook(110);
        liquidation.flag(victim, NOBODY);
        margin.setMark(InstrumentId.unwrap(CALL), 301e18);
        _wait(5);
        _bid(WAD / 2);
        assertEq(liquidation.endOf(victim), START + 5 + 3_600, "declared by the bid");
    }

    /// @dev JELLY, March 2025: bankrupt on purpose, the slices go to a friend. The fund pays at most its limit, and not in cash that can leave.
    function test_Bid_OwnLiquidatorHarvestsTheFund() public {
        ledger.creditFund(MAIN, 50_000 * USD);
        _openBook(301);
        liquidation.flag(victim, NOBODY);
        _wait(3_600);
        assertEq(liquidation.quoteOf(victim).reward, 5_000e18, "a tenth of the fund, not 20,000");
        _bid(WAD / 2);
        assertEq(fund.payoutAllowance(MAIN), 2_500 * USD, "what is left of the limit");
        Sale memory sale = _bid(WAD);
        assertEq(sale.bidderPart, 2_500e18, "and no more");
        assertEq(ledger.sumsOf(MAIN).fund, 45_000 * USD, "nine tenths stand");
        assertEq(ledger.cashOf(bidder).principal, 1_000_000 * USD, "nothing of it is principal");
    }

    function test_Bid_bankrupt_withAnEmptyFund() public {
        _openBook(301);
        liquidation.flag(victim, NOBODY);
        _wait(3_600);
        Sale memory sale = _bid(WAD);
        assertEq(sale.bidderPart, 0, "no reward");
        assertEqInt(_equity(bidder), 1_000_000e18, "the bidder is whole");
    }

    // ------------------------------------------------------------------ the bidder

    function test_Bid_BidderMustHoldInitialMargin() public {
        _openBook(110);
        liquidation.flag(victim, NOBODY);
        BidOrder memory order = _order(WAD / 10);
        order.bidder = _account(0xa6);
        _deposit(order.bidder, 2_599);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_BidderMargin.selector, order.bidder, -int256(1e18)));
        _deposit(order.bidder, 1);
        _send(order);
    }

    function test_Bid_BidderMustKeepItsDebtCap() public {
        _openBook(110);
        _give(maker, victim, LATER, 60 * CONTRACT);
        margin.set(InstrumentId.unwrap(CALL), 230e18, 200e18, 0, 1_000e18, 2_000e18);
        liquidation.flag(victim, NOBODY);
        BidOrder memory order = _order(WAD / 10);
        order.bidder = _account(0xa6);
        // Ten short calls of 230 for six long ones of 200: it receives 1,100.
        _deposit(order.bidder, 1);
        _depositCollateral(order.bidder, 1_000e18);
        margin.setCollateral(100e18);
        ledger.pay(order.bidder, maker, 2_102 * USD);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_BidderDebt.selector, order.bidder, 1_001 * USD, 1_000 * USD));
        ledger.creditCash(order.bidder, MAIN, USD);
        // Within its own, but not within what all may owe.
        uint256 borrowed = ledger.borrowedOf(MAIN);
        assertEq(borrowed, 2_100 * USD, "the bidder's, before its receipts mature");
        store.set("cash.poolDebtCap", 2_099);
        _refuse(order, abi.encodeWithSelector(ILiquidation.Liquidation_PoolDebt.selector, MAIN, 2_100 * USD, 2_099 * USD));
        store.set("cash.poolDebtCap", 2_100);
        _send(order);
    }

    // ------------------------------------------------------------------ grace, backstop, meter

    /// @dev Contract-rules A17: a tear-up took its hedge; it may hedge again before it can be sold.
    function test_Flag_graceAfterATearUp() public {
        AccountId bankrupt = _account(0xa7);
        _openBook(100);
        _deposit(bankrupt, 1_000);
        _give(bankrupt, victim, LATER, 10 * CONTRACT);
        // The victim's long in LATER goes for cash.
        margin.set(InstrumentId.unwrap(LATER), 400e18, 0, 0, 1_200e18, 2_000e18);
        _runOut(bankrupt);
        deleveraging.resolve(bankrupt);
        uint256 torn = ledger.tornAt(victim);
        assertEq(torn, _now(), "torn");
        margin.setMark(InstrumentId.unwrap(CALL), 150e18);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_Grace.selector, victim, torn + 3_600));
        liquidation.flag(victim, NOBODY);
        uint256 snapshot = vm.snapshotState();
        _wait(3_600);
        liquidation.flag(victim, NOBODY);
        vm.revertToState(snapshot);
        margin.setMark(InstrumentId.unwrap(CALL), 280e18);
        liquidation.flag(victim, NOBODY);
        assertTrue(liquidation.isFlagged(victim), "below half of maintenance");
    }

    function test_OfferBackstop_aModuleForItsOwnAccount() public {
        _openBook(110);
        vm.prank(address(0xbad));
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_NotModule.selector, address(0xbad)));
        liquidation.offerBackstop(maker, victim);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_NotOwner.selector, maker, address(this)));
        liquidation.offerBackstop(maker, victim);
        AccountId own = AccountId.wrap(uint256(uint160(address(this))) << 96);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_NotFlagged.selector, victim));
        liquidation.offerBackstop(own, victim);
    }

    function test_Meter_byMarketAndOnlyUp() public {
        _openBook(100);
        _give(victim, maker, OTHER_MARKET, CONTRACT / 2);
        _give(victim, maker, LATER, CONTRACT);
        liquidation.flag(victim, NOBODY);
        _bid(WAD / 10);
        assertEq(liquidation.liquidatedNotional(ETH), 20_200e18, "ten calls and a tenth of a later one");
        assertEq(liquidation.liquidatedNotional(BTC), 3_000e18, "a twentieth");
        _bid(WAD / 10);
        assertEq(liquidation.liquidatedNotional(ETH), 20_200e18 + 18_180e18, "more");
    }

    function _assertTerms(LiquidationTerms memory got, LiquidationTerms memory expected) private pure {
        assertEq(got.feeBps, expected.feeBps, "fee");
        assertEq(got.feeCapBps, expected.feeCapBps, "feeCap");
        assertEq(got.liquidatorShareBps, expected.liquidatorShareBps, "share");
        assertEq(got.bufferBps, expected.bufferBps, "buffer");
        assertEq(got.duration, expected.duration, "duration");
        assertEq(got.bankruptDuration, expected.bankruptDuration, "bankruptDuration");
    }
}
