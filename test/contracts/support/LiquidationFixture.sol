// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, InstrumentId, Position} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IChains} from "../../../contracts/interfaces/IChains.sol";
import {ICollaterals} from "../../../contracts/interfaces/ICollaterals.sol";
import {IDeleveraging} from "../../../contracts/interfaces/IDeleveraging.sol";
import {IInsuranceFund} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {Cash, GroupSums, ILedger, Modules} from "../../../contracts/interfaces/ILedger.sol";
import {BidOrder, ILiquidation, Sale} from "../../../contracts/interfaces/ILiquidation.sol";
import {Assessment, IMargin, Pass} from "../../../contracts/interfaces/IMargin.sol";
import {IPriceFeed} from "../../../contracts/interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {ParamId, ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {ScopedStore, TestChains, TestCollaterals, TestIndex, TestMargin} from "./ClearingParts.sol";
import {DeployLiquidation} from "./DeployLiquidation.sol";
import {TestBase} from "./TestBase.sol";

/// @dev The real ledger, liquidation, fund and deleveraging under a margin rule that can be computed by hand. The test is vault, trading and settlement.
///
/// The standard book: VICTIM is short 100 CALL at a mark of 100 with 30,000 USD and needs 20,000; MAKER is long them.
abstract contract LiquidationFixture is TestBase {
    ScopeId internal constant ETH = ScopeId.wrap(bytes32(bytes4(0x02455448)));
    ScopeId internal constant BTC = ScopeId.wrap(bytes32(bytes4(0x02425443)));
    ScopeId internal constant MAIN = ScopeId.wrap(bytes32(bytes5(0x044d41494e)));
    ScopeId internal constant OTHER = ScopeId.wrap(bytes32(bytes6(0x044f54484552)));
    uint256 internal constant START = 1_700_000_000;
    uint256 internal constant WAD = 1e18;
    /// @dev Units of the cash token in one USD.
    uint256 internal constant USD = 1e6;
    int256 internal constant CONTRACT = 10_000;
    AccountId internal constant NOBODY = AccountId.wrap(0);

    InstrumentId internal constant CALL = InstrumentId.wrap((1 << 32) | 1);
    InstrumentId internal constant PUT = InstrumentId.wrap((1 << 32) | 2);
    InstrumentId internal constant LATER = InstrumentId.wrap((2 << 32) | 3);
    InstrumentId internal constant OTHER_MARKET = InstrumentId.wrap((100 << 32) | 1);

    ScopedStore internal store;
    TestIndex internal index;
    TestChains internal chains;
    TestMargin internal margin;
    ILedger internal ledger;
    IInsuranceFund internal fund;
    ILiquidation internal liquidation;
    IDeleveraging internal deleveraging;

    AccountId internal victim = _account(0xa1);
    AccountId internal maker = _account(0xa2);
    AccountId internal bidder = _account(0xa3);
    AccountId internal keeper = _account(0xa4);

    function setUp() public virtual {
        vm.warp(START);
        store = new ScopedStore();
        index = new TestIndex();
        chains = new TestChains(ETH, BTC);
        margin = new TestMargin();
        TestCollaterals collaterals = new TestCollaterals(MAIN);
        IPriceFeed feed = IPriceFeed(address(index));
        ledger = DeployLiquidation.ledger(_store(), ICollaterals(address(collaterals)), _chains());
        fund = DeployLiquidation.fund(_store(), _chains(), _margin(), ledger, 5_000);
        liquidation = DeployLiquidation.liquidation(_store(), feed, _chains(), _margin(), ledger, fund);
        deleveraging = DeployLiquidation.deleveraging(feed, _margin(), ledger, liquidation);
        ledger.wire(Modules(address(this), address(this), address(this), address(liquidation), address(fund), address(deleveraging)));

        store.set("liquidation.fee", 300);
        store.set("liquidation.feeCap", 4_000);
        store.set("liquidation.liquidatorShare", 7_000);
        store.set("liquidation.buffer", 2_000);
        store.set("liquidation.duration", 900);
        store.set("liquidation.bankruptDuration", 3_600);
        store.set("liquidation.keeperReward", 5);
        store.set("cash.debtCap", 1_000);
        store.set("cash.poolDebtCap", 1_000_000);
        store.set("cash.warmUp", 3_600);
        store.set("insurance.payoutLimit", 1_000);
        store.set("insurance.coverTarget", 11_000);
        store.set("margin.priceScanRange", 1_000);
        index.set(ETH, 2_000e18);
        index.set(BTC, 60_000e18);
        margin.set(InstrumentId.unwrap(CALL), 100e18, 200e18, 0, 1_000e18, 2_000e18);
        margin.set(InstrumentId.unwrap(PUT), 50e18, 100e18, 0, 500e18, 2_000e18);
        margin.set(InstrumentId.unwrap(LATER), 200e18, 300e18, 0, 1_200e18, 2_000e18);
        margin.set(InstrumentId.unwrap(OTHER_MARKET), 3_000e18, 6_000e18, 0, 30_000e18, 60_000e18);
    }

    function _store() internal view returns (IRiskParameters) {
        return IRiskParameters(address(store));
    }

    function _chains() internal view returns (IChains) {
        return IChains(address(chains));
    }

    function _margin() internal view returns (IMargin) {
        return IMargin(address(margin));
    }

    // ------------------------------------------------------------------ acting

    function _account(uint256 owner) internal pure returns (AccountId) {
        return AccountId.wrap(owner << 96 | 1);
    }

    function _owner(AccountId account) internal pure returns (address) {
        return address(uint160(AccountId.unwrap(account) >> 96));
    }

    function _deposit(AccountId account, uint256 usd) internal {
        ledger.creditCash(account, MAIN, usd * USD);
    }

    function _depositCollateral(AccountId account, uint256 amount) internal {
        ledger.creditCollateral(account, MAIN, 0, amount, 0);
    }

    function _give(AccountId from, AccountId to, InstrumentId instrument, int256 lots) internal {
        Position[] memory positions = new Position[](1);
        positions[0] = Position(instrument, lots);
        ledger.transferPositions(from, to, positions);
    }

    /// @dev The standard book, at a call's mark of `mark` USD.
    function _openBook(uint256 mark) internal {
        _deposit(victim, 30_000);
        _deposit(maker, 1_000_000);
        _deposit(bidder, 1_000_000);
        _deposit(keeper, 1);
        _give(victim, maker, CALL, 100 * CONTRACT);
        margin.setMark(InstrumentId.unwrap(CALL), mark * WAD);
    }

    function _order(uint256 fraction) internal view returns (BidOrder memory) {
        return BidOrder(victim, bidder, fraction, 1, type(int128).max, uint40(_now()));
    }

    function _bid(uint256 fraction) internal returns (Sale memory) {
        return _send(_order(fraction));
    }

    function _send(BidOrder memory order) internal returns (Sale memory) {
        vm.prank(_owner(order.bidder));
        return liquidation.bid(order);
    }

    function _refuse(BidOrder memory order, bytes memory reason) internal {
        vm.prank(_owner(order.bidder));
        vm.expectRevert(reason);
        liquidation.bid(order);
    }

    function _wait(uint256 time) internal {
        vm.warp(_now() + time);
    }

    /// @dev Flags the victim, declares it bankrupt, and waits for the end of its auction and for the notice.
    function _runOut(AccountId account) internal {
        liquidation.flag(account, NOBODY);
        _wait(3_600);
        deleveraging.announce(account);
        _wait(900);
    }

    // ------------------------------------------------------------------ reading

    function _assess(AccountId account, Pass pass) internal view returns (Assessment memory) {
        return margin.assess(ledger.holdingsOf(account), pass);
    }

    function _equity(AccountId account) internal view returns (int256) {
        return _assess(account, Pass.MAINTENANCE).equity;
    }

    /// @dev Cash less debt, units.
    function _net(AccountId account) internal view returns (int256) {
        Cash memory cash = ledger.cashOf(account);
        return int256(cash.principal + cash.profit) - int256(cash.debt);
    }

    function _assertConserved(uint256 tokens) internal view {
        GroupSums memory sums = ledger.sumsOf(MAIN);
        assertEq(sums.tokens, tokens, "tokens");
        assertEq(sums.principal + sums.profit + sums.fund - sums.debt, tokens, "principal + profit + fund - debt");
    }

    function assertEqInt(int256 got, int256 expected, string memory what) internal pure {
        assertEq(uint256(got), uint256(expected), what);
    }
}
