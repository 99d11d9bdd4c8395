// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AccountId, ChainId, Holdings, LOTS_PER_CONTRACT, Position, ownerOf} from "../interfaces/ClearingTypes.sol";
import {ChainRecord, IChains, LadderStatus} from "../interfaces/IChains.sol";
import {IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {Auction, BidOrder, ILiquidation, LiquidationTerms, Quote, Sale} from "../interfaces/ILiquidation.sol";
import {ILiquidationMeter} from "../interfaces/ILiquidationMeter.sol";
import {Assessment, Footing, IMargin, Pass} from "../interfaces/IMargin.sol";
import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {ChainSlice, HoldingsSlice} from "./HoldingsSlice.sol";
import {SliceMath} from "./SliceMath.sol";

/// @title Liquidation: flags, Dutch auctions of slices, the meter of what was liquidated
/// @dev Calls nobody but the protocol's own contracts, which call back none: the ledger's modules move entries, not tokens.
contract Liquidation is ILiquidation {
    using HoldingsSlice for Holdings;

    /// @inheritdoc ILiquidation
    uint256 public constant DUST = 100e18;
    /// @inheritdoc ILiquidation
    uint256 public constant GRACE = 1 hours;
    /// @inheritdoc ILiquidation
    uint256 public constant STALE_FACTOR = 4;

    uint256 private constant WAD = SliceMath.WAD;
    uint256 private constant BPS = 10_000;
    /// @dev Excess over the target that a slice may leave, of the target before it: what liquidity charges make of the closed form, which they over-size.
    uint256 private constant TOLERANCE_BPS = 1_000;
    /// @dev Both durations of an account that holds collateral and debt alone, in no market.
    uint24 private constant COLLATERAL_DURATION = 1 hours;
    /// @dev More cash than any account has, USD wad: puts it above maintenance, or taken away below.
    int256 private constant SIDE = 2 ** 120;
    /// @dev {Auction.rewardLeft} of one USD.
    uint256 private constant CENTS = 100;

    ParamId private constant FEE = ParamId.wrap("liquidation.fee");
    ParamId private constant FEE_CAP = ParamId.wrap("liquidation.feeCap");
    ParamId private constant LIQUIDATOR_SHARE = ParamId.wrap("liquidation.liquidatorShare");
    ParamId private constant BUFFER = ParamId.wrap("liquidation.buffer");
    ParamId private constant DURATION = ParamId.wrap("liquidation.duration");
    ParamId private constant BANKRUPT_DURATION = ParamId.wrap("liquidation.bankruptDuration");
    ParamId private constant KEEPER_REWARD = ParamId.wrap("liquidation.keeperReward");
    ParamId private constant DEBT_CAP = ParamId.wrap("cash.debtCap");
    ParamId private constant POOL_DEBT_CAP = ParamId.wrap("cash.poolDebtCap");

    IRiskParameters private immutable PARAMETERS;
    IPriceFeed private immutable FEED;
    IChains private immutable CHAINS;
    IMargin private immutable MARGIN;
    ILedger private immutable LEDGER;
    IInsuranceFund private immutable FUND;

    mapping(AccountId account => Auction) private _auctions;
    /// @inheritdoc ILiquidationMeter
    mapping(ScopeId market => uint256) public liquidatedNotional;

    /// @dev One bid under way.
    struct Deal {
        Auction auction;
        Holdings holdings;
        Assessment before;
        Quote quote;
        uint256 remaining; // maintenance after the slice, USD wad
        uint256 wadPerUnit; // of cash
    }

    constructor(IRiskParameters parameters, IPriceFeed feed, IChains chains, IMargin margin, ILedger ledger, IInsuranceFund fund) {
        PARAMETERS = parameters;
        FEED = feed;
        CHAINS = chains;
        MARGIN = margin;
        LEDGER = ledger;
        FUND = fund;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc ILiquidation
    function auctionOf(AccountId account) external view returns (Auction memory) {
        return _auctions[account];
    }

    /// @inheritdoc ILiquidation
    function isFlagged(AccountId account) public view returns (bool) {
        return _auctions[account].flaggedAt != 0;
    }

    /// @inheritdoc ILiquidation
    function quoteOf(AccountId account) external view returns (Quote memory) {
        Auction memory auction = _flagged(account);
        Holdings memory holdings = LEDGER.holdingsOf(account);
        return _quote(auction, holdings, MARGIN.assess(holdings, Pass.MAINTENANCE));
    }

    /// @inheritdoc ILiquidation
    function endOf(AccountId account) external view returns (uint256) {
        Auction memory auction = _auctions[account];
        return auction.bankruptAt == 0 ? 0 : uint256(auction.bankruptAt) + auction.terms.bankruptDuration;
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc ILiquidation
    function flag(AccountId account, AccountId keeper) external {
        uint40 flaggedAt = _auctions[account].flaggedAt;
        if (flaggedAt != 0) revert Liquidation_AlreadyFlagged(account, flaggedAt);
        _checkSequencer();
        Holdings memory holdings = LEDGER.holdingsOf(account);
        if (AccountId.unwrap(keeper) != 0) _checkOther(account, keeper, holdings.group);
        Assessment memory assessed = _assess(account, holdings);
        int256 equity = assessed.equity;
        if (equity >= int256(assessed.requirement)) revert Liquidation_Healthy(account, equity, assessed.requirement);
        uint256 torn = LEDGER.tornAt(account);
        if (torn != 0 && block.timestamp < torn + GRACE && 2 * equity >= int256(assessed.requirement)) {
            revert Liquidation_Grace(account, torn + GRACE);
        }

        (LiquidationTerms memory terms, uint256 reward) = _termsOf(holdings);
        (, uint32 stamp) = PARAMETERS.head();
        _auctions[account] = Auction({
            flaggedAt: uint40(block.timestamp),
            bankruptAt: equity < 0 ? uint40(block.timestamp) : 0,
            terms: terms,
            backstop: false,
            rewardLeft: AccountId.unwrap(keeper) == 0 ? 0 : SafeCast.toUint24(reward * CENTS),
            stamp: stamp,
            keeper: keeper
        });
        emit AccountFlagged(account, keeper, equity, assessed.requirement, terms, stamp);
        if (equity < 0) emit BankruptcyDeclared(account, equity);
    }

    /// @inheritdoc ILiquidation
    function declareBankrupt(AccountId account) external {
        Auction memory auction = _flagged(account);
        _checkSequencer();
        int256 equity = _assess(account, LEDGER.holdingsOf(account)).equity;
        if (equity >= 0 || auction.bankruptAt != 0) revert Liquidation_NotBankrupt(account, equity);
        _declare(account, equity);
    }

    /// @inheritdoc ILiquidation
    function bid(BidOrder calldata order) external returns (Sale memory sale) {
        if (block.timestamp > order.deadline) revert Liquidation_Expired(order.deadline, block.timestamp);
        if (msg.sender != ownerOf(order.bidder)) revert Liquidation_NotOwner(order.bidder, msg.sender);
        if (order.fraction > WAD || order.minFraction == 0 || order.minFraction > order.fraction) {
            revert Liquidation_Fraction(order.fraction, order.minFraction);
        }
        _checkSequencer();
        Deal memory deal;
        deal.auction = _flagged(order.account);
        if (isFlagged(order.bidder)) revert Liquidation_BidderFlagged(order.bidder);
        deal.holdings = LEDGER.holdingsOf(order.account);
        _checkOther(order.account, order.bidder, deal.holdings.group);
        deal.wadPerUnit = WAD / LEDGER.cashUnit(deal.holdings.group);
        deal.before = _assess(order.account, deal.holdings);
        deal.quote = _quote(deal.auction, deal.holdings, deal.before);
        if (deal.quote.bankrupt && deal.auction.bankruptAt == 0) _declare(order.account, deal.before.equity);

        sale.fraction = SliceMath.least(order.fraction, deal.quote.maxFraction);
        if (sale.fraction == 0) revert Liquidation_Restored(order.account, deal.before.equity, deal.quote.target);
        if (sale.fraction < order.minFraction) revert Liquidation_LessThanAsked(sale.fraction, order.minFraction);
        _moveSlice(order, deal, sale);
        _settle(order, deal, sale);
        _judgeRest(order.account, deal, sale);
        _judgeBidder(order.bidder, deal.holdings.group);
    }

    /// @inheritdoc ILiquidation
    function release(AccountId account) external {
        Auction memory auction = _flagged(account);
        Holdings memory holdings = LEDGER.holdingsOf(account);
        Assessment memory assessed = MARGIN.assess(holdings, Pass.MAINTENANCE);
        if (assessed.footing < Footing.POSTED) revert Liquidation_Footing(account, assessed.footing, Footing.POSTED);
        uint256 target = SliceMath.restorationTarget(assessed.requirement, auction.terms.bufferBps);
        if (assessed.equity < int256(target) || (auction.backstop && !holdings.isEmpty())) {
            revert Liquidation_NotRestored(account, assessed.equity, target);
        }
        _end(account, assessed.equity, assessed.requirement);
    }

    // ------------------------------------------------------------------ modules

    /// @inheritdoc ILiquidation
    function offerBackstop(AccountId backstop, AccountId bankrupt) external {
        if (!LEDGER.isModule(msg.sender)) revert Liquidation_NotModule(msg.sender);
        if (msg.sender != ownerOf(backstop)) revert Liquidation_NotOwner(backstop, msg.sender);
        Auction memory auction = _flagged(bankrupt);
        _auctions[backstop] =
            Auction(uint40(block.timestamp), 0, auction.terms, true, 0, auction.stamp, AccountId.wrap(0));
        emit BackstopOffered(backstop, auction.terms);
    }

    // ------------------------------------------------------------------ a bid, step by step

    /// @dev Positions and collateral change hands; what the account then has tells what they were worth and what they released.
    function _moveSlice(BidOrder calldata order, Deal memory deal, Sale memory sale) private {
        (Position[] memory positions, ChainSlice[] memory chains) = deal.holdings.take(sale.fraction);
        if (positions.length != 0) LEDGER.transferPositions(order.account, order.bidder, positions);
        bool moved = positions.length != 0;
        for (uint256 i = 0; i < deal.holdings.collateral.length; ++i) {
            uint256 amount = deal.holdings.collateral[i] * sale.fraction / WAD;
            if (amount == 0) continue;
            moved = true;
            LEDGER.transferCollateral(order.account, order.bidder, i, amount);
        }
        if (!moved) revert Liquidation_EmptySlice(sale.fraction);

        Assessment memory rest = _assessRest(order.account, deal.before.free < 0);
        if (rest.requirement > deal.before.requirement) revert Liquidation_Worse(rest.requirement, deal.before.requirement);
        deal.remaining = rest.requirement;
        sale.value = deal.before.equity - rest.equity;
        uint256 released = deal.before.requirement - rest.requirement;
        if (deal.quote.bankrupt) {
            // The reward on the whole is the curve's share of the maintenance.
            sale.bidderPart = SliceMath.least(
                deal.quote.reward * sale.fraction / WAD,
                deal.before.requirement == 0 ? 0 : deal.quote.reward * released / deal.before.requirement
            );
        } else {
            uint256 taken = deal.before.deltaNotional > rest.deltaNotional ? deal.before.deltaNotional - rest.deltaNotional : 0;
            LiquidationTerms memory terms = deal.auction.terms;
            uint256 limit = SliceMath.feeCap(uint256(deal.before.equity), released, taken, terms)
                * _shareOf(deal.auction.flaggedAt, terms.duration, deal.before.footing) / WAD;
            sale.charge = SliceMath.sliceCharge(
                uint256(deal.before.equity), deal.before.requirement, released, deal.quote.charge, sale.fraction, limit
            );
        }
        _meter(chains);
    }

    /// @dev What is left, by the same choice of price and median as the whole: the median is read only below maintenance, and a rest not yet paid for may lie on the
    /// other side. Cash alone decides the side; the requirement does not depend on it.
    function _assessRest(AccountId account, bool below) private view returns (Assessment memory rest) {
        Holdings memory holdings = LEDGER.holdingsOf(account);
        int256 aside = below ? -SIDE : SIDE;
        holdings.cash += aside;
        rest = MARGIN.assess(holdings, Pass.MAINTENANCE);
        rest.equity -= aside;
    }

    /// @dev Cash moves, in units: payers rounded up, receivers down, what is left of a charge to the fund.
    function _settle(BidOrder calldata order, Deal memory deal, Sale memory sale) private {
        uint256 unit = deal.wadPerUnit;
        uint256 charge = sale.charge / unit;
        uint256 bidderPart = charge * deal.auction.terms.liquidatorShareBps / BPS;
        uint256 reward = deal.quote.bankrupt ? FUND.payOut(order.bidder, sale.bidderPart / unit) : 0;
        int256 price = sale.value < 0 ? -int256(uint256(-sale.value) / unit) : int256(Math.ceilDiv(uint256(sale.value), unit));
        price -= int256(bidderPart);
        if (price > 0) LEDGER.pay(order.bidder, order.account, uint256(price));
        else LEDGER.pay(order.account, order.bidder, uint256(-price));

        uint256 keeperPart = _payKeeper(order.account, deal, charge - bidderPart);
        uint256 fundPart = charge - bidderPart - keeperPart;
        if (fundPart != 0) LEDGER.payToFund(order.account, fundPart);
        price -= int256(reward);
        int256 limit = order.maxPrice * int256(sale.fraction) / int256(WAD);
        if (price * int256(unit) > limit) revert Liquidation_Price(price * int256(unit), limit);

        sale.charge = charge * unit;
        sale.bidderPart = (bidderPart + reward) * unit;
        emit SliceSold(order.account, order.bidder, sale.fraction, price, fundPart, keeperPart, reward);
    }

    /// @dev Out of the fund's part: the bidder's price does not depend on who flagged.
    function _payKeeper(AccountId account, Deal memory deal, uint256 available) private returns (uint256 paid) {
        uint256 left = deal.auction.rewardLeft;
        if (left == 0 || available == 0) return 0;
        uint256 cashUnit = WAD / deal.wadPerUnit;
        paid = SliceMath.least(available, left * cashUnit / CENTS);
        // At most `left`: `paid` is at most its value in units. Less than a cent is lost by a part.
        _auctions[account].rewardLeft = uint24(left - Math.ceilDiv(paid * CENTS, cashUnit));
        LEDGER.pay(account, deal.auction.keeper, paid);
    }

    /// @dev Restored, or still on sale, or sold beyond need.
    function _judgeRest(AccountId account, Deal memory deal, Sale memory sale) private {
        if (deal.quote.bankrupt) return;
        int256 equity = deal.before.equity - int256(sale.charge);
        if (deal.auction.backstop) {
            sale.ended = sale.fraction == WAD;
        } else {
            int256 target = int256(SliceMath.restorationTarget(deal.remaining, deal.auction.terms.bufferBps));
            int256 tolerance = int256(deal.quote.target * TOLERANCE_BPS / BPS);
            if (sale.fraction != WAD && equity - target > tolerance) {
                revert Liquidation_Excessive(uint256(equity - target), uint256(tolerance));
            }
            sale.ended = equity >= target;
        }
        if (sale.ended) _end(account, equity, deal.remaining);
    }

    /// @dev Taking a slice is new risk: the widest pass, and values that are proved. On a stale price proved ladders serve, since the pass widens its scan by the
    /// age (contract-rules A13: sales go on).
    function _judgeBidder(AccountId bidder, ScopeId group) private view {
        Holdings memory holdings = LEDGER.holdingsOf(bidder);
        Assessment memory assessed = MARGIN.assess(holdings, Pass.INITIAL);
        if (assessed.footing != Footing.PROVED && !(assessed.footing == Footing.STALE && _allProved(holdings))) {
            revert Liquidation_Footing(bidder, assessed.footing, Footing.PROVED);
        }
        if (assessed.free < 0) revert Liquidation_BidderMargin(bidder, assessed.free);
        if (holdings.cash >= 0) return;
        // Receipts that have not matured stand against the debt.
        uint256 unit = LEDGER.cashUnit(group);
        uint256 debt = uint256(-holdings.cash) * unit / WAD;
        uint256 limit = PARAMETERS.valueOf(group, DEBT_CAP) * unit;
        if (debt > limit) revert Liquidation_BidderDebt(bidder, debt, limit);
        uint256 borrowed = LEDGER.borrowedOf(group);
        limit = PARAMETERS.valueOf(group, POOL_DEBT_CAP) * unit;
        if (borrowed > limit) revert Liquidation_PoolDebt(group, borrowed, limit);
    }

    function _allProved(Holdings memory holdings) private view returns (bool) {
        for (uint256 i = holdings.chainCount(); i != 0; --i) {
            if (CHAINS.record(holdings.chainAt(i - 1)).status != LadderStatus.PROVED) return false;
        }
        return true;
    }

    /// @dev Index notional of the slice, by market, at the price of now.
    function _meter(ChainSlice[] memory chains) private {
        for (uint256 i = 0; i < chains.length; ++i) {
            if (chains[i].lots == 0) continue;
            uint16 market = CHAINS.record(chains[i].chain).market;
            uint256 lots = chains[i].lots;
            for (uint256 j = i + 1; j < chains.length; ++j) {
                if (chains[j].lots == 0 || CHAINS.record(chains[j].chain).market != market) continue;
                lots += chains[j].lots;
                chains[j].lots = 0;
            }
            ScopeId scope = CHAINS.marketOf(market);
            uint256 notional = lots * FEED.read(scope).price / LOTS_PER_CONTRACT;
            uint256 total = liquidatedNotional[scope] + notional;
            liquidatedNotional[scope] = total;
            emit NotionalLiquidated(scope, notional, total);
        }
    }

    // ------------------------------------------------------------------ quotes and terms

    function _quote(Auction memory auction, Holdings memory holdings, Assessment memory assessed)
        private
        view
        returns (Quote memory quote)
    {
        LiquidationTerms memory terms = auction.terms;
        (quote.footing, quote.equity, quote.maintenance) = (assessed.footing, assessed.equity, assessed.requirement);
        quote.target = SliceMath.restorationTarget(quote.maintenance, terms.bufferBps);
        quote.price = quote.equity - holdings.cash;
        quote.bankrupt = quote.equity < 0;
        if (quote.bankrupt) {
            quote.maxFraction = WAD;
            uint256 start = auction.bankruptAt == 0 ? block.timestamp : auction.bankruptAt;
            uint256 allowance = FUND.payoutAllowance(holdings.group) * (WAD / LEDGER.cashUnit(holdings.group));
            quote.reward = SliceMath.least(quote.maintenance * _shareOf(start, terms.bankruptDuration, quote.footing) / WAD, allowance);
            return quote;
        }
        uint256 equity = uint256(quote.equity);
        quote.charge = SliceMath.feeCap(equity, quote.maintenance, assessed.deltaNotional, terms)
            * _shareOf(auction.flaggedAt, terms.duration, quote.footing) / WAD;
        quote.bidderCharge = quote.charge * terms.liquidatorShareBps / BPS;
        quote.maxFraction =
            auction.backstop ? WAD : SliceMath.partialSize(equity, quote.maintenance, quote.charge, terms.bufferBps, DUST);
    }

    function _shareOf(uint256 start, uint256 duration, Footing footing) private view returns (uint256) {
        return SliceMath.dutchShare(block.timestamp - start, footing == Footing.STALE ? STALE_FACTOR * duration : duration);
    }

    /// @dev Of all markets held: the largest fee, cap, share, buffer and reward, the shortest durations.
    function _termsOf(Holdings memory holdings) private view returns (LiquidationTerms memory terms, uint256 reward) {
        uint256 count = holdings.chainCount();
        if (count == 0) {
            (terms.duration, terms.bankruptDuration) = (COLLATERAL_DURATION, COLLATERAL_DURATION);
            return (terms, 0);
        }
        (terms.duration, terms.bankruptDuration) = (type(uint24).max, type(uint24).max);
        uint256[] memory seen = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint16 market = CHAINS.record(holdings.chainAt(i)).market;
            seen[i] = market;
            uint256 j = 0;
            while (seen[j] != market) ++j;
            if (j != i) continue;
            ScopeId scope = CHAINS.marketOf(market);
            terms.feeBps = uint16(Math.max(terms.feeBps, _value16(scope, FEE)));
            terms.feeCapBps = uint16(Math.max(terms.feeCapBps, _value16(scope, FEE_CAP)));
            terms.liquidatorShareBps = uint16(Math.max(terms.liquidatorShareBps, _value16(scope, LIQUIDATOR_SHARE)));
            terms.bufferBps = uint16(Math.max(terms.bufferBps, _value16(scope, BUFFER)));
            terms.duration = uint24(Math.min(terms.duration, PARAMETERS.valueOf(scope, DURATION)));
            terms.bankruptDuration = uint24(Math.min(terms.bankruptDuration, PARAMETERS.valueOf(scope, BANKRUPT_DURATION)));
            reward = Math.max(reward, PARAMETERS.valueOf(scope, KEEPER_REWARD));
        }
    }

    /// @dev Their ceilings are far below 2^16: `config/catalogues`.
    function _value16(ScopeId scope, ParamId id) private view returns (uint256) {
        return SafeCast.toUint16(PARAMETERS.valueOf(scope, id));
    }

    // ------------------------------------------------------------------ checks and ends

    function _flagged(AccountId account) private view returns (Auction memory auction) {
        auction = _auctions[account];
        if (auction.flaggedAt == 0) revert Liquidation_NotFlagged(account);
    }

    function _assess(AccountId account, Holdings memory holdings) private view returns (Assessment memory assessed) {
        assessed = MARGIN.assess(holdings, Pass.MAINTENANCE);
        if (assessed.footing == Footing.NONE) revert Liquidation_Footing(account, Footing.NONE, Footing.STALE);
    }

    function _checkSequencer() private view {
        if (!FEED.sequencerReady()) revert Liquidation_SequencerNotReady();
    }

    function _checkOther(AccountId account, AccountId other, ScopeId group) private view {
        if (ownerOf(account) == ownerOf(other)) revert Liquidation_SameOwner(account, other);
        ScopeId given = LEDGER.groupOf(other);
        if (ScopeId.unwrap(given) != ScopeId.unwrap(group)) revert Liquidation_OtherGroup(other, given, group);
    }

    function _declare(AccountId account, int256 equity) private {
        _auctions[account].bankruptAt = uint40(block.timestamp);
        emit BankruptcyDeclared(account, equity);
    }

    function _end(AccountId account, int256 equity, uint256 maintenance) private {
        delete _auctions[account];
        emit AuctionEnded(account, equity, maintenance);
    }
}
