// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, InstrumentId} from "../../../contracts/interfaces/ClearingTypes.sol";
import {Cash, GroupSums, ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Footing, Pass} from "../../../contracts/interfaces/IMargin.sol";
import {ITrading, Order} from "../../../contracts/interfaces/ITrading.sol";
import {CollateralOrder, IVault, SaleOffer} from "../../../contracts/interfaces/IVault.sol";
import {ClearingFixture, TestToken, Vice} from "./ClearingFixture.sol";

/// Debts against other collateral (contract-rules B11)
/// ├── interest: by rate and time, a unit ahead, the same however often it is charged; read before it is booked; to the fund
/// ├── limits
/// │   ├── trades borrow beyond neither the account's nor the pool's
/// │   └── above the pool's each account's limit is its part
/// ├── callDebt: above the limit alone, once in a day; not while flagged, nor without the sequencer
/// ├── buyCollateral
/// │   ├── from the mark down to the haircut in an hour; as much as brings the debt to nine tenths
/// │   ├── what is paid repays the debt, and nothing else of anybody changes
/// │   └── without a call, a fresh price, an outflow that is free, enough of it, or above the price, below the amount or after the time of the order → it reverts
/// ├── endCall: within the limit
/// └── Attacks: by name
contract DebtSaleTest is ClearingFixture {
    uint256 private constant ANN_KEY = 0xa11;
    uint256 private constant BOB_KEY = 0xb0b;
    address private constant BUYER = address(0xb1);
    address private annOwner = vm.addr(ANN_KEY);
    address private bobOwner = vm.addr(BOB_KEY);
    AccountId private ann = _account(annOwner, 0);
    AccountId private bob = _account(bobOwner, 0);
    AccountId private cat = _account(address(0xca7), 0);
    InstrumentId private call = _leg(1, true);
    uint256 private _nonces = 1;

    /// @dev ann has ten ether at 2,000 and no cash, bob 100,000 of cash.
    function setUp() public {
        _deploy(address(this));
        world.set("collateral.cap", 10_000);
        world.set("collateral.haircut", 2_000);
        world.setMargin(0, Footing.PROVED);
        _deposit(bob, 100_000 * USD);
        _ether(ann, 10e18);
        cash.mint(BUYER, 1_000_000 * USD);
    }

    function _ether(AccountId id, uint256 amount) private {
        address owner = address(uint160(AccountId.unwrap(id) >> 96));
        ether_.mint(owner, amount);
        vm.prank(owner);
        vault.deposit(id, MAIN, address(ether_), amount);
    }

    /// @dev `id` owes `usd` to bob.
    function _borrow(AccountId id, uint256 usd) private {
        ledger.pay(id, bob, usd * USD);
    }

    function _called(uint256 usd) private {
        _borrow(ann, usd);
        vault.callDebt(ann);
    }

    /// @dev Of ann's ether, at any price.
    function _want(uint256 amount) private view returns (CollateralOrder memory) {
        return CollateralOrder(ann, address(ether_), amount, 0, type(uint256).max, BUYER, type(uint40).max);
    }

    function _buy(uint256 amount) private returns (uint256 sold, uint256 paid) {
        vm.prank(BUYER);
        return vault.buyCollateral(_want(amount));
    }

    function _refuse(uint256 amount, bytes memory reason) private {
        _refuse(_want(amount), reason);
    }

    function _refuse(CollateralOrder memory order, bytes memory reason) private {
        vm.prank(BUYER);
        vm.expectRevert(reason);
        vault.buyCollateral(order);
    }

    function _equity(AccountId id) private view returns (int256) {
        return world.assess(ledger.holdingsOf(id), Pass.MAINTENANCE).equity;
    }

    function _order(AccountId id, int256 lots, uint256 price) private returns (Order memory) {
        return Order(id, call, lots, price, 1_000, _nonces++, uint40(START + 40 days));
    }

    function _sign(uint256 key, Order memory order) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, trading.digestOf(order));
        return abi.encodePacked(r, s, v);
    }

    // ------------------------------------------------------------------ interest

    function test_Interest_byRateAndTime_toTheFund() public {
        _borrow(ann, 1_000);
        world.set("cash.debtRate", 1_000);
        vm.warp(START + 36.5 days);
        _requireCash(ann, 0, 0, 1_010 * USD);
        assertEq(ledger.borrowedOf(MAIN), 1_000 * USD, "not booked yet");
        ledger.touch(ann);
        _requireCash(ann, 0, 0, 1_010 * USD);
        assertEq(ledger.sumsOf(MAIN).fund, 10 * USD, "to the fund");
        assertEq(ledger.borrowedOf(MAIN), 1_010 * USD, "booked");
        _requireIdentity();
        vm.warp(START + 73 days);
        _requireCash(ann, 0, 0, 1_020_100_000);
        cash.mint(annOwner, 1_020_100_000);
        vm.prank(annOwner);
        vault.deposit(ann, MAIN, address(cash), 1_020_100_000);
        _requireCash(ann, 0, 0, 0);
        vm.warp(START + 400 days);
        ledger.touch(ann);
        _requireCash(ann, 0, 0, 0);
        assertEq(ledger.borrowedOf(MAIN), 0, "nobody owes");
        _requireIdentity();
    }

    /// @dev A debt that was just made bears nothing for the time before, nor does a time without a rate.
    function test_Interest_beginsWithTheDebtAndTheRate() public {
        vm.warp(START + 300 days);
        _borrow(ann, 1_000);
        _requireCash(ann, 0, 0, 1_000 * USD);
        vm.warp(START + 400 days);
        ledger.touch(ann);
        world.set("cash.debtRate", 1_000);
        _requireCash(ann, 0, 0, 1_000 * USD);
        vm.warp(START + 436.5 days);
        _requireCash(ann, 0, 0, 1_010 * USD);
    }

    /// @dev Two units a year on a debt of a hundred: whoever touches it every hour makes it no dearer by a unit, and the owner no cheaper.
    function test_Attack_TouchingEveryHourMakesNoDebtDearer() public {
        ledger.pay(ann, bob, 100);
        world.set("cash.debtRate", 200);
        for (uint256 i = 1; i <= 24 * 30; ++i) {
            vm.warp(START + i * 1 hours);
            ledger.touch(ann);
        }
        assertEq(ledger.cashOf(ann).debt, 101, "the first unit, ahead");
        vm.warp(START + 180 days);
        ledger.touch(ann);
        assertEq(ledger.cashOf(ann).debt, 101, "still");
        vm.warp(START + 190 days);
        assertEq(ledger.cashOf(ann).debt, 102, "the second");
        _requireIdentity();
    }

    /// @dev The whole of a debt that lasts no day is charged, so that borrowing for an hour and again for an hour is not free.
    function test_Attack_BorrowingByTheHourPaysUpByTheUnit() public {
        world.set("cash.debtRate", 1);
        ledger.pay(ann, bob, 1);
        vm.warp(START + 1);
        assertEq(ledger.cashOf(ann).debt, 2, "a unit at once");
    }

    // ------------------------------------------------------------------ limits

    function test_PoolDebtCap_refusesTradesThatBorrow() public {
        _ether(cat, 10e18);
        world.set("cash.poolDebtCap", 1_000);
        _borrow(cat, 960);
        Order memory maker = _order(bob, -10_000, 50e18);
        Order memory taker = _order(ann, 10_000, 50e18);
        (bytes memory b, bytes memory a) = (_sign(BOB_KEY, maker), _sign(ANN_KEY, taker));
        vm.expectRevert(abi.encodeWithSelector(ITrading.Trading_PoolDebtCap.selector, MAIN, 1_010e18, 1_000e18));
        trading.trade(maker, taker, 10_000, b, a);
        trading.trade(maker, taker, 8_000, b, a);
        _requireCash(ann, 0, 0, 40 * USD);
    }

    function test_Limit_isTheAccountsCap_andAPartWhileThePoolIsAboveIts() public {
        _ether(cat, 10e18);
        _borrow(ann, 900);
        _borrow(cat, 600);
        (uint256 debt, uint256 limit) = vault.debtOf(ann);
        assertEq(debt, 900 * USD, "debt");
        assertEq(limit, 1_000 * USD, "the account's cap");
        world.set("cash.poolDebtCap", 1_000);
        (debt, limit) = vault.debtOf(ann);
        assertEq(limit, 600 * USD, "900 x 1,000 / 1,500");
        (, limit) = vault.debtOf(cat);
        assertEq(limit, 400 * USD, "together the cap");
        ledger.pay(bob, ann, 500 * USD);
        (debt,) = vault.debtOf(ann);
        assertEq(debt, 400 * USD, "less what is to mature");
        (debt, limit) = vault.debtOf(bob);
        assertEq(debt, 0, "no debt");
        assertEq(limit, 1_000 * USD, "no part of nothing");
    }

    // ------------------------------------------------------------------ calls

    function test_Call_refusals() public {
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_NotOpen.selector, cat));
        vault.callDebt(cat);
        _borrow(ann, 1_000);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_DebtWithinLimit.selector, ann, 1_000 * USD, 1_000 * USD));
        vault.callDebt(ann);
        _borrow(ann, 1);
        world.setFlag(ann, true);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_Flagged.selector, ann));
        vault.callDebt(ann);
        world.setFlag(ann, false);
        world.setReady(false);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_SequencerNotReady.selector));
        vault.callDebt(ann);
        world.setReady(true);
        vault.callDebt(ann);
        assertEq(vault.calledAt(ann), START, "called");
        vm.warp(START + 24 hours);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_AlreadyCalled.selector, ann, START + 24 hours));
        vault.callDebt(ann);
        vm.warp(START + 24 hours + 1);
        vault.callDebt(ann);
        assertEq(vault.calledAt(ann), START + 24 hours + 1, "again");
    }

    function test_EndCall_onlyWithinTheLimit() public {
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_NotCalled.selector, ann));
        vault.endCall(ann);
        _called(1_500);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_DebtAboveLimit.selector, ann, 1_500 * USD, 1_000 * USD));
        vault.endCall(ann);
        _deposit(ann, 500 * USD);
        vault.endCall(ann);
        assertEq(vault.calledAt(ann), 0, "over");
    }

    // ------------------------------------------------------------------ sales

    function test_Sale_fromTheMarkToTheHaircut_downToNineTenthsOfTheLimit() public {
        _called(4_500);
        SaleOffer memory offer = vault.offerOf(ann, address(ether_));
        assertEq(offer.price, 2_000e18, "at the mark");
        assertEq(offer.amount, 1.8e18, "3,600 of it");
        vm.warp(START + 30 minutes);
        offer = vault.offerOf(ann, address(ether_));
        assertEq(offer.discountBps, 1_000, "half of the haircut");
        assertEq(offer.amount, 2e18, "more of it");
        world.setMedian(2_200e18);
        assertEq(vault.offerOf(ann, address(ether_)).price, 1_980e18, "the better of price and median");
        world.setMedian(0);
        vm.warp(START + 5 hours);
        assertEq(vault.offerOf(ann, address(ether_)).price, 1_600e18, "the haircut and no more");

        int256 contributed = ledger.holdingsOf(ann).contributed;
        Cash memory bobs = ledger.cashOf(bob);
        int256 equity = _equity(ann);
        (uint256 sold, uint256 paid) = _buy(1e18);
        assertEq(sold, 1e18, "as asked");
        assertEq(paid, 1_600 * USD, "for");
        assertEq(ether_.balanceOf(BUYER), 1e18, "received");
        assertEq(cash.balanceOf(BUYER), 998_400 * USD, "given");
        _requireCash(ann, 0, 0, 2_900 * USD);
        assertTrue(_equity(ann) == equity, "equity as it was, at the haircut");
        assertTrue(ledger.holdingsOf(ann).contributed == contributed, "neither deposit nor withdrawal");
        assertEq(vault.calledAt(ann), START, "goes on");
        (sold, paid) = _buy(type(uint256).max);
        assertEq(sold, 1.25e18, "2,000 more");
        _requireCash(ann, 0, 0, 900 * USD);
        assertEq(vault.calledAt(ann), 0, "ends");
        _requireCash(bob, bobs.principal, bobs.profit, bobs.debt);
        assertEq(ledger.borrowedOf(MAIN), 900 * USD, "owed");
        _requireIdentity();
        assertEq(vault.heldOf(MAIN, address(ether_)), 7.75e18, "ether of the group");
        _refuse(1e18, abi.encodeWithSelector(IVault.Vault_NotCalled.selector, ann));
    }

    function test_Sale_allThatThereIs() public {
        _called(60_000);
        (uint256 sold, uint256 paid) = _buy(100e18);
        assertEq(sold, 10e18, "all");
        assertEq(paid, 20_000 * USD, "at the mark");
        _requireCash(ann, 0, 0, 40_000 * USD);
        _refuse(1, abi.encodeWithSelector(IVault.Vault_NothingGiven.selector));
    }

    function test_Sale_goesOnInAHaltedGroup() public {
        _called(4_500);
        ledger.halt(MAIN);
        _buy(1e18);
        _requireCash(ann, 0, 0, 2_500 * USD);
    }

    function test_Sale_refusals() public {
        // Another day: what came in then may leave besides.
        vm.warp(START + 1 days);
        _refuse(1e18, abi.encodeWithSelector(IVault.Vault_NotCalled.selector, ann));
        _called(4_500);
        CollateralOrder memory order = _want(1);
        order.token = address(cash);
        _refuse(order, abi.encodeWithSelector(IVault.Vault_UnknownToken.selector, MAIN, address(cash)));
        _refuse(0, abi.encodeWithSelector(IVault.Vault_NothingGiven.selector));
        order = _want(1e18);
        order.maxPrice = 2_000e18 - 1;
        _refuse(order, abi.encodeWithSelector(IVault.Vault_Price.selector, 2_000e18, 2_000e18 - 1));
        order.maxPrice = 2_000e18;
        order.deadline = uint40(block.timestamp - 1);
        _refuse(order, abi.encodeWithSelector(IVault.Vault_Expired.selector, block.timestamp - 1, block.timestamp));
        (order.amount, order.minAmount, order.deadline) = (2e18, 1.8e18 + 1, uint40(block.timestamp));
        _refuse(order, abi.encodeWithSelector(IVault.Vault_LessThanAsked.selector, 1.8e18, 1.8e18 + 1));
        _refuse(49e15, abi.encodeWithSelector(IVault.Vault_SaleTooSmall.selector, 98e18, 100e18));
        world.setFlag(ann, true);
        _refuse(1e18, abi.encodeWithSelector(IVault.Vault_Flagged.selector, ann));
        world.setFlag(ann, false);
        world.set("cash.outflowLimit", 1_000);
        _refuse(1e18, abi.encodeWithSelector(IVault.Vault_OutflowLimit.selector, MAIN, address(ether_), 1e18, 0.5e18));
        _deposit(ann, 3_500 * USD);
        _refuse(1e18, abi.encodeWithSelector(IVault.Vault_DebtWithinLimit.selector, ann, 1_000 * USD, 1_000 * USD));
    }

    // ------------------------------------------------------------------ attacks

    /// @dev B11 as it stands in the rules: two accounts, one borrows without end against ether, the other takes the profit out.
    function test_Attack_NegativeCashDrainsOthersWithdrawals() public {
        world.set("cash.poolDebtCap", 1_500);
        ledger.pay(ann, bob, 1_400 * USD);
        vault.callDebt(ann);
        vm.warp(START + 1 hours);
        _buy(type(uint256).max);
        assertEq(ledger.cashOf(ann).debt, 900 * USD, "below its limit");
        // Nothing of bob's profit had matured against the whole debt.
        ledger.touch(bob);
        Cash memory c = ledger.cashOf(bob);
        GroupSums memory s = ledger.sumsOf(MAIN);
        assertTrue(s.tokens >= s.principal, "principal is there");
        assertEq(c.principal, 100_500 * USD, "500 of 1,400 are paid for, and matured");
    }

    function test_Attack_AnOldCallMeetsALaterDebtAtTheFullDiscount() public {
        _called(1_500);
        _deposit(ann, 1_500 * USD);
        vm.warp(START + 24 hours + 1);
        _borrow(ann, 4_500);
        _refuse(1e18, abi.encodeWithSelector(IVault.Vault_NotCalled.selector, ann));
        vault.callDebt(ann);
        assertEq(vault.offerOf(ann, address(ether_)).discountBps, 0, "from the start");
    }

    function test_Attack_BuyingAtAPriceThatIsNotFresh() public {
        _called(4_500);
        world.setPrice(2_000e18, false);
        _refuse(1e18, abi.encodeWithSelector(IVault.Vault_NoPrice.selector, MARKET));
    }

    /// @dev ann's ten ether cover ten calls: sold, the calls would be naked, and she in the auction of whoever bought.
    function test_Attack_BuyingTheHedgeToFlagTheRest() public {
        ledger.transferPositions(ann, bob, _one(call, 100_000));
        world.setMark(call, 100e18);
        world.setHedging(true);
        world.setMargin(5_000e18, Footing.PROVED);
        _called(4_500);
        vm.warp(START + 1 hours);
        int256 equity = _equity(ann);
        // 2.25 ether would leave 11,250 of margin; equity stays.
        _refuse(
            type(uint256).max,
            abi.encodeWithSelector(IVault.Vault_HedgeOnSale.selector, ann, equity, 11_250e18, 0)
        );
        _buy(2e18);
        assertTrue(_equity(ann) == equity, "equity");
        assertTrue(equity >= int256(world.assess(ledger.holdingsOf(ann), Pass.MAINTENANCE).requirement), "not below maintenance");
    }

    /// @dev The debt is 3,600 above its target, so all of what is on sale costs 3,600 at any price: bounded by what is paid, a purchase of all of it had no bound.
    function test_Attack_RaisingThePriceOfAnOfferThatTheDebtCuts() public {
        _called(4_500);
        CollateralOrder memory order = _want(1.8e18);
        (order.minAmount, order.maxPrice) = (1.7e18, 2_020e18);
        world.setPrice(2_100e18, true);
        assertEq(vault.offerOf(ann, address(ether_)).amount, uint256(3_600e36) / 2_100e18, "as much cash for less");
        _refuse(order, abi.encodeWithSelector(IVault.Vault_Price.selector, 2_100e18, 2_020e18));
        world.setPrice(2_020e18, true);
        vm.prank(BUYER);
        (uint256 sold, uint256 paid) = vault.buyCollateral(order);
        assertTrue(sold >= 1.7e18 && sold < 1.8e18, "cut, by no more than asked");
        assertEq(paid, 3_600 * USD, "all that the debt is above its target");
    }

    /// @dev Whoever is faster leaves a part that does not pay for a transaction: it is not sold to one who asked for more.
    function test_Attack_LeavingAPartToTheNextBuyer() public {
        _called(4_500);
        CollateralOrder memory order = _want(1.8e18);
        order.minAmount = 1e18;
        _buy(1.6e18);
        _refuse(order, abi.encodeWithSelector(IVault.Vault_LessThanAsked.selector, 0.2e18, 1e18));
    }

    /// @dev One who is below maintenance already is sold too, where that asks for no more.
    function test_Sale_ofAnAccountBelowMaintenance_whereNothingWasHedged() public {
        ledger.transferPositions(ann, bob, _one(call, 100_000));
        world.setMargin(5_000e18, Footing.STALE);
        _called(4_500);
        _buy(1e18);
        _requireCash(ann, 0, 0, 2_500 * USD);
    }

    function test_Attack_OwnerTakesTheCollateralOutBeforeTheSale() public {
        _called(4_500);
        vm.prank(annOwner);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_DebtAboveLimit.selector, ann, 4_500 * USD, 1_000 * USD));
        vault.withdraw(ann, address(ether_), 1, annOwner);
        // What the owner buys himself, at the discount, leaves the equity behind the debt as it was.
        vm.warp(START + 1 hours);
        int256 equity = _equity(ann);
        cash.mint(annOwner, 4_000 * USD);
        vm.prank(annOwner);
        vault.buyCollateral(_want(type(uint256).max));
        assertTrue(_equity(ann) >= equity, "nobody else's");
        _requireCash(ann, 0, 0, 900 * USD);
    }

    /// @dev Receipts that have not matured count against the debt, so nobody who is owed as much is sold.
    function test_Attack_SellingWhoIsPaidSoon() public {
        _borrow(ann, 4_500);
        ledger.pay(bob, ann, 3_600 * USD);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_DebtWithinLimit.selector, ann, 900 * USD, 1_000 * USD));
        vault.callDebt(ann);
    }

    /// @dev A large settlement that its losers can pay is no debt of accounts, and calls nobody.
    function test_Attack_StrikingALargeInstrumentToCallOthers() public {
        _borrow(ann, 900);
        world.set("cash.poolDebtCap", 1_000);
        _deposit(cat, 100_000 * USD);
        ledger.transferPositions(cat, bob, _one(call, 100_000));
        world.setChain(CHAIN, uint40(START), 5_000e18);
        AccountId[] memory only = new AccountId[](1);
        only[0] = bob;
        settlement.settle(CHAIN, only);
        assertEq(ledger.sumsOf(MAIN).debt, 900 * USD + 30_000 * USD, "the losers' is not booked");
        (, uint256 limit) = vault.debtOf(ann);
        assertEq(limit, 1_000 * USD, "and no limit moved");
    }

    function test_Attack_ReentrantTokenInAPurchase() public {
        _called(4_500);
        TestToken model = new TestToken(6, Vice.REENTER);
        vm.etch(address(cash), address(model).code);
        cash.reenter(address(vault), abi.encodeCall(IVault.buyCollateral, (_want(1e18))));
        (uint256 sold,) = _buy(1e18);
        assertEq(sold, 1e18, "once");
        assertTrue(!cash.reached(), "the second call went nowhere");
        _requireCash(ann, 0, 0, 2_500 * USD);
        _requireIdentity();
    }

    /// @dev However prices, debts and amounts fall: equity never falls, what is paid repays, the debt stops at its target, sums add up.
    function testFuzz_Sale_neverLowersEquity(uint256 price, uint256 debt, uint256 haircut, uint256 amount, uint256 wait) public {
        price = bound(price, 1e15, 1e24);
        debt = bound(debt, 1_000 * USD + 1, 80_000 * USD);
        world.set("collateral.haircut", uint64(bound(haircut, 1, 9_999)));
        world.setPrice(price, true);
        ledger.pay(ann, bob, debt);
        vault.callDebt(ann);
        vm.warp(START + bound(wait, 0, 24 hours));
        SaleOffer memory offer = vault.offerOf(ann, address(ether_));
        vm.assume(offer.amount != 0);
        amount = bound(amount, 1, offer.amount);
        if (amount * offer.price / 1e18 <= 100e18) amount = offer.amount;
        int256 equity = _equity(ann);
        (uint256 sold, uint256 paid) = _buy(amount);
        assertEq(sold, amount, "as asked");
        assertTrue(_equity(ann) >= equity, "equity");
        assertEq(ledger.cashOf(ann).debt + paid, debt, "repaid");
        assertTrue(debt - paid >= 900 * USD, "no further than the target");
        _requireIdentity();
    }
}
