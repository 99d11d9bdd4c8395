// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, InstrumentId} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IDeleveraging, LossLayer} from "../../../contracts/interfaces/IDeleveraging.sol";
import {GroupSums, ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {BidOrder, ILiquidation, Sale} from "../../../contracts/interfaces/ILiquidation.sol";
import {Assessment, Footing, Pass} from "../../../contracts/interfaces/IMargin.sol";
import {LiquidationFixture} from "../support/LiquidationFixture.sol";
import {Vm} from "../support/Vm.sol";

/// Deleveraging
/// ├── announce, resolve
/// │   ├── given a sequencer not ready, values not proved, equity at or above zero, no bankruptcy declared, an auction running → they revert
/// │   └── given no announcement, or too early or too late after it → resolve reverts, unless nothing is left to sell
/// ├── given a fund that holds initial margin beside the deficit → its backstop account takes the book, on sale whole; sweep brings the cash back
/// │   └── book, collateral alone, one asset of two, a worthless book, less than a unit lacking, a price worse than the median
/// ├── given a smaller fund → every position is torn up at mark, each mark proved; then the fund pays, then profit, to the unit
/// ├── given a halted group → flags, sales and deleveraging go on, the DAO resumes
/// └── given two bankrupt accounts → either order leaves the same sums
contract DeleveragingTest is LiquidationFixture {
    AccountId private second = _account(0xa8);

    // ------------------------------------------------------------------ conditions

    function test_Announce_refusesWhatIsNotOver() public {
        _openBook(250);
        _refuseBoth(abi.encodeWithSelector(IDeleveraging.Deleveraging_NotBankrupt.selector, victim, int256(5_000e18)));
        margin.setMark(InstrumentId.unwrap(CALL), 301e18);
        // Bankrupt, but nobody has flagged it.
        _refuseBoth(abi.encodeWithSelector(IDeleveraging.Deleveraging_NotBankrupt.selector, victim, -int256(100e18)));
        liquidation.flag(victim, NOBODY);
        uint256 end = _now() + 3_600;
        _wait(3_599);
        _refuseBoth(abi.encodeWithSelector(IDeleveraging.Deleveraging_AuctionRunning.selector, victim, end));
        _wait(1);
        index.setReady(false);
        _refuseBoth(abi.encodeWithSelector(IDeleveraging.Deleveraging_SequencerNotReady.selector));
        index.setReady(true);
        margin.setFooting(Footing.POSTED);
        _refuseBoth(abi.encodeWithSelector(IDeleveraging.Deleveraging_Footing.selector, victim, Footing.POSTED));
        margin.setFooting(Footing.PROVED);
        deleveraging.announce(victim);
        assertEq(deleveraging.announcedAt(victim), end, "announced");
    }

    function test_Resolve_waitsForTheNotice() public {
        _openBook(301);
        liquidation.flag(victim, NOBODY);
        _wait(3_600);
        _refuseResolve(abi.encodeWithSelector(IDeleveraging.Deleveraging_Notice.selector, victim, 0, 0));
        deleveraging.announce(victim);
        bytes memory reason = abi.encodeWithSelector(IDeleveraging.Deleveraging_Notice.selector, victim, _now() + 900, _now() + 3_600);
        _wait(899);
        _refuseResolve(reason);
        _wait(3_600 - 899 + 1);
        _refuseResolve(reason);
        deleveraging.announce(victim);
        _wait(900);
        deleveraging.resolve(victim);
        assertEq(deleveraging.announcedAt(victim), 0, "used");
    }

    /// @dev An outage from the bankruptcy to the end of its auction: the first thing possible after it is a bid at the full reward, not a tear-up.
    function test_Resolve_OutageThroughTheAuction() public {
        ledger.creditFund(MAIN, 1_000_000 * USD);
        _openBook(301);
        liquidation.flag(victim, NOBODY);
        index.setReady(false);
        _wait(3_600);
        index.setReady(true);
        deleveraging.announce(victim);
        _refuseResolve(abi.encodeWithSelector(IDeleveraging.Deleveraging_Notice.selector, victim, _now() + 900, _now() + 3_600));
        Sale memory sale = _bid(WAD);
        assertEq(sale.bidderPart, 20_000e18, "full reward");
    }

    // ------------------------------------------------------------------ backstop

    function test_Resolve_theBackstopTakesTheBook() public {
        // Deficit 100; initial margin 26,000.
        ledger.creditFund(MAIN, 26_100 * USD);
        _openBook(301);
        _runOut(victim);
        uint256 deficit = deleveraging.resolve(victim);
        assertEq(deficit, 100 * USD, "deficit");
        AccountId backstop = _backstop();
        assertEqInt(ledger.positionOf(backstop, CALL), -100 * CONTRACT, "book");
        assertEqInt(_equity(backstop), 26_000e18, "at its initial margin");
        assertEq(ledger.sumsOf(MAIN).fund, 0, "to the unit");
        assertEqInt(_net(victim), 0, "the account owes nothing");
        assertTrue(!liquidation.isFlagged(victim), "released");
        assertEqInt(ledger.positionOf(maker, CALL), 100 * CONTRACT, "nobody was torn up");
        _assertConserved(2_030_001 * USD + 26_100 * USD);

        // On sale whole, with the bankrupt's terms; not released while it holds the book.
        int256 equity = _equity(backstop);
        vm.expectRevert(abi.encodeWithSelector(ILiquidation.Liquidation_NotRestored.selector, backstop, equity, 24_000e18));
        liquidation.release(backstop);
        vm.expectRevert(abi.encodeWithSelector(IDeleveraging.Deleveraging_BackstopOpen.selector, backstop));
        deleveraging.sweep(backstop);
        vm.expectRevert(abi.encodeWithSelector(IDeleveraging.Deleveraging_NotBackstop.selector, victim));
        deleveraging.sweep(victim);
        _wait(900);
        BidOrder memory order = _order(WAD);
        order.account = backstop;
        Sale memory sale = _send(order);
        assertTrue(sale.ended, "sold whole");
        assertEq(sale.charge, 3_000e18, "the fee");
        uint256 back = deleveraging.sweep(backstop);
        assertEq(back, 23_000 * USD, "margin less the fee");
        assertEq(ledger.sumsOf(MAIN).fund, 23_900 * USD, "and the fund's part of the fee");
        _assertConserved(2_030_001 * USD + 26_100 * USD);
    }

    function test_Resolve_aBackstopIsNotTakenOverAgain() public {
        ledger.creditFund(MAIN, 26_100 * USD);
        _openBook(301);
        _runOut(victim);
        deleveraging.resolve(victim);
        AccountId backstop = _backstop();
        ledger.creditFund(MAIN, 1_000_000 * USD);
        margin.setMark(InstrumentId.unwrap(CALL), 600e18);
        liquidation.declareBankrupt(backstop);
        _wait(3_600);
        deleveraging.announce(backstop);
        _wait(900);
        uint256 deficit = deleveraging.resolve(backstop);
        assertEq(deficit, 3_900 * USD, "60,000 less 56,100");
        assertEqInt(ledger.positionOf(backstop, CALL), 0, "torn up");
        assertEqInt(ledger.positionOf(maker, CALL), 0, "torn up");
        assertEqInt(_net(maker), int256(1_060_000 * USD), "at mark");
        _assertConserved(2_030_001 * USD + 1_026_100 * USD);
    }

    /// @dev A jump that the median has not followed: the bankruptcy is judged by the milder mark, what the fund must hold by the worse one.
    function test_Resolve_theBackstopHoldsTheWorseMarksLossToo() public {
        // Deficit at the median 100; initial margin 26,000, and 1,900 that the book lost more by the price.
        ledger.creditFund(MAIN, 28_000 * USD - 1);
        _openBook(320);
        margin.setMedian(InstrumentId.unwrap(CALL), 301e18);
        _runOut(victim);
        uint256 state = vm.snapshotState();
        deleveraging.resolve(victim);
        assertEq(ledger.openInterestOf(CALL), 0, "a unit less: torn up");
        vm.revertToState(state);
        ledger.creditFund(MAIN, 1);
        assertEq(deleveraging.resolve(victim), 100 * USD, "deficit");
        assertEqInt(ledger.positionOf(_backstop(), CALL), -100 * CONTRACT, "book");
        Assessment memory held = _assess(_backstop(), Pass.INITIAL);
        assertEqInt(held.equity, 26_000e18, "at its initial margin by the worse mark");
        assertEqInt(held.free, 0, "to the wei");
        assertEq(ledger.sumsOf(MAIN).fund, 0, "to the unit");
        _assertConserved(2_030_001 * USD + 28_000 * USD);
    }

    /// @dev Less than a unit is lacking: the rounding of what the account pays for its book already covers it, and no layer is asked.
    function test_Resolve_lessThanAUnitLacking() public {
        ledger.creditFund(MAIN, 26_000 * USD + 1);
        _openBook(300);
        margin.setMark(InstrumentId.unwrap(CALL), 300e18 + 1e9);
        _runOut(victim);
        assertEqInt(_equity(victim), -1e11, "a tenth of a unit");
        vm.recordLogs();
        assertEq(deleveraging.resolve(victim), 0, "no deficit");
        assertEq(_count(vm.getRecordedLogs(), IDeleveraging.LossPaid.selector), 0, "nobody pays");
        assertEqInt(_net(victim), 0, "all that it had");
        assertEqInt(_equity(_backstop()), 26_000e18 - 1e11, "the fund's account bears the rounding");
        assertEq(ledger.sumsOf(MAIN).fund, 1, "the unit stays");
        assertTrue(!liquidation.isFlagged(victim), "released");
        _assertConserved(2_030_001 * USD + 26_000 * USD + 1);
    }

    /// @dev A book that is worth nothing changes hands for nothing: the debt is the deficit.
    function test_Resolve_theBackstopTakesAWorthlessBook() public {
        ledger.creditFund(MAIN, 100_000 * USD);
        _openBook(0);
        ledger.pay(victim, maker, 30_100 * USD);
        _runOut(victim);
        assertEq(deleveraging.resolve(victim), 100 * USD, "deficit");
        assertEqInt(ledger.positionOf(_backstop(), CALL), -100 * CONTRACT, "book");
        assertEqInt(_net(_backstop()), int256(26_000 * USD), "initial margin and no more");
        assertEqInt(_net(victim), 0, "nothing owed");
        assertEq(ledger.sumsOf(MAIN).fund, 73_900 * USD, "margin and deficit");
    }

    /// @dev Collateral and debt alone: no position moves, the account gets what its collateral counts for, and the fund's account owes that against it.
    function test_Resolve_theBackstopTakesCollateralAlone() public {
        _openCollateralAndDebt();
        ledger.creditFund(MAIN, 100 * USD);
        _runOut(victim);
        assertEq(deleveraging.resolve(victim), 100 * USD, "900 less 800");
        AccountId backstop = _backstop();
        assertEq(ledger.collateralOf(backstop, 0), 10e18, "collateral");
        assertEq(ledger.cashOf(backstop).debt, 800 * USD, "paid for on credit, as no margin is asked for");
        assertEqInt(_equity(backstop), 0, "nothing beyond it");
        assertEqInt(_net(victim), 0, "nothing owed");
        assertTrue(!liquidation.isFlagged(victim), "released");
        assertEq(ledger.sumsOf(MAIN).fund, 0, "to the unit");
        _assertConserved(100_200 * USD + 100 * USD);

        // Without a requirement there is nothing to charge for.
        BidOrder memory order = _order(WAD);
        order.account = backstop;
        Sale memory sale = _send(order);
        assertEq(sale.charge, 0, "charge");
        assertEqInt(sale.value, 800e18, "at its value in margin");
        assertTrue(sale.ended, "sold whole");
    }

    /// @dev A place whose asset the account does not hold is left alone.
    function test_Resolve_theBackstopTakesOnlyWhatIsHeld() public {
        ledger.creditFund(MAIN, 100_000 * USD);
        _openBook(301);
        ledger.creditCollateral(victim, MAIN, 1, 5, 0);
        _runOut(victim);
        vm.recordLogs();
        deleveraging.resolve(victim);
        assertEq(_count(vm.getRecordedLogs(), ILedger.CollateralChanged.selector), 2, "out of one account, into the other");
        assertEq(ledger.collateralOf(_backstop(), 1), 5, "second asset");
    }

    function test_Resolve_theBackstopTakesCollateralToo() public {
        ledger.creditFund(MAIN, 100_000 * USD);
        _openBook(301);
        _depositCollateral(victim, 1e18);
        margin.setCollateral(50e18);
        _runOut(victim);
        deleveraging.resolve(victim);
        AccountId backstop = _backstop();
        assertEq(ledger.collateralOf(backstop, 0), 1e18, "collateral");
        assertEqInt(_equity(backstop), 26_000e18, "paid for at its value in margin");
        assertEq(ledger.sumsOf(MAIN).fund, (100_000 - 26_000 - 50) * USD, "deficit of 50");
    }

    // ------------------------------------------------------------------ tear-up and waterfall

    function test_Resolve_tornUpAndPaidByTheFund() public {
        // A unit short of margin beside the deficit.
        ledger.creditFund(MAIN, 26_100 * USD - 1);
        _openBook(301);
        _runOut(victim);
        deleveraging.resolve(victim);
        assertEqInt(ledger.positionOf(maker, CALL), 0, "closed");
        assertEq(ledger.openInterestOf(CALL), 0, "both sides");
        assertEqInt(_net(maker), int256(1_030_100 * USD), "at mark, whole");
        assertEq(ledger.sumsOf(MAIN).fund, 26_000 * USD - 1, "fund");
        assertTrue(!ledger.sumsOf(MAIN).halted, "not halted");
        _assertConserved(2_030_001 * USD + 26_100 * USD - 1);
    }

    /// @dev Fund drained to the last unit, then exactly one unit of profit.
    function test_Resolve_FundDrainedToTheWei() public {
        ledger.creditFund(MAIN, 100 * USD - 1);
        _openBook(301);
        _runOut(victim);
        vm.recordLogs();
        deleveraging.resolve(victim);
        _assertLosses(vm.getRecordedLogs(), [100 * USD - 1, 30_100 * USD], [100 * USD - 1, uint256(1)]);
        GroupSums memory sums = ledger.sumsOf(MAIN);
        assertEq(sums.principal, 2_000_001 * USD, "principal untouched");
        assertEq(sums.profit + sums.fund, 30_100 * USD - 1, "a unit of profit; dust of roundings is the fund's");
        assertTrue(!sums.halted, "not halted");
        _assertConserved(2_030_001 * USD + 100 * USD - 1);
    }

    /// @dev A profit matures only as far as no debt stands against it, so profit and fund together always hold what is owed, and principal what tokens there are:
    /// even a deficit of all profit leaves principal alone.
    function test_Resolve_principalIsNeverNeeded() public {
        _openBook(301);
        AccountId gone = _account(0xa9);
        _deposit(gone, 10);
        ledger.pay(victim, gone, 30_000 * USD);
        _wait(7_200);
        ledger.touch(gone);
        assertEq(ledger.cashOf(gone).principal, 30_010 * USD, "matured");
        margin.setMark(InstrumentId.unwrap(CALL), 400e18);
        _runOut(victim);
        vm.recordLogs();
        uint256 deficit = deleveraging.resolve(victim);
        assertEq(deficit, 40_000 * USD, "all that the calls were worth");
        _assertLosses(vm.getRecordedLogs(), [uint256(0), 40_000 * USD], [uint256(0), 40_000 * USD]);
        assertEq(ledger.sumsOf(MAIN).profit, 0, "to the last unit");
        assertTrue(ledger.sumsOf(MAIN).halted, "halted");
        assertEqInt(_net(maker), int256(1_000_000 * USD), "the gain is gone, the principal stands");
        _assertConserved(2_030_011 * USD);
    }

    /// @dev What goes on while a group is halted: deposits, flags, sales, deleveraging. The DAO alone resumes.
    function test_Resolve_whileHalted() public {
        _openBook(110);
        vm.prank(address(deleveraging));
        ledger.halt(MAIN);
        liquidation.flag(victim, NOBODY);
        _wait(450);
        _bid(WAD / 10);
        margin.setMark(InstrumentId.unwrap(CALL), 400e18);
        liquidation.declareBankrupt(victim);
        _wait(3_600);
        deleveraging.announce(victim);
        _wait(900);
        deleveraging.resolve(victim);
        assertEqInt(_net(victim), 0, "resolved");
        _deposit(victim, 1);
        assertTrue(ledger.sumsOf(MAIN).halted, "still halted");
        ledger.resume(MAIN);
        assertTrue(!ledger.sumsOf(MAIN).halted, "resumed");
    }

    /// @dev Collateral that nobody bought keeps the debt it covers; others pay only what it does not.
    function test_Resolve_collateralCoversBeforeOthersPay() public {
        _openBook(400);
        _depositCollateral(victim, 1e18);
        margin.setCollateral(4_000e18);
        _runOut(victim);
        uint256 deficit = deleveraging.resolve(victim);
        assertEq(deficit, 6_000 * USD, "40,000 less 30,000 less 4,000");
        assertEqInt(_net(victim), -int256(4_000 * USD), "the debt that it covers");
        assertEq(ledger.collateralOf(victim, 0), 1e18, "still there");
        assertTrue(liquidation.isFlagged(victim), "still on sale");
    }

    /// @dev A fund too small to take collateral and debt over: nothing is torn up, so nobody has anything to book, and the collateral stays on sale.
    function test_Resolve_nothingToTearUp() public {
        _openCollateralAndDebt();
        ledger.creditFund(MAIN, 100 * USD - 1);
        _runOut(victim);
        vm.recordLogs();
        assertEq(deleveraging.resolve(victim), 100 * USD, "900 less 800");
        _assertLosses(vm.getRecordedLogs(), [100 * USD - 1, 1_000 * USD], [100 * USD - 1, uint256(1)]);
        vm.recordLogs();
        ledger.touch(keeper);
        assertEq(vm.getRecordedLogs().length, 0, "nothing to book");
        assertEq(ledger.collateralOf(victim, 0), 10e18, "still there");
        assertEqInt(_net(victim), -int256(800 * USD), "the debt that it covers");
        assertTrue(liquidation.isFlagged(victim), "still on sale");
        _assertConserved(100_200 * USD + 100 * USD - 1);
    }

    /// @dev Nothing is torn up at a mark that nobody vouches for, also where the margin rule calls the book as a whole proved.
    function test_Resolve_FalseLadderBehindAMark() public {
        _openBook(301);
        _runOut(victim);
        margin.setMarkFooting(Footing.POSTED);
        _refuseResolve(abi.encodeWithSelector(IDeleveraging.Deleveraging_Footing.selector, victim, Footing.POSTED));
        margin.setMarkFooting(Footing.PROVED);
        deleveraging.resolve(victim);
        assertEq(ledger.openInterestOf(CALL), 0, "torn up");
    }

    /// @dev Hyperliquid, 10 October 2025: profits were cut by tens of millions more than was lacking. Here by the deficit, in proportion, and no hedge is broken
    /// beyond what the bankrupt held.
    function test_Resolve_AutoDeleveragingOvershoot() public {
        _openBook(100);
        AccountId winner = _account(0xac);
        _deposit(winner, 500_000);
        _give(maker, winner, CALL, 75 * CONTRACT);
        // An account that no bankrupt faces.
        _give(keeper, winner, PUT, 10 * CONTRACT);
        margin.setMark(InstrumentId.unwrap(CALL), 320e18);
        _runOut(victim);
        int256 together = _equity(maker) + _equity(winner);
        deleveraging.resolve(victim);
        int256 lost = together - _equity(maker) - _equity(winner);
        assertTrue(lost >= 2_000e18 && lost <= 2_000e18 + 2e12, "the deficit, and a unit an account");
        assertEqInt(_net(maker), int256(1_000_000 * USD + 8_000 * USD - 500 * USD), "a quarter");
        assertEqInt(_net(winner), int256(500_000 * USD + 24_000 * USD - 1_500 * USD), "three quarters");
        assertEqInt(ledger.positionOf(winner, PUT), 10 * CONTRACT, "other legs stay");
    }

    /// @dev OKEx, August 2018: a position larger than the fund. The loss is shared at once and is known; nothing waits for an injection.
    function test_Resolve_PositionLargerThanTheFund() public {
        ledger.creditFund(MAIN, 10 * USD);
        _openBook(380);
        _runOut(victim);
        deleveraging.resolve(victim);
        assertLe(ledger.sumsOf(MAIN).fund, 1, "fund first; the dust of a rounding is its own");
        assertEqInt(_net(maker), int256(1_038_000 * USD - 7_990 * USD) - int256(ledger.sumsOf(MAIN).fund), "then profit, by the rest");
        _assertConserved(2_030_001 * USD + 10 * USD);
    }

    // ------------------------------------------------------------------ two at once

    function test_Resolve_TwoDeficitsAtOnce() public {
        ledger.creditFund(MAIN, 1_500 * USD);
        _openBook(100);
        _deposit(second, 30_000);
        _give(second, maker, OTHER_MARKET, 3 * CONTRACT);
        // Each also faces the other.
        _give(victim, second, LATER, CONTRACT);
        margin.setMark(InstrumentId.unwrap(CALL), 310e18);
        margin.setMark(InstrumentId.unwrap(OTHER_MARKET), 11_000e18);
        liquidation.flag(victim, NOBODY);
        liquidation.flag(second, NOBODY);
        _wait(3_600);
        deleveraging.announce(victim);
        deleveraging.announce(second);
        _wait(900);
        uint256 snapshot = vm.snapshotState();
        deleveraging.resolve(victim);
        deleveraging.resolve(second);
        int256[4] memory first = _outcome();
        vm.revertToState(snapshot);
        deleveraging.resolve(second);
        deleveraging.resolve(victim);
        int256[4] memory other = _outcome();
        for (uint256 i = 0; i < 4; ++i) {
            assertTrue(first[i] - other[i] <= 3 && other[i] - first[i] <= 3, "either order, to roundings of single units");
        }
        _assertConserved(2_061_501 * USD);
    }

    function _outcome() private returns (int256[4] memory out) {
        ledger.touch(maker);
        ledger.touch(victim);
        ledger.touch(second);
        GroupSums memory sums = ledger.sumsOf(MAIN);
        out = [int256(sums.profit + sums.fund), int256(sums.principal), _net(maker), _net(victim) + _net(second)];
        assertEq(sums.debt, 0, "no debt left");
    }

    // ------------------------------------------------------------------ conservation

    /// @dev Opyn, August 2020, exercised a position twice. Whatever is torn up, in whatever order, positions and cash add up.
    function testFuzz_Resolve_ConservesValue(uint256 mark, uint256 fundUsd, uint256 sold, uint256 collateral) public {
        mark = bound(mark, 301e18, 2_000e18);
        fundUsd = bound(fundUsd, 0, 250_000);
        sold = bound(sold, 1, WAD);
        collateral = bound(collateral, 0, 3e18);
        _openBook(100);
        AccountId winner = _account(0xac);
        _deposit(winner, 1);
        _give(maker, winner, CALL, 333_333);
        _give(maker, victim, PUT, 77);
        if (fundUsd != 0) ledger.creditFund(MAIN, fundUsd * USD + 1);
        if (collateral != 0) _depositCollateral(victim, collateral);
        margin.setCollateral(7e18);
        margin.setMark(InstrumentId.unwrap(CALL), mark);
        uint256 tokens = ledger.sumsOf(MAIN).tokens;
        liquidation.flag(victim, NOBODY);
        _wait(1_000);
        _deposit(bidder, 10_000_000);
        tokens += 10_000_000 * USD;
        if (sold >= 1e13) _bid(sold);
        _wait(2_600);
        if (_equity(victim) >= 0 || sold == WAD) return;
        deleveraging.announce(victim);
        _wait(900);
        uint256 principal = ledger.cashOf(winner).principal;
        deleveraging.resolve(victim);
        _assertConserved(tokens);
        assertEq(ledger.cashOf(winner).principal, principal, "principal is not touched");
        AccountId backstop = _backstop();
        ledger.touch(maker);
        ledger.touch(winner);
        _assertConserved(tokens);
        _assertFlat(CALL, winner, backstop);
        _assertFlat(PUT, winner, backstop);
    }

    function _assertFlat(InstrumentId instrument, AccountId winner, AccountId backstop) private view {
        int256 sum = ledger.positionOf(maker, instrument) + ledger.positionOf(winner, instrument) + ledger.positionOf(victim, instrument);
        assertEqInt(sum + ledger.positionOf(bidder, instrument) + ledger.positionOf(backstop, instrument), 0, "positions");
    }

    // ------------------------------------------------------------------ helpers

    /// @dev 10 of the asset, worth 80 each, against 900 of debt.
    function _openCollateralAndDebt() private {
        _deposit(victim, 100);
        _deposit(maker, 100);
        _deposit(bidder, 99_999);
        _deposit(keeper, 1);
        _depositCollateral(victim, 10e18);
        ledger.pay(victim, maker, 1_000 * USD);
        margin.setCollateral(80e18);
    }

    /// @dev The first account of the fund.
    function _backstop() private view returns (AccountId) {
        return AccountId.wrap(uint256(uint160(address(deleveraging))) << 96 | 1);
    }

    function _count(Vm.Log[] memory logs, bytes32 topic) private pure returns (uint256 count) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) ++count;
        }
    }

    function _refuseResolve(bytes memory reason) private {
        vm.expectRevert(reason);
        deleveraging.resolve(victim);
    }

    function _refuseBoth(bytes memory reason) private {
        vm.expectRevert(reason);
        deleveraging.announce(victim);
        _refuseResolve(reason);
    }

    /// @dev The two {LossPaid} events, layer by layer, with what was there and what it paid.
    function _assertLosses(Vm.Log[] memory logs, uint256[2] memory before, uint256[2] memory paid) private pure {
        uint256 layer = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != IDeleveraging.LossPaid.selector) continue;
            (uint256 had, uint256 gave, uint256 left) = abi.decode(logs[i].data, (uint256, uint256, uint256));
            assertEq(uint256(logs[i].topics[3]), uint256(LossLayer(layer)), "layer");
            assertEq(had, before[layer], "before");
            assertEq(gave, paid[layer], "paid");
            assertEq(left, had - gave, "afterwards");
            ++layer;
        }
        assertEq(layer, 2, "two layers");
    }
}
