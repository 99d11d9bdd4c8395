// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {AccountId, Holdings} from "../interfaces/ClearingTypes.sol";
import {Collateral} from "../interfaces/ICollaterals.sol";
import {Assessment, Pass} from "../interfaces/IMargin.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {Price, PriceStatus} from "../interfaces/IPriceFeed.sol";
import {CollateralOrder, IVault, SaleOffer} from "../interfaces/IVault.sol";
import {Custody} from "./Custody.sol";

/// @dev Sale of the collateral behind a debt above its limit (contract-rules B11).
abstract contract DebtSale is Custody {
    /// @inheritdoc IVault
    uint256 public constant SALE_DURATION = 1 hours;
    /// @inheritdoc IVault
    uint256 public constant CALL_VALIDITY = 24 hours;
    /// @inheritdoc IVault
    uint256 public constant SALE_TARGET_BPS = 9_000;
    /// @inheritdoc IVault
    uint256 public constant LEAST_SALE = 100e18;

    uint256 private constant WAD = 1e18;
    ParamId private constant DEBT_CAP = ParamId.wrap("cash.debtCap");
    ParamId private constant POOL_DEBT_CAP = ParamId.wrap("cash.poolDebtCap");
    ParamId private constant HAIRCUT = ParamId.wrap("collateral.haircut");

    /// @inheritdoc IVault
    mapping(AccountId account => uint40) public calledAt;

    /// @dev One purchase under way.
    struct Deal {
        ScopeId group;
        Holdings before;
        uint256 place;
        Collateral asset;
        SaleOffer offer;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IVault
    function debtOf(AccountId account) external view returns (uint256 debt, uint256 limit) {
        Holdings memory holdings = _holdingsOf(account);
        return _debtOf(holdings.group, holdings.cash);
    }

    /// @inheritdoc IVault
    function offerOf(AccountId account, address token) external view returns (SaleOffer memory) {
        return _dealOf(account, token).offer;
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc IVault
    function callDebt(AccountId account) external {
        if (!FEED.sequencerReady()) revert Vault_SequencerNotReady();
        _requireNotFlagged(account);
        uint256 until = _callEnd(account);
        if (block.timestamp <= until) revert Vault_AlreadyCalled(account, until);
        Holdings memory holdings = _holdingsOf(account);
        (uint256 debt, uint256 limit) = _debtOf(holdings.group, holdings.cash);
        if (debt <= limit) revert Vault_DebtWithinLimit(account, debt, limit);
        calledAt[account] = uint40(block.timestamp);
        emit DebtCalled(account, debt, limit, block.timestamp + CALL_VALIDITY);
    }

    /// @inheritdoc IVault
    function endCall(AccountId account) external {
        if (calledAt[account] == 0) revert Vault_NotCalled(account);
        Holdings memory holdings = LEDGER.holdingsOf(account);
        (uint256 debt, uint256 limit) = _debtOf(holdings.group, holdings.cash);
        if (debt > limit) revert Vault_DebtAboveLimit(account, debt, limit);
        _endCall(account, debt);
    }

    /// @inheritdoc IVault
    function buyCollateral(CollateralOrder calldata order) external nonReentrant returns (uint256 sold, uint256 paid) {
        if (block.timestamp > order.deadline) revert Vault_Expired(order.deadline, block.timestamp);
        (AccountId account, address token) = (order.account, order.token);
        _requireNotFlagged(account);
        Deal memory deal = _dealOf(account, token);
        if (deal.offer.price > order.maxPrice) revert Vault_Price(deal.offer.price, order.maxPrice);
        sold = Math.min(order.amount, deal.offer.amount);
        if (sold == 0) revert Vault_NothingGiven();
        if (sold < order.minAmount) revert Vault_LessThanAsked(sold, order.minAmount);
        paid = _costOf(deal, sold);
        uint256 wadPerUnit = WAD / LEDGER.cashUnit(deal.group);
        if (sold != deal.offer.amount && paid * wadPerUnit < LEAST_SALE) revert Vault_SaleTooSmall(paid * wadPerUnit, LEAST_SALE);

        _bookOut(deal.group, token, sold);
        LEDGER.creditCash(account, deal.group, paid);
        // Worth what was paid for it: a sale is neither a deposit nor a withdrawal.
        LEDGER.debitCollateral(account, deal.place, sold, paid * wadPerUnit);
        _judge(account, deal);
        emit CollateralSold(account, deal.group, token, msg.sender, sold, paid, order.to);
        _takeIn(deal.group, _cashOf(deal.group), paid);
        _send(token, sold, order.to);
    }

    // ------------------------------------------------------------------ parts

    /// @dev Units. Receipts that have not matured stand against the debt. While all debts of the group pass its cap, each limit is the part of the debt that,
    /// kept by everybody, would bring them there.
    function _debtOf(ScopeId group, int256 cash) internal view returns (uint256 debt, uint256 limit) {
        uint256 unit = LEDGER.cashUnit(group);
        limit = PARAMETERS.valueOf(group, DEBT_CAP) * unit;
        if (cash >= 0) return (0, limit);
        debt = uint256(-cash) * unit / WAD;
        uint256 pool = PARAMETERS.valueOf(group, POOL_DEBT_CAP) * unit;
        uint256 borrowed = LEDGER.borrowedOf(group);
        if (borrowed > pool) limit = Math.min(limit, debt * pool / borrowed);
    }

    function _holdingsOf(AccountId account) private view returns (Holdings memory holdings) {
        holdings = LEDGER.holdingsOf(account);
        if (ScopeId.unwrap(holdings.group) == 0) revert Vault_NotOpen(account);
    }

    /// @dev What is on sale, at the price of now; reverts when nothing is.
    function _dealOf(AccountId account, address token) private view returns (Deal memory deal) {
        uint256 called = calledAt[account];
        if (called == 0 || block.timestamp > _callEnd(account)) revert Vault_NotCalled(account);
        deal.before = LEDGER.holdingsOf(account);
        deal.group = deal.before.group;
        (deal.place, deal.asset) = _find(deal.group, token);
        if (deal.place == CASH) revert Vault_UnknownToken(deal.group, token);
        (uint256 debt, uint256 limit) = _debtOf(deal.group, deal.before.cash);
        if (debt <= limit) revert Vault_DebtWithinLimit(account, debt, limit);

        SaleOffer memory offer = deal.offer;
        offer.discountBps = PARAMETERS.effectiveOf(deal.asset.asset, HAIRCUT) * Math.min(block.timestamp - called, SALE_DURATION) / SALE_DURATION;
        offer.price = Math.ceilDiv(_markOf(deal.asset.feed) * (BPS - offer.discountBps), BPS);
        uint256 excess = (debt - limit * SALE_TARGET_BPS / BPS) * (WAD / LEDGER.cashUnit(deal.group));
        uint256 held = deal.place < deal.before.collateral.length ? deal.before.collateral[deal.place] : 0;
        offer.amount = Math.min(held, excess * 10 ** deal.asset.decimals / offer.price);
    }

    /// @dev The better of price and median for the account, as in a flag. A price that is not fresh would sell to whoever knows the true one.
    function _markOf(ScopeId feed) private view returns (uint256) {
        Price memory price = FEED.read(feed);
        if (price.status != PriceStatus.FRESH) revert Vault_NoPrice(feed);
        (uint256 median,) = FEED.medianOf(feed);
        return Math.max(price.price, median);
    }

    /// @dev Cash units, rounded up: at most what the debt is above its target, since the amount was rounded down.
    function _costOf(Deal memory deal, uint256 amount) private view returns (uint256) {
        return Math.mulDiv(
            amount, deal.offer.price * LEDGER.cashUnit(deal.group), WAD * 10 ** deal.asset.decimals, Math.Rounding.Ceil
        );
    }

    /// @dev Equity did not fall, since the discount is within the haircut; but what was sold may have hedged a position. Such a sale may not
    /// leave the account below maintenance: the auction of positions and collateral together is for that.
    function _judge(AccountId account, Deal memory deal) private {
        Holdings memory holdings = LEDGER.holdingsOf(account);
        if (holdings.chains.length != 0) {
            Assessment memory rest = MARGIN.assess(holdings, Pass.MAINTENANCE);
            if (rest.equity < int256(rest.requirement)) {
                uint256 before = MARGIN.assess(deal.before, Pass.MAINTENANCE).requirement;
                if (rest.requirement > before) revert Vault_HedgeOnSale(account, rest.equity, rest.requirement, before);
            }
        }
        (uint256 debt, uint256 limit) = _debtOf(deal.group, holdings.cash);
        if (debt <= limit) _endCall(account, debt);
    }

    function _endCall(AccountId account, uint256 debt) private {
        delete calledAt[account];
        emit CallEnded(account, debt);
    }

    /// @dev Last second of the call; zero when there was none.
    function _callEnd(AccountId account) private view returns (uint256) {
        uint256 called = calledAt[account];
        return called == 0 ? 0 : called + CALL_VALIDITY;
    }
}
