// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {
    AccountId, ChainId, FUTURE_LEG, Holdings, InstrumentId, LOTS_PER_CONTRACT, Position, chainOf, legOf, optionOf, ownerOf
} from "../interfaces/ClearingTypes.sol";
import {ChainRecord, IChains, LadderStatus} from "../interfaces/IChains.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {ILiquidation} from "../interfaces/ILiquidation.sol";
import {Assessment, Footing, IMargin, Pass} from "../interfaces/IMargin.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {IPayoff} from "../interfaces/IPayoff.sol";
import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISurfaceOracle, StoredSlice} from "../interfaces/ISurfaceOracle.sol";
import {ITrading, Order} from "../interfaces/ITrading.sol";
import {HoldingsSlice} from "../liquidation/HoldingsSlice.sol";
import {isSigned} from "../parameters/SignatureCheck.sol";
import {hashOrder} from "./OrderHash.sol";
import {hasObligation, isRiskReduced} from "./TradeRule.sol";

/// @dev What trading asks.
struct TradingParts {
    IRiskParameters parameters;
    ILedger ledger;
    IMargin margin;
    IChains chains;
    IPriceFeed feed;
    ILiquidation liquidation;
    address treasury; // owner of the accounts that fees go to
}

/// @title Matched trades
/// @dev Calls only contracts fixed at deployment, and the signers' wallets statically: nobody can come back in.
contract Trading is ITrading, EIP712 {
    using SafeCast for int256;
    using HoldingsSlice for Holdings;
    using SafeCast for uint256;

    uint256 private constant BPS = 10_000;
    /// @dev Hundredths of a basis point in one.
    uint256 private constant FEE_SCALE = 1_000_000;
    ParamId private constant FEE = ParamId.wrap("trading.fee");
    ParamId private constant OPEN_INTEREST_CAP = ParamId.wrap("market.openInterestCap");
    ParamId private constant CONTRIBUTION_RATE = ParamId.wrap("insurance.contributionRate");
    ParamId private constant DEBT_CAP = ParamId.wrap("cash.debtCap");
    ParamId private constant POOL_DEBT_CAP = ParamId.wrap("cash.poolDebtCap");
    ParamId private constant LIQUIDATION_FEE = ParamId.wrap("liquidation.fee");

    IRiskParameters private immutable PARAMETERS;
    ILedger private immutable LEDGER;
    IMargin private immutable MARGIN;
    IChains private immutable CHAINS;
    IPriceFeed private immutable FEED;
    ILiquidation private immutable LIQUIDATION;
    address private immutable TREASURY;

    mapping(bytes32 digest => uint256 lots) private _filled;
    mapping(address owner => mapping(uint256 word => uint256 bits)) private _usedNonces;
    mapping(address owner => uint256 nonce) private _leastNonce;

    /// @dev A side of the trade as it goes through.
    struct Party {
        AccountId account;
        Holdings before;
        uint256 debt;
        int256 held; // lots in the instrument, before
        bool mayOnlyReduce;
    }

    /// @dev What both sides share.
    struct Terms {
        InstrumentId instrument;
        ScopeId group;
        ScopeId market;
        uint16 marketNumber;
        uint256 lots;
        uint256 price;
        uint256 unit; // of cash
        uint256 openInterest; // of the market, before
    }

    constructor(TradingParts memory parts) EIP712("Ballast Trading", "1") {
        (PARAMETERS, LEDGER, MARGIN, CHAINS) = (parts.parameters, parts.ledger, parts.margin, parts.chains);
        (FEED, LIQUIDATION, TREASURY) = (parts.feed, parts.liquidation, parts.treasury);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc ITrading
    function digestOf(Order calldata order) public view returns (bytes32) {
        return _hashTypedDataV4(hashOrder(order));
    }

    /// @inheritdoc ITrading
    function filledOf(bytes32 digest) external view returns (uint256) {
        return _filled[digest];
    }

    /// @inheritdoc ITrading
    function isNonceUsed(address owner, uint256 nonce) public view returns (bool) {
        return nonce < _leastNonce[owner] || (_usedNonces[owner][nonce >> 8] >> (nonce & 255)) & 1 != 0;
    }

    /// @inheritdoc ITrading
    function feeAccountOf(ScopeId group) public view returns (AccountId) {
        // The scope's name starts in the second byte; twelve of its bytes are the sub-account.
        return AccountId.wrap((uint256(uint160(TREASURY)) << 96) | (uint256(ScopeId.unwrap(group)) << 8 >> 160));
    }

    // ------------------------------------------------------------------ owners

    /// @inheritdoc ITrading
    function cancel(uint256[] calldata nonces) external {
        for (uint256 i = 0; i < nonces.length; ++i) {
            _useNonce(msg.sender, nonces[i]);
            emit NonceCancelled(msg.sender, nonces[i]);
        }
    }

    /// @inheritdoc ITrading
    function cancelBelow(uint256 nonce) external {
        if (nonce <= _leastNonce[msg.sender]) revert Trading_NonceNotRising(nonce, _leastNonce[msg.sender]);
        _leastNonce[msg.sender] = nonce;
        emit NoncesCancelledBelow(msg.sender, nonce);
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc ITrading
    function trade(Order calldata maker, Order calldata taker, uint256 lots, bytes calldata makerSignature, bytes calldata takerSignature)
        external
    {
        _requireMatch(maker, taker, lots);
        _fill(maker, lots, makerSignature);
        _fill(taker, lots, takerSignature);
        Terms memory terms = _termsOf(maker, lots);
        Party memory making = _partyOf(maker, terms);
        Party memory taking = _partyOf(taker, terms);

        _exchange(maker, taker, terms);
        uint256 makerFee = _charge(maker, terms);
        uint256 takerFee = _charge(taker, terms);
        emit Traded(
            maker.account, taker.account, terms.instrument, taker.lots > 0 ? int256(lots) : -int256(lots), terms.price, makerFee, takerFee
        );

        _requireOpenInterest(terms);
        _requireParty(making, terms);
        _requireParty(taking, terms);
    }

    // ------------------------------------------------------------------ orders

    function _requireMatch(Order calldata maker, Order calldata taker, uint256 lots) private view {
        if (lots == 0) revert Trading_NothingTraded();
        if (InstrumentId.unwrap(maker.instrument) != InstrumentId.unwrap(taker.instrument)) {
            revert Trading_OtherInstrument(maker.instrument, taker.instrument);
        }
        if ((maker.lots > 0) == (taker.lots > 0)) revert Trading_SameSide(maker.lots, taker.lots);
        address owner = ownerOf(maker.account);
        if (owner == ownerOf(taker.account)) revert Trading_SelfTrade(owner);
        bool crosses = taker.lots > 0 ? maker.limitPrice <= taker.limitPrice : maker.limitPrice >= taker.limitPrice;
        if (!crosses) revert Trading_PricesDoNotCross(maker.limitPrice, taker.limitPrice);
        ChainId chain = chainOf(maker.instrument);
        ChainRecord memory record = CHAINS.record(chain);
        if (record.market == 0) revert Trading_UnknownChain(chain);
        if (block.timestamp >= record.expiry) revert Trading_ChainExpired(chain, record.expiry);
    }

    /// @dev Signature, expiry, nonce and what is left; counts the fill.
    function _fill(Order calldata order, uint256 lots, bytes calldata signature) private {
        if (block.timestamp > order.expiry) revert Trading_Expired(order.account, order.expiry, block.timestamp);
        address owner = ownerOf(order.account);
        if (isNonceUsed(owner, order.nonce)) revert Trading_NonceUsed(order.account, order.nonce);
        bytes32 digest = digestOf(order);
        uint256 filled = _filled[digest] + lots;
        uint256 size = _size(order.lots);
        if (filled > size) revert Trading_MoreThanLeft(order.account, lots, size - _filled[digest]);
        if (!isSigned(owner, digest, signature)) revert Trading_BadSignature(order.account);
        _filled[digest] = filled;
        if (filled == size) _useNonce(owner, order.nonce);
        emit OrderFilled(digest, order.account, order.nonce, filled);
    }

    function _useNonce(address owner, uint256 nonce) private {
        _usedNonces[owner][nonce >> 8] |= 1 << (nonce & 255);
    }

    // ------------------------------------------------------------------ the exchange

    function _termsOf(Order calldata maker, uint256 lots) private view returns (Terms memory terms) {
        terms.instrument = maker.instrument;
        terms.group = LEDGER.groupOf(maker.account);
        if (ScopeId.unwrap(terms.group) == 0) revert Trading_NotOpen(maker.account);
        terms.marketNumber = CHAINS.record(chainOf(maker.instrument)).market;
        terms.market = CHAINS.marketOf(terms.marketNumber);
        (terms.lots, terms.price) = (lots, maker.limitPrice);
        terms.unit = LEDGER.cashUnit(terms.group);
        terms.openInterest = LEDGER.marketOpenInterestOf(terms.marketNumber);
    }

    function _partyOf(Order calldata order, Terms memory terms) private view returns (Party memory party) {
        party.account = order.account;
        party.before = LEDGER.holdingsOf(order.account);
        party.debt = LEDGER.cashOf(order.account).debt;
        party.held = LEDGER.positionOf(order.account, terms.instrument);
        party.mayOnlyReduce = LIQUIDATION.isFlagged(order.account) || LEDGER.sumsOf(terms.group).halted;
    }

    /// @dev Positions one way, cash value the other.
    function _exchange(Order calldata maker, Order calldata taker, Terms memory terms) private {
        (AccountId buyer, AccountId seller) = taker.lots > 0 ? (taker.account, maker.account) : (maker.account, taker.account);
        Position[] memory positions = new Position[](1);
        positions[0] = Position(terms.instrument, terms.lots.toInt256());
        LEDGER.transferPositions(seller, buyer, positions);

        // Known from the first trade on, so read after it.
        int256 value = terms.price.toInt256() - LEDGER.referenceOf(terms.instrument).toInt256();
        if (value == 0) return;
        (AccountId payer, AccountId receiver) = value > 0 ? (buyer, seller) : (seller, buyer);
        uint256 product = terms.lots * _size(value) * terms.unit;
        uint256 scale = LOTS_PER_CONTRACT * 1e18;
        uint256 received = product / scale;
        LEDGER.pay(payer, receiver, received);
        if (product % scale != 0) LEDGER.payToFund(payer, 1);
    }

    /// @return fee Paid by this side, cash units, rounded up.
    function _charge(Order calldata order, Terms memory terms) private returns (uint256 fee) {
        uint64 rate = PARAMETERS.valueOf(terms.market, FEE);
        if (rate > order.maxFee) revert Trading_FeeTooHigh(order.account, rate, order.maxFee);
        (uint128 index,) = FEED.lastOf(terms.market);
        uint256 scale = LOTS_PER_CONTRACT * 1e18 * FEE_SCALE;
        fee = (terms.lots * index * rate * terms.unit + scale - 1) / scale;
        if (fee == 0) return 0;
        uint256 contribution = (fee * PARAMETERS.valueOf(terms.group, CONTRIBUTION_RATE) + BPS - 1) / BPS;
        LEDGER.payToFund(order.account, contribution);
        if (fee > contribution) LEDGER.pay(order.account, feeAccountOf(terms.group), fee - contribution);
    }

    // ------------------------------------------------------------------ limits

    function _requireOpenInterest(Terms memory terms) private view {
        uint256 lots = LEDGER.marketOpenInterestOf(terms.marketNumber);
        if (lots <= terms.openInterest) return;
        uint256 cap = PARAMETERS.valueOf(terms.market, OPEN_INTEREST_CAP) * LOTS_PER_CONTRACT;
        if (lots > cap) revert Trading_OpenInterestCap(terms.marketNumber, lots, cap);
    }

    function _requireParty(Party memory party, Terms memory terms) private view {
        uint256 debt = LEDGER.cashOf(party.account).debt;
        if (debt > party.debt) {
            uint256 cap = PARAMETERS.valueOf(terms.group, DEBT_CAP);
            if (debt > cap * terms.unit) revert Trading_DebtCap(party.account, debt * 1e18 / terms.unit, cap * 1e18);
            uint256 borrowed = LEDGER.borrowedOf(terms.group);
            cap = PARAMETERS.valueOf(terms.group, POOL_DEBT_CAP);
            if (borrowed > cap * terms.unit) revert Trading_PoolDebtCap(terms.group, borrowed * 1e18 / terms.unit, cap * 1e18);
        }
        Holdings memory holdings = LEDGER.holdingsOf(party.account);
        Assessment memory after_ = MARGIN.assess(holdings, Pass.INITIAL);
        if (!party.mayOnlyReduce && after_.footing == Footing.PROVED && after_.free >= 0) return;

        Assessment memory before = MARGIN.assess(party.before, Pass.INITIAL);
        if (before.footing != Footing.PROVED || after_.footing != Footing.PROVED) {
            // Values may be false: nothing new is taken on at them, and no cash borrowed.
            bool closes = _size(LEDGER.positionOf(party.account, terms.instrument)) + terms.lots == _size(party.held);
            if (!closes || debt > party.debt) revert Trading_NotProved(party.account, before.footing, after_.footing);
            if (before.footing == Footing.NONE || after_.footing == Footing.NONE) {
                if (debt != 0 || hasObligation(holdings)) revert Trading_NoValues(party.account);
                return;
            }
            if (!_allProved(party.before)) _requireFairPrice(party, terms);
        }
        if (!isRiskReduced(before, after_)) revert Trading_RiskNotReduced(party.account, after_.free, party.mayOnlyReduce);
    }

    /// @dev Ladders that signers alone vouch for may say anything of what the party can afford, so what it pays to close is held to the surface itself.
    function _requireFairPrice(Party memory party, Terms memory terms) private view {
        (uint256 fair, uint256 base) = _fairOf(terms);
        uint256 band = base * PARAMETERS.valueOf(terms.market, LIQUIDATION_FEE) / BPS;
        bool off = party.held < 0 ? terms.price > fair + band : terms.price + band < fair;
        if (off) revert Trading_PriceOffSurface(party.account, terms.price, fair, band);
    }

    /// @return fair Value of a contract by the surface, at the price of now.
    /// @return base What the tolerance is a part of: the price of the underlying, or the most that the option can pay if that is less.
    function _fairOf(Terms memory terms) private view returns (uint256 fair, uint256 base) {
        ChainId chain = chainOf(terms.instrument);
        uint40 expiry = CHAINS.record(chain).expiry;
        ISurfaceOracle surfaces = CHAINS.surfaces();
        StoredSlice memory slice = surfaces.sliceOf(terms.market, expiry);
        if (slice.version == 0 || block.timestamp > slice.validUntil) revert Trading_NoSurface(chain, slice.validUntil);
        base = FEED.read(terms.market).price;
        if (base == 0) (base,) = FEED.lastOf(terms.market);
        fair = base * slice.forwardRatio / 1e18;
        uint8 leg = legOf(terms.instrument);
        if (leg == FUTURE_LEG) return (fair, base);

        (uint128[] memory strikes, IPayoff payoff) = CHAINS.strikesOf(chain);
        (uint256 number, bool isCall) = optionOf(leg);
        uint256 strike = strikes[number];
        fair = payoff.value(strike, isCall, fair, surfaces.volAt(terms.market, expiry, strike), expiry - block.timestamp);
        base = Math.min(base, payoff.payoff(strike, isCall, isCall ? type(uint128).max : 1));
    }

    function _allProved(Holdings memory holdings) private view returns (bool) {
        for (uint256 i = holdings.chainCount(); i != 0; --i) {
            if (CHAINS.record(holdings.chainAt(i - 1)).status != LadderStatus.PROVED) return false;
        }
        return true;
    }

    function _size(int256 signed) private pure returns (uint256) {
        return uint256(signed < 0 ? -signed : signed);
    }
}
