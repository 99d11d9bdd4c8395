// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, ChainId, FUTURE_LEG, InstrumentId, instrumentOf} from "../../../contracts/interfaces/ClearingTypes.sol";
import {ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Footing} from "../../../contracts/interfaces/IMargin.sol";
import {ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {ISettlement} from "../../../contracts/interfaces/ISettlement.sol";
import {ITrading, Order} from "../../../contracts/interfaces/ITrading.sol";
import {IVault} from "../../../contracts/interfaces/IVault.sol";
import {HostileWallet, Malice, Wallet1271} from "../support/Wallet1271.sol";
import {ClearingFixture, TestToken, Vice} from "./ClearingFixture.sol";

/// Vault
/// ├── deposit: owner alone, measured; collateral under its cap and with a price
/// └── withdraw: principal alone; margin on PROVED values; not flagged, not halted; inside the outflow limit
/// Trading
/// ├── orders: signatures of keys and wallets, nonces, cancel, partial fills, expiry, limits, fees
/// ├── a party at initial margin on proved values → it trades
/// ├── a party below, flagged or halted → only with less risk
/// ├── a party on other footing → only closing, without new debt
/// └── a party of whom nothing can be said → only out
/// Settlement: only at a final price
/// Attacks: by name
contract TradingTest is ClearingFixture {
    uint256 private constant ANN_KEY = 0xa11;
    uint256 private constant BOB_KEY = 0xb0b;
    address private annOwner = vm.addr(ANN_KEY);
    address private bobOwner = vm.addr(BOB_KEY);
    AccountId private ann = _account(annOwner, 0);
    AccountId private bob = _account(bobOwner, 3);
    InstrumentId private call = _leg(1, true);
    uint256 private _nonces = 1;

    function setUp() public {
        _deploy(address(this));
        _deposit(ann, 1_000 * USD);
        _deposit(bob, 1_000 * USD);
        _mark(call, 50);
    }

    function _mark(InstrumentId id, int256 usd) private {
        world.setMark(id, usd * 1e18);
    }

    function _order(AccountId id, int256 lots, uint256 price) private returns (Order memory) {
        return Order(id, call, lots, price, 1_000, _nonces++, uint40(START + 40 days));
    }

    function _sign(uint256 key, Order memory order) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, trading.digestOf(order));
        return abi.encodePacked(r, s, v);
    }

    /// @dev ann sells `lots` to bob at `usd` a contract; negative buys.
    function _trade(int256 lots, uint256 usd) private {
        Order memory maker = _order(ann, -lots, usd * 1e18);
        Order memory taker = _order(bob, lots, usd * 1e18);
        trading.trade(maker, taker, uint256(lots < 0 ? -lots : lots), _sign(ANN_KEY, maker), _sign(BOB_KEY, taker));
    }

    function _refuse(int256 lots, uint256 usd, bytes memory reason) private {
        Order memory maker = _order(ann, -lots, usd * 1e18);
        Order memory taker = _order(bob, lots, usd * 1e18);
        (bytes memory a, bytes memory b) = (_sign(ANN_KEY, maker), _sign(BOB_KEY, taker));
        vm.expectRevert(reason);
        trading.trade(maker, taker, uint256(lots < 0 ? -lots : lots), a, b);
    }

    function _ether(AccountId id, uint256 amount) private {
        address owner = address(uint160(AccountId.unwrap(id) >> 96));
        ether_.mint(owner, amount);
        vm.prank(owner);
        vault.deposit(id, MAIN, address(ether_), amount);
    }

    // ------------------------------------------------------------------ deposits

    function test_Deposit_andWithdrawWithoutPositionsNeedNoPrice() public {
        world.setPrice(2_000e18, false);
        world.setMargin(0, Footing.NONE);
        _deposit(ann, 5 * USD);
        _withdraw(ann, 1_005 * USD);
        assertEq(cash.balanceOf(annOwner), 1_005 * USD, "all of it");
        _requireIdentity();
    }

    function test_Deposit_refusals() public {
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_NotOwner.selector, ann, address(this)));
        vault.deposit(ann, MAIN, address(cash), 1);
        vm.startPrank(annOwner);
        vm.expectRevert(IVault.Vault_NothingGiven.selector);
        vault.deposit(ann, MAIN, address(cash), 0);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_UnknownToken.selector, MAIN, address(1)));
        vault.deposit(ann, MAIN, address(1), 1);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_UnknownToken.selector, MARKET, address(0)));
        vault.deposit(ann, MARKET, address(0), 1);
        cash.mint(annOwner, 5);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_OtherGroup.selector, ann, MAIN, OTHER));
        vault.deposit(ann, OTHER, address(cash), 5);
        vm.stopPrank();
    }

    function test_Collateral_capAndPrice() public {
        // Cash in the group is worth 2,000: up to half of all may be ether, at 2,000.
        _ether(ann, 1e18);
        ether_.mint(annOwner, 2);
        vm.startPrank(annOwner);
        vm.expectRevert(
            abi.encodeWithSelector(IVault.Vault_CollateralCap.selector, ASSET, 2_000e18 + 4_000, 4_000e18 + 4_000, 5_000)
        );
        vault.deposit(ann, MAIN, address(ether_), 2);
        vault.withdraw(ann, address(ether_), 4e17, annOwner);
        assertEq(ether_.balanceOf(annOwner), 4e17 + 2, "out");
        world.setPrice(2_000e18, false);
        vault.withdraw(ann, address(ether_), 1e17, annOwner);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_NoPrice.selector, MARKET));
        vault.deposit(ann, MAIN, address(ether_), 1);
        vm.stopPrank();
        assertTrue(ledger.holdingsOf(ann).contributed == 2_000e18, "1,000 of cash, half an ether");
    }

    function test_RaiseFund_anyone() public {
        cash.mint(address(this), 7);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_UnknownToken.selector, MARKET, address(0)));
        vault.raiseFund(MARKET, 7);
        vault.raiseFund(MAIN, 7);
        assertEq(ledger.sumsOf(MAIN).fund, 7, "fund");
        _requireIdentity();
    }

    // ------------------------------------------------------------------ withdrawals

    function test_Withdraw_refusals() public {
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_NotOwner.selector, ann, address(this)));
        vault.withdraw(ann, address(cash), 1, address(this));
        vm.startPrank(annOwner);
        vm.expectRevert(IVault.Vault_NothingGiven.selector);
        vault.withdraw(ann, address(cash), 0, annOwner);
        AccountId unopened = _account(annOwner, 9);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_NotOpen.selector, unopened));
        vault.withdraw(unopened, address(cash), 1, annOwner);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotEnoughPrincipal.selector, ann, 1_000 * USD + 1, 1_000 * USD));
        vault.withdraw(ann, address(cash), 1_000 * USD + 1, annOwner);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_WrongAmountMoved.selector, address(cash), 1, 0));
        vault.withdraw(ann, address(cash), 1, address(vault));
        vm.stopPrank();
        world.setFlag(ann, true);
        vm.prank(annOwner);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_Flagged.selector, ann));
        vault.withdraw(ann, address(cash), 1, annOwner);
        world.setFlag(ann, false);
        ledger.halt(MAIN);
        vm.prank(annOwner);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_Halted.selector, MAIN));
        vault.withdraw(ann, address(cash), 1, annOwner);
    }

    function test_Withdraw_keepsInitialMarginOnProvedValues() public {
        _trade(10_000, 50);
        // bob: 950 and a call worth 50, margin 100.
        vm.startPrank(bobOwner);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_MarginTooLow.selector, bob, -1e12));
        vault.withdraw(bob, address(cash), 900 * USD + 1, bobOwner);
        world.setUnproved(CHAIN, true);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_NotProved.selector, bob, Footing.POSTED));
        vault.withdraw(bob, address(cash), 1, bobOwner);
        world.setUnproved(CHAIN, false);
        vault.withdraw(bob, address(cash), 900 * USD, bobOwner);
        vm.stopPrank();
        _requireIdentity();
    }

    /// @dev A2: what was there counts, however much comes and goes with it.
    function test_Outflow_halfAtOnceTheRestOverTheDay() public {
        vm.warp(START + 1 days);
        world.set("cash.outflowLimit", 2_000);
        assertEq(vault.availableOutflowOf(MAIN, address(cash)), 200 * USD, "a tenth of 2,000");
        _withdraw(ann, 150 * USD);
        assertEq(vault.availableOutflowOf(MAIN, address(cash)), 50 * USD, "the rest of it");
        vm.prank(bobOwner);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_OutflowLimit.selector, MAIN, address(cash), 50 * USD + 1, 50 * USD));
        vault.withdraw(bob, address(cash), 50 * USD + 1, bobOwner);
        _withdraw(ann, 50 * USD);
        vm.warp(START + 1 days + 12 hours);
        assertEq(vault.availableOutflowOf(MAIN, address(cash)), 90 * USD, "half of it leaked; of 1,900 now");
        vm.warp(START + 3 days);
        assertEq(vault.availableOutflowOf(MAIN, address(cash)), 180 * USD, "of 1,800");
        _withdraw(ann, 180 * USD);
        world.set("cash.outflowLimit", 1_000);
        assertEq(vault.availableOutflowOf(MAIN, address(cash)), 0, "more than a lower limit has left");
        world.set("cash.outflowLimit", 10_000);
        assertEq(vault.availableOutflowOf(MAIN, address(cash)), 1_620 * USD, "no limit");
    }

    /// @dev Borrowed money raises no limit, and its coming and going uses none up.
    function test_FlashDepositTradeWithdraw_isHarmless() public {
        vm.warp(START + 1 days);
        world.set("cash.outflowLimit", 2_000);
        AccountId eve = _account(address(0xeee), 0);
        _deposit(eve, 1_000_000 * USD);
        assertEq(vault.availableOutflowOf(MAIN, address(cash)), 1_000_200 * USD, "her own, and what was free before");
        _withdraw(eve, 1_000_000 * USD);
        assertEq(vault.availableOutflowOf(MAIN, address(cash)), 200 * USD, "as before");
        _requireIdentity();
    }

    // ------------------------------------------------------------------ trades

    function test_Trade_movesPremiumPositionsAndFees() public {
        world.set("trading.fee", 300); // 3 bps
        _trade(15_000, 51);
        // Fee: 1.5 contracts x 2,000 x 3 bps = 0.90, a fifth of it the fund's.
        _requireCash(ann, 1_000 * USD, 76_500_000 - 900_000, 0);
        _requireCash(bob, 1_000 * USD - 76_500_000 - 900_000, 0, 0);
        _requireCash(trading.feeAccountOf(MAIN), 0, 1_440_000, 0);
        assertEq(ledger.sumsOf(MAIN).fund, 360_000, "fund");
        _requireLots(bob, call, 15_000);
        assertEq(ledger.openInterestOf(call), 15_000, "open interest");
        _requireIdentity();
    }

    /// @dev A fee of a unit leaves nothing for the treasury, and opens no account for it.
    function test_Trade_aFeeOfAUnitIsTheFunds() public {
        world.set("trading.fee", 1);
        _trade(1, 50);
        _requireCash(ann, 1_000 * USD, 5_000 - 1, 0);
        _requireCash(bob, 1_000 * USD - 5_000 - 1, 0, 0);
        assertEq(ledger.sumsOf(MAIN).fund, 2, "a unit a side");
        assertEq(ScopeId.unwrap(ledger.groupOf(trading.feeAccountOf(MAIN))), 0, "no account");
        _requireIdentity();
    }

    function test_Trade_roundsPayersUpReceiversDown() public {
        Order memory maker = _order(ann, -1, 50.001e18);
        Order memory taker = _order(bob, 1, 60e18);
        trading.trade(maker, taker, 1, _sign(ANN_KEY, maker), _sign(BOB_KEY, taker));
        _requireCash(ann, 1_000 * USD, 5_000, 0);
        _requireCash(bob, 1_000 * USD - 5_001, 0, 0);
        assertEq(ledger.sumsOf(MAIN).fund, 1, "dust");
    }

    function test_Future_costsPriceLessReference() public {
        world.setMark(_future(), 2_010e18);
        Order memory maker = _order(ann, 10_000, 2_010e18);
        Order memory taker = _order(bob, -10_000, 2_000e18);
        (maker.instrument, taker.instrument) = (_future(), _future());
        trading.trade(maker, taker, 10_000, _sign(ANN_KEY, maker), _sign(BOB_KEY, taker));
        _requireCash(ann, 990 * USD, 0, 0);
        _requireCash(bob, 1_000 * USD, 10 * USD, 0);
        // Below the reference the seller pays.
        world.setMark(_future(), 1_980e18);
        maker = _order(ann, -10_000, 1_980e18);
        taker = _order(bob, 10_000, 1_980e18);
        (maker.instrument, taker.instrument) = (_future(), _future());
        trading.trade(maker, taker, 10_000, _sign(ANN_KEY, maker), _sign(BOB_KEY, taker));
        _requireCash(ann, 970 * USD, 0, 0);
        _requireCash(bob, 1_000 * USD, 30 * USD, 0);
        _requireIdentity();
    }

    function test_Orders_partialFillsCancelAndNonces() public {
        Order memory maker = _order(ann, -10_000, 50e18);
        bytes memory signature = _sign(ANN_KEY, maker);
        Order memory taker = _order(bob, 6_000, 50e18);
        trading.trade(maker, taker, 4_000, signature, _sign(BOB_KEY, taker));
        assertEq(trading.filledOf(trading.digestOf(maker)), 4_000, "filled");
        bytes memory takers = _sign(BOB_KEY, taker);
        vm.expectRevert(abi.encodeWithSelector(ITrading.Trading_MoreThanLeft.selector, bob, 2_001, 2_000));
        trading.trade(maker, taker, 2_001, signature, takers);
        trading.trade(maker, taker, 2_000, signature, takers);
        vm.expectRevert(abi.encodeWithSelector(ITrading.Trading_NonceUsed.selector, bob, taker.nonce));
        trading.trade(maker, taker, 1, signature, takers);

        uint256[] memory nonces = new uint256[](1);
        nonces[0] = maker.nonce;
        vm.prank(annOwner);
        trading.cancel(nonces);
        taker = _order(bob, 1_000, 50e18);
        takers = _sign(BOB_KEY, taker);
        vm.expectRevert(abi.encodeWithSelector(ITrading.Trading_NonceUsed.selector, ann, maker.nonce));
        trading.trade(maker, taker, 1_000, signature, takers);

        vm.prank(bobOwner);
        trading.cancelBelow(1_000);
        maker = _order(ann, -1_000, 50e18);
        signature = _sign(ANN_KEY, maker);
        vm.expectRevert(abi.encodeWithSelector(ITrading.Trading_NonceUsed.selector, bob, taker.nonce));
        trading.trade(maker, taker, 1_000, signature, takers);
        vm.prank(bobOwner);
        vm.expectRevert(abi.encodeWithSelector(ITrading.Trading_NonceNotRising.selector, 1_000, 1_000));
        trading.cancelBelow(1_000);
        assertTrue(trading.isNonceUsed(bobOwner, 999) && !trading.isNonceUsed(bobOwner, 1_000), "below alone");
    }

    function test_Orders_thatDoNotMatch() public {
        Order memory maker = _order(ann, -10_000, 50e18);
        Order memory taker = _order(bob, 10_000, 49e18);
        _expect(maker, taker, 10_000, abi.encodeWithSelector(ITrading.Trading_PricesDoNotCross.selector, 50e18, 49e18));
        (maker.lots, taker.lots) = (10_000, -10_000);
        (maker.limitPrice, taker.limitPrice) = (49e18, 50e18);
        _expect(maker, taker, 10_000, abi.encodeWithSelector(ITrading.Trading_PricesDoNotCross.selector, 49e18, 50e18));
        _expect(maker, taker, 0, abi.encodeWithSelector(ITrading.Trading_NothingTraded.selector));
        taker.lots = 5;
        _expect(maker, taker, 5, abi.encodeWithSelector(ITrading.Trading_SameSide.selector, 10_000, 5));
        taker.lots = -5;
        taker.instrument = _leg(0, true);
        _expect(maker, taker, 5, abi.encodeWithSelector(ITrading.Trading_OtherInstrument.selector, call, _leg(0, true)));
        (maker.limitPrice, taker.limitPrice) = (50e18, 50e18);
        (maker.instrument, taker.instrument) = (instrumentOf(ChainId.wrap(77), 0), instrumentOf(ChainId.wrap(77), 0));
        _expect(maker, taker, 5, abi.encodeWithSelector(ITrading.Trading_UnknownChain.selector, ChainId.wrap(77)));
        (maker, taker) = (_order(ann, -10_000, 50e18), _order(bob, 10_000, 50e18));
        taker.maxFee = 299;
        world.set("trading.fee", 300);
        _expect(maker, taker, 5, abi.encodeWithSelector(ITrading.Trading_FeeTooHigh.selector, bob, 300, 299));
        taker.expiry = uint40(START - 1);
        _expect(maker, taker, 5, abi.encodeWithSelector(ITrading.Trading_Expired.selector, bob, START - 1, START));
        maker.account = _account(annOwner, 5);
        taker.expiry = uint40(START);
        _expect(maker, taker, 5, abi.encodeWithSelector(ITrading.Trading_NotOpen.selector, maker.account));
    }

    function _expect(Order memory maker, Order memory taker, uint256 lots, bytes memory reason) private {
        (bytes memory a, bytes memory b) = (_sign(ANN_KEY, maker), _sign(BOB_KEY, taker));
        vm.expectRevert(reason);
        trading.trade(maker, taker, lots, a, b);
    }

    function test_ExpiryInTheBlockOfATrade() public {
        vm.warp(uint256(EXPIRY) - 1);
        _trade(100, 50);
        vm.warp(EXPIRY);
        _refuse(100, 50, abi.encodeWithSelector(ITrading.Trading_ChainExpired.selector, CHAIN, EXPIRY));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_NotFinal.selector, CHAIN));
        settlement.settle(CHAIN, new AccountId[](0));
    }

    function test_Wallets_signByErc1271() public {
        Wallet1271 wallet = new Wallet1271(bobOwner);
        AccountId id = _account(address(wallet), 0);
        cash.mint(address(wallet), 500 * USD);
        vm.prank(address(wallet));
        vault.deposit(id, MAIN, address(cash), 500 * USD);
        Order memory maker = _order(id, 10_000, 50e18);
        Order memory taker = _order(ann, -10_000, 50e18);
        trading.trade(maker, taker, 10_000, _sign(BOB_KEY, maker), _sign(ANN_KEY, taker));
        _requireLots(id, call, 10_000);
        HostileWallet hostile = new HostileWallet(Malice.RETURN_MUCH);
        maker = _order(_account(address(hostile), 0), 10_000, 50e18);
        taker = _order(ann, -10_000, 50e18);
        bytes memory b = _sign(ANN_KEY, taker);
        hostile = new HostileWallet(Malice.SHORT_ANSWER);
        maker.account = _account(address(hostile), 0);
        vm.expectRevert(abi.encodeWithSelector(ITrading.Trading_BadSignature.selector, maker.account));
        trading.trade(maker, taker, 10_000, "", b);
    }

    function test_OpenInterestCap() public {
        world.set("market.openInterestCap", 1);
        _trade(10_000, 50);
        _refuse(1, 50, abi.encodeWithSelector(ITrading.Trading_OpenInterestCap.selector, 1, 10_001, 10_000));
        world.set("market.openInterestCap", 0);
        _trade(-5_000, 50);
        assertEq(ledger.marketOpenInterestOf(1), 5_000, "less is always possible");
    }

    function test_DebtCap() public {
        _ether(bob, 1e18);
        world.setMargin(0, Footing.PROVED);
        world.set("cash.debtCap", 10);
        _trade(190_000, 50);
        _trade(12_000, 50);
        _requireCash(bob, 0, 0, 10 * USD);
        _refuse(100, 50, abi.encodeWithSelector(ITrading.Trading_DebtCap.selector, bob, 10.5e18, 10e18));
        world.set("cash.debtCap", 0);
        _trade(-100, 50);
        _requireIdentity();
    }

    // ------------------------------------------------------------------ margin

    function test_Trade_leavesNoPartyUnderInitialMargin() public {
        // bob buys ten at 50: 500 left and worth 500, margin 1,000. One lot more is too much.
        _trade(100_000, 50);
        _refuse(1, 50, abi.encodeWithSelector(ITrading.Trading_RiskNotReduced.selector, ann, -1e16, false));
        // The price falls: he is short of margin, and may only go down.
        _mark(call, 40);
        _refuse(1, 40, abi.encodeWithSelector(ITrading.Trading_RiskNotReduced.selector, bob, -100e18 - 1e16, false));
        _trade(-50_000, 40);
        _requireLots(bob, call, 50_000);
    }

    function test_Flagged_mayOnlyReduce() public {
        _trade(10_000, 50);
        world.setFlag(bob, true);
        _refuse(1, 50, abi.encodeWithSelector(ITrading.Trading_RiskNotReduced.selector, bob, 900e18 - 1e16, true));
        _trade(-5_000, 50);
        world.setFlag(bob, false);
        ledger.halt(MAIN);
        _refuse(1, 50, abi.encodeWithSelector(ITrading.Trading_RiskNotReduced.selector, ann, 950e18 - 1e16, true));
        _trade(-5_000, 50);
        assertEq(ledger.openInterestOf(call), 0, "closed");
    }

    /// @dev Where nothing can be said: out and nothing else.
    function test_NoValues_onlyOut() public {
        _trade(10_000, 50);
        world.setMargin(100e18, Footing.NONE);
        _refuse(1, 50, abi.encodeWithSelector(ITrading.Trading_NotProved.selector, ann, Footing.NONE, Footing.NONE));
        _refuse(-1, 50, abi.encodeWithSelector(ITrading.Trading_NoValues.selector, ann));
        // Short in another chain, ann may not leave this one; without it she may, for nothing too.
        world.setMargin(100e18, Footing.PROVED);
        _swap(instrumentOf(ChainId.wrap(2), 0));
        world.setMargin(100e18, Footing.NONE);
        _refuse(-10_000, 0, abi.encodeWithSelector(ITrading.Trading_NoValues.selector, ann));
        world.setMargin(100e18, Footing.PROVED);
        _swap(instrumentOf(ChainId.wrap(2), 0));
        world.setMargin(100e18, Footing.NONE);
        _trade(-10_000, 0);
        _requireLots(ann, call, 0);
        assertEq(ledger.openInterestOf(call), 0, "out");
    }

    /// @dev Longs in two chains, one of which fills more than a page word: nobody can ask anything of them. A short or a future behind them can.
    function test_NoValues_longsAreNoObligation() public {
        AccountId cat = _account(address(0xca7), 0);
        _deposit(cat, 1_000 * USD);
        InstrumentId short = instrumentOf(ChainId.wrap(2), 1);
        InstrumentId future = instrumentOf(ChainId.wrap(2), FUTURE_LEG);
        _trade(5_000, 50);
        for (uint256 strike = 0; strike < 3; ++strike) {
            ledger.transferPositions(cat, bob, _one(_leg(strike, false), 10_000));
            ledger.transferPositions(cat, bob, _one(_leg(strike, true), 10_000));
        }
        ledger.transferPositions(cat, bob, _one(instrumentOf(ChainId.wrap(2), 0), 10_000));
        world.setMargin(100e18, Footing.NONE);
        ledger.transferPositions(bob, cat, _one(short, 1));
        _refuse(-5_000, 0, abi.encodeWithSelector(ITrading.Trading_NoValues.selector, bob));
        ledger.transferPositions(cat, bob, _one(short, 1));
        ledger.transferPositions(cat, bob, _one(future, 1));
        _refuse(-5_000, 0, abi.encodeWithSelector(ITrading.Trading_NoValues.selector, bob));
        ledger.transferPositions(bob, cat, _one(future, 1));
        _trade(-5_000, 0);
        _requireLots(bob, call, 10_000);
        _requireLots(ann, call, 0);
    }

    /// @dev ann and bob turn a position in `id` over: ann sells one contract, or buys it back.
    function _swap(InstrumentId id) private {
        int256 lots = ledger.positionOf(bob, id) == 0 ? int256(10_000) : -10_000;
        (Order memory maker, Order memory taker) = (_order(ann, -lots, 0), _order(bob, lots, 0));
        (maker.instrument, taker.instrument) = (id, id);
        trading.trade(maker, taker, 10_000, _sign(ANN_KEY, maker), _sign(BOB_KEY, taker));
    }

    // ------------------------------------------------------------------ attacks

    /// @dev A1: k stolen keys post a ladder in which a worthless option is worth 100; a fully margined account buys it from its accomplice.
    function test_FalseLadderBuysCashOut() public {
        _mark(call, 100);
        world.setMargin(0, Footing.PROVED);
        world.setUnproved(CHAIN, true);
        _refuse(90_000, 100, abi.encodeWithSelector(ITrading.Trading_NotProved.selector, ann, Footing.PROVED, Footing.POSTED));
        // Nor with what it can borrow on collateral, nor turning an old position over.
        world.setUnproved(CHAIN, false);
        _trade(-10_000, 100);
        world.setUnproved(CHAIN, true);
        _refuse(20_000, 100, abi.encodeWithSelector(ITrading.Trading_NotProved.selector, ann, Footing.POSTED, Footing.POSTED));
        _trade(10_000, 100);
        _requireLots(bob, call, 0);
    }

    function test_FalseLadder_closingMakesNoDebt() public {
        world.setMargin(0, Footing.PROVED);
        _ether(ann, 1e18);
        _trade(100_000, 50);
        world.setUnproved(CHAIN, true);
        _mark(call, 200);
        // ann has 1,000 and 500 of profit; buying nearly all back at 200 would take 1,900.
        _refuse(-95_000, 200, abi.encodeWithSelector(ITrading.Trading_NotProved.selector, ann, Footing.POSTED, Footing.POSTED));
        world.setSurface(200e18, type(uint48).max);
        _trade(-50_000, 200);
    }

    /// @dev bob's shorts are worth 50. A false ladder says nothing, so that all his cash seems free, and he buys them back dear from an accomplice: what
    /// stood behind the rest would be gone. By the surface he pays no more than an auction could cost him, 3 % of 2,000 a contract.
    function test_FalseLadder_closesDearWithAnAccomplice() public {
        _trade(-100_000, 50);
        world.setUnproved(CHAIN, true);
        _mark(call, 0);
        _refuse(10_000, 111, abi.encodeWithSelector(ITrading.Trading_PriceOffSurface.selector, bob, 111e18, 50e18, 60e18));
        _trade(10_000, 110);
        // The same for the long side, that gives away what hedges another position.
        world.setSurface(100e18, type(uint48).max);
        _refuse(10_000, 39, abi.encodeWithSelector(ITrading.Trading_PriceOffSurface.selector, ann, 39e18, 100e18, 60e18));
        _trade(10_000, 40);
        // Without a surface nobody knows; with a proved ladder the margin rule does.
        world.setSurface(50e18, uint48(START - 1));
        _refuse(10_000, 50, abi.encodeWithSelector(ITrading.Trading_NoSurface.selector, CHAIN, START - 1));
        world.setUnproved(CHAIN, false);
        _mark(call, 50);
        _trade(10_000, 111);
        _requireIdentity();
    }

    /// @dev A put never pays more than its strike, so the tolerance is a part of that where the underlying costs more.
    function test_FalseLadder_closesAPutDearWithAnAccomplice() public {
        call = _leg(1, false);
        world.askPuts();
        world.setPrice(3_000e18, true);
        _mark(call, 50);
        _trade(-100_000, 50);
        world.setUnproved(CHAIN, true);
        _mark(call, 0);
        // 3 % of a wei less than 2,000, not of 3,000.
        _refuse(10_000, 110, abi.encodeWithSelector(ITrading.Trading_PriceOffSurface.selector, bob, 110e18, 50e18, 60e18 - 1));
        _trade(10_000, 109);
        _requireIdentity();
    }

    function test_FalseLadder_closesAFutureDearWithAnAccomplice() public {
        call = _future();
        _mark(call, 2_000);
        _trade(-20_000, 2_000);
        world.setUnproved(CHAIN, true);
        // The surface's forward is 2,020.
        _refuse(10_000, 2_081, abi.encodeWithSelector(ITrading.Trading_PriceOffSurface.selector, bob, 2_081e18, 2_020e18, 60e18));
        world.setPrice(2_000e18, false);
        _trade(10_000, 2_080);
        // Out of all of it, what it pays is nobody else's: nothing is left that could cost anybody.
        _trade(10_000, 2_100);
        _requireLots(bob, call, 0);
    }

    /// @dev An outage is no way around: a stale price, or ladders too far from it, hide no false one; where all are proved nothing more is asked.
    function test_FalseLadder_behindAStaleFooting() public {
        _trade(-100_000, 50);
        world.setMargin(100e18, Footing.STALE);
        world.setUnproved(CHAIN, true);
        _refuse(10_000, 111, abi.encodeWithSelector(ITrading.Trading_PriceOffSurface.selector, bob, 111e18, 50e18, 60e18));
        world.setUnproved(CHAIN, false);
        _trade(10_000, 111);
    }

    /// @dev A15: profit that has not matured, paid on as a premium, has not matured there either; nor does it free collateral behind a debt.
    function test_LaunderingThroughPremiums() public {
        world.setMargin(10e18, Footing.PROVED);
        _trade(90_000, 100);
        // ann sold for 900 what is worth 450: bob's own loss. It is profit, not principal.
        _requireCash(ann, 1_000 * USD, 900 * USD, 0);
        vm.startPrank(annOwner);
        vm.expectRevert(abi.encodeWithSelector(ILedger.Ledger_NotEnoughPrincipal.selector, ann, 1_001 * USD, 1_000 * USD));
        vault.withdraw(ann, address(cash), 1_001 * USD, annOwner);
        vm.stopPrank();
    }

    function test_LaunderingThroughADebt() public {
        _requireEtherHeldBack(500 * USD);
    }

    /// @dev Of a receipt smaller than the debt no more is held back than came in: the debt counts once.
    function test_LaunderingThroughADebt_largerThanTheReceipt() public {
        _requireEtherHeldBack(200 * USD);
    }

    /// @dev bob owes 500 against ether worth 2,000; an accomplice's unmatured profit comes in, and frees none of it.
    function _requireEtherHeldBack(uint256 receipt) private {
        world.setMargin(0, Footing.PROVED);
        _ether(bob, 1e18);
        ledger.pay(bob, ann, 1_500 * USD);
        ledger.pay(ann, bob, receipt);
        _requireCash(bob, 0, receipt, 500 * USD);
        vm.startPrank(bobOwner);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_MarginTooLow.selector, bob, -2e15));
        vault.withdraw(bob, address(ether_), 75e16 + 1e12, bobOwner);
        vault.withdraw(bob, address(ether_), 75e16, bobOwner);
        vm.stopPrank();
        _requireIdentity();
    }

    /// @dev A distressed account cannot be drained by closing dear: its equity over requirement may not fall.
    function test_DistressedAccountSellsBadly() public {
        _trade(-100_000, 50);
        _mark(call, 80);
        // bob has 1,500 and owes 800, margin 1,000: short by 300. Half of it back at 150 leaves 350 of 500, as much as 700 of 1,000; at 151 it is less, though
        // he is short of only 155 then.
        uint256 state = vm.snapshotState();
        _refuse(50_000, 151, abi.encodeWithSelector(ITrading.Trading_RiskNotReduced.selector, bob, -155e18, false));
        _refuse(50_000, 250, abi.encodeWithSelector(ITrading.Trading_RiskNotReduced.selector, bob, -650e18, false));
        _trade(50_000, 150);
        vm.revertToState(state);
        // Nor one that has less than nothing: at mark, and not above it.
        _mark(call, 160);
        _refuse(50_000, 161, abi.encodeWithSelector(ITrading.Trading_RiskNotReduced.selector, bob, -605e18, false));
        _trade(50_000, 160);
        _requireIdentity();
    }

    function test_TradesToSelf() public {
        Order memory maker = _order(ann, -10_000, 50e18);
        Order memory taker = _order(_account(annOwner, 1), 10_000, 50e18);
        bytes memory a = _sign(ANN_KEY, maker);
        bytes memory b = _sign(ANN_KEY, taker);
        vm.expectRevert(abi.encodeWithSelector(ITrading.Trading_SelfTrade.selector, annOwner));
        trading.trade(maker, taker, 10_000, a, b);
    }

    function test_SignatureReplay_acrossChainsAccountsContracts() public {
        Order memory maker = _order(ann, -10_000, 50e18);
        Order memory taker = _order(bob, 10_000, 50e18);
        bytes memory a = _sign(ANN_KEY, maker);
        bytes memory b = _sign(BOB_KEY, taker);
        bytes32 here = trading.digestOf(maker);
        bytes memory bad = abi.encodeWithSelector(ITrading.Trading_BadSignature.selector, ann);

        ITrading other = ITrading(
            _create(
                "Trading.sol:Trading",
                abi.encode(
                    TradingParts(address(world), address(ledger), address(world), address(world), address(world), address(world), TREASURY)
                )
            )
        );
        vm.expectRevert(bad);
        other.trade(maker, taker, 10_000, a, b);
        vm.chainId(99);
        assertTrue(trading.digestOf(maker) != here, "another chain, another digest");
        vm.expectRevert(bad);
        trading.trade(maker, taker, 10_000, a, b);
        vm.chainId(31_337);
        Order memory moved = maker;
        moved.account = _account(annOwner, 2);
        vm.expectRevert(abi.encodeWithSelector(ITrading.Trading_BadSignature.selector, moved.account));
        trading.trade(moved, taker, 10_000, a, b);
    }

    function test_FeeOnTransferToken_isRefused() public {
        TestToken taxed = new TestToken(6, Vice.FEE);
        vm.prank(DAO);
        collaterals.list(MAIN, address(taxed), 0, ASSET, MARKET);
        taxed.mint(annOwner, 1_000);
        vm.prank(annOwner);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_WrongAmountMoved.selector, address(taxed), 1_000, 990));
        vault.deposit(ann, MAIN, address(taxed), 1_000);
    }

    function test_RebasingToken_isRefused() public {
        TestToken shrinking = new TestToken(6, Vice.SHRINK);
        vm.prank(DAO);
        collaterals.list(MAIN, address(shrinking), 0, ASSET, MARKET);
        shrinking.mint(annOwner, 2_000);
        vm.startPrank(annOwner);
        vault.deposit(ann, MAIN, address(shrinking), 1_000);
        shrinking.shrink();
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_WrongAmountMoved.selector, address(shrinking), 1_000, 900));
        vault.deposit(ann, MAIN, address(shrinking), 1_000);
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_WrongAmountMoved.selector, address(shrinking), 100, 90));
        vault.withdraw(ann, address(shrinking), 100, annOwner);
        vm.stopPrank();
        TestToken gone = new TestToken(6, Vice.SHRINK);
        vm.prank(DAO);
        collaterals.list(MAIN, address(gone), 0, ASSET, MARKET);
        gone.mint(annOwner, 1_000);
        vm.startPrank(annOwner);
        vault.deposit(ann, MAIN, address(gone), 991);
        gone.shrink();
        // Nine of ten units: what moves is right by its rounding, and still tokens are missing.
        vm.expectRevert(abi.encodeWithSelector(IVault.Vault_TokensMissing.selector, address(gone), 892, 992));
        vault.deposit(ann, MAIN, address(gone), 1);
        vm.stopPrank();
    }

    function test_ReentrantToken_findsTheDoorClosed() public {
        TestToken eager = new TestToken(6, Vice.REENTER);
        vm.prank(DAO);
        collaterals.list(MAIN, address(eager), 0, ASSET, MARKET);
        eager.mint(annOwner, 1_000);
        eager.reenter(address(vault), abi.encodeCall(vault.raiseFund, (MAIN, 1)));
        vm.startPrank(annOwner);
        vault.deposit(ann, MAIN, address(eager), 1_000);
        assertTrue(!eager.reached(), "in");
        eager.reenter(address(vault), abi.encodeCall(vault.withdraw, (ann, address(cash), 1, annOwner)));
        vault.withdraw(ann, address(eager), 500, annOwner);
        assertTrue(!eager.reached(), "out");
        vm.stopPrank();
        assertEq(ledger.collateralOf(ann, 1), 500, "once");
        _requireIdentity();
    }

    function test_Donation_changesNothing() public {
        uint256 available = vault.availableOutflowOf(MAIN, address(cash));
        cash.mint(address(vault), 1_000_000 * USD);
        assertEq(ledger.sumsOf(MAIN).tokens, 2_000 * USD, "tokens");
        assertEq(vault.availableOutflowOf(MAIN, address(cash)), available, "limit");
        _requireIdentity();
    }

    /// @dev Many trades of one lot at a price below a unit: every rounding is against the trader.
    function test_DustAndRounding() public {
        uint256 before = ledger.sumsOf(MAIN).fund;
        for (uint256 i = 0; i < 10; ++i) {
            Order memory maker = _order(ann, i % 2 == 0 ? int256(-1) : int256(1), 0.009e18);
            Order memory taker = _order(bob, i % 2 == 0 ? int256(1) : int256(-1), 0.009e18);
            trading.trade(maker, taker, 1, _sign(ANN_KEY, maker), _sign(BOB_KEY, taker));
        }
        assertEq(ledger.sumsOf(MAIN).fund - before, 10, "a unit a trade");
        assertEq(ledger.cashOf(ann).principal + ledger.cashOf(bob).principal, 2_000 * USD - 10, "from those who traded");
        _requireIdentity();
    }
}
