// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, Holdings, ownerOf} from "../interfaces/ClearingTypes.sol";
import {Collateral} from "../interfaces/ICollaterals.sol";
import {Cash} from "../interfaces/ILedger.sol";
import {Assessment, Footing, Pass} from "../interfaces/IMargin.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {IVault} from "../interfaces/IVault.sol";
import {Custody, VaultParts} from "./Custody.sol";
import {DebtSale} from "./DebtSale.sol";

/// @title Custody of all tokens: deposits, withdrawals, sale of the collateral behind debts
contract Vault is DebtSale {
    ParamId private constant CAP = ParamId.wrap("collateral.cap");

    constructor(VaultParts memory parts) Custody(parts) {}

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
        _requireNotFlagged(account);
        _bookOut(group, token, amount);

        if (place == CASH) LEDGER.debitCash(account, amount);
        else LEDGER.debitCollateral(account, place, amount, _valueOf(amount, _lastKnownPrice(asset.feed), asset.decimals));
        _requireMargin(account, group);

        emit Withdrawn(account, group, token, amount, to);
        _send(token, amount, to);
    }

    /// @dev Profit that has not matured stands for no debt here: it would leave as the collateral behind that debt.
    function _requireMargin(AccountId account, ScopeId group) private view {
        Cash memory cash = LEDGER.cashOf(account);
        Holdings memory holdings = LEDGER.holdingsOf(account);
        if (cash.debt == 0 && holdings.chains.length == 0) return;
        (uint256 debt, uint256 limit) = _debtOf(group, holdings.cash);
        if (debt > limit) revert Vault_DebtAboveLimit(account, debt, limit);
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
