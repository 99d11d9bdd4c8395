// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AccountId, Holdings, ownerOf} from "../interfaces/ClearingTypes.sol";
import {CashToken, Collateral, ICollaterals} from "../interfaces/ICollaterals.sol";
import {Cash, ILedger} from "../interfaces/ILedger.sol";
import {ILiquidation} from "../interfaces/ILiquidation.sol";
import {Assessment, Footing, IMargin, Pass} from "../interfaces/IMargin.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {IVault} from "../interfaces/IVault.sol";
import {Flow, Outflow} from "./Outflow.sol";

/// @dev What the vault asks.
struct VaultParts {
    IRiskParameters parameters;
    ICollaterals collaterals;
    ILedger ledger;
    IMargin margin;
    IPriceFeed feed;
    ILiquidation liquidation;
}

/// @title Custody of all tokens: deposits and withdrawals
contract Vault is IVault, ReentrancyGuard {
    using Outflow for Flow;
    using SafeCast for int256;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant BPS = 10_000;
    uint256 private constant CASH = type(uint256).max;
    ParamId private constant OUTFLOW_LIMIT = ParamId.wrap("cash.outflowLimit");
    ParamId private constant CAP = ParamId.wrap("collateral.cap");

    IRiskParameters private immutable PARAMETERS;
    ICollaterals private immutable COLLATERALS;
    ILedger private immutable LEDGER;
    IMargin private immutable MARGIN;
    IPriceFeed private immutable FEED;
    ILiquidation private immutable LIQUIDATION;

    mapping(address token => uint256 units) private _recorded;
    mapping(ScopeId group => mapping(address token => uint256 units)) private _held;
    mapping(ScopeId group => mapping(address token => Flow)) private _flows;

    constructor(VaultParts memory parts) {
        (PARAMETERS, COLLATERALS, LEDGER) = (parts.parameters, parts.collaterals, parts.ledger);
        (MARGIN, FEED, LIQUIDATION) = (parts.margin, parts.feed, parts.liquidation);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IVault
    function recordedOf(address token) external view returns (uint256) {
        return _recorded[token];
    }

    /// @inheritdoc IVault
    function heldOf(ScopeId group, address token) external view returns (uint256) {
        return _held[group][token];
    }

    /// @inheritdoc IVault
    function availableOutflowOf(ScopeId group, address token) public view returns (uint256) {
        return _flows[group][token].available(block.timestamp, _held[group][token], PARAMETERS.valueOf(group, OUTFLOW_LIMIT));
    }

    // ------------------------------------------------------------------ in

    /// @inheritdoc IVault
    function deposit(AccountId account, ScopeId group, address token, uint256 amount) external nonReentrant {
        _requireOwner(account);
        (uint256 place, Collateral memory asset) = _find(group, token);
        _takeIn(group, token, amount);
        if (place == CASH) {
            LEDGER.creditCash(account, group, amount);
        } else {
            uint256 price = FEED.read(asset.feed).price;
            if (price == 0) revert Vault_NoPrice(asset.feed);
            LEDGER.creditCollateral(account, group, place, amount, _valueOf(amount, price, asset.decimals));
            _requireBelowCap(group, asset, price);
        }
        emit Deposited(account, group, token, amount);
    }

    /// @inheritdoc IVault
    function raiseFund(ScopeId group, uint256 amount) external nonReentrant {
        address token = _cashOf(group);
        if (token == address(0)) revert Vault_UnknownToken(group, token);
        _takeIn(group, token, amount);
        LEDGER.creditFund(group, amount);
        emit FundRaisedBy(group, msg.sender, amount);
    }

    function _takeIn(ScopeId group, address token, uint256 amount) private {
        if (amount == 0) revert Vault_NothingGiven();
        uint256 before = _balanceOf(token);
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 moved = _balanceOf(token) - before;
        if (moved != amount) revert Vault_WrongAmountMoved(token, amount, moved);
        _move(group, token, amount.toInt256());
        _requireTokens(token);
    }

    /// @dev The asset's part of the group's collateral, cash among it, at prices without haircut.
    function _requireBelowCap(ScopeId group, Collateral memory asset, uint256 price) private view {
        uint256 value = _valueOf(_held[group][asset.token], price, asset.decimals);
        uint256 total = _held[group][_cashOf(group)] * 10 ** (18 - COLLATERALS.cashOf(group).decimals);
        Collateral[] memory all = COLLATERALS.collateralsOf(group);
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].token == asset.token) {
                total += value;
                continue;
            }
            uint256 held = _held[group][all[i].token];
            if (held == 0) continue;
            (uint128 last,) = FEED.lastOf(all[i].feed);
            total += _valueOf(held, last, all[i].decimals);
        }
        uint256 cap = PARAMETERS.valueOf(asset.asset, CAP);
        if (value * BPS > total * cap) revert Vault_CollateralCap(asset.asset, value, total, cap);
    }

    // ------------------------------------------------------------------ out

    /// @inheritdoc IVault
    function withdraw(AccountId account, address token, uint256 amount, address to) external nonReentrant {
        _requireOwner(account);
        if (amount == 0) revert Vault_NothingGiven();
        ScopeId group = LEDGER.groupOf(account);
        if (ScopeId.unwrap(group) == 0) revert Vault_NotOpen(account);
        (uint256 place, Collateral memory asset) = _find(group, token);
        if (LEDGER.sumsOf(group).halted) revert Vault_Halted(group);
        if (LIQUIDATION.isFlagged(account)) revert Vault_Flagged(account);
        uint256 available = availableOutflowOf(group, token);
        if (amount > available) revert Vault_OutflowLimit(group, token, amount, available);

        if (place == CASH) LEDGER.debitCash(account, amount);
        else LEDGER.debitCollateral(account, place, amount, _valueOf(amount, _lastKnownPrice(asset.feed), asset.decimals));
        _move(group, token, -amount.toInt256());
        _requireMargin(account, group);

        emit Withdrawn(account, group, token, amount, to);
        uint256 before = _balanceOf(token);
        IERC20(token).safeTransfer(to, amount);
        uint256 moved = before - _balanceOf(token);
        if (moved != amount) revert Vault_WrongAmountMoved(token, amount, moved);
        _requireTokens(token);
    }

    /// @dev Profit that has not matured stands for no debt here: it would leave as the collateral behind that debt.
    function _requireMargin(AccountId account, ScopeId group) private view {
        Cash memory cash = LEDGER.cashOf(account);
        Holdings memory holdings = LEDGER.holdingsOf(account);
        if (cash.debt == 0 && holdings.chains.length == 0) return;
        uint256 standing = cash.profit < cash.debt ? cash.profit : cash.debt;
        if (standing != 0) holdings.cash -= int256(standing * 10 ** 18 / LEDGER.cashUnit(group));
        Assessment memory after_ = MARGIN.assess(holdings, Pass.INITIAL);
        if (after_.footing != Footing.PROVED) revert Vault_NotProved(account, after_.footing);
        if (after_.free < 0) revert Vault_MarginTooLow(account, after_.free);
    }

    // ------------------------------------------------------------------ parts

    function _requireOwner(AccountId account) private view {
        if (ownerOf(account) != msg.sender) revert Vault_NotOwner(account, msg.sender);
    }

    /// @return place In the group's list; {CASH} for its cash token.
    function _find(ScopeId group, address token) private view returns (uint256 place, Collateral memory asset) {
        if (token != address(0) && token == _cashOf(group)) return (CASH, asset);
        Collateral[] memory all = COLLATERALS.collateralsOf(group);
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].token == token) return (i, all[i]);
        }
        revert Vault_UnknownToken(group, token);
    }

    function _cashOf(ScopeId group) private view returns (address token) {
        CashToken memory cash = COLLATERALS.cashOf(group);
        return cash.token;
    }

    /// @dev Books an inflow or outflow. The flow is brought to now first: leaked at the limit of before.
    function _move(ScopeId group, address token, int256 amount) private {
        Flow memory flow = _flows[group][token];
        uint256 held = _held[group][token];
        flow.net = (flow.current(block.timestamp, held, PARAMETERS.valueOf(group, OUTFLOW_LIMIT)) - amount).toInt128();
        flow.time = uint40(block.timestamp);
        _flows[group][token] = flow;
        _held[group][token] = uint256(int256(held) + amount);
        _recorded[token] = uint256(int256(_recorded[token]) + amount);
    }

    function _requireTokens(address token) private view {
        uint256 balance = _balanceOf(token);
        if (balance < _recorded[token]) revert Vault_TokensMissing(token, balance, _recorded[token]);
    }

    function _balanceOf(address token) private view returns (uint256) {
        return IERC20(token).balanceOf(address(this));
    }

    /// @dev Where no price is needed to be safe, the last one does.
    function _lastKnownPrice(ScopeId feed) private view returns (uint256 price) {
        price = FEED.read(feed).price;
        if (price == 0) (price,) = FEED.lastOf(feed);
    }

    /// @dev USD, wad, rounded down.
    function _valueOf(uint256 amount, uint256 price, uint8 decimals) private pure returns (uint256) {
        return (amount * price) / 10 ** decimals;
    }
}
