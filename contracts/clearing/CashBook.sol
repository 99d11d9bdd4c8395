// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AccountId} from "../interfaces/ClearingTypes.sol";
import {Cash, GroupSums, ILedger} from "../interfaces/ILedger.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {Account, Group, LedgerStore} from "./LedgerStore.sol";
import {SharePool, SharePools} from "./SharePool.sol";
import {interestOf, maturedOf} from "./Split.sol";

/// @dev Principal, profit and debt of accounts, and their sums. Whatever a rounding sets free is the fund's at once, so the sums stay exact.
abstract contract CashBook is LedgerStore {
    using SafeCast for uint256;
    using SharePools for SharePool;

    ParamId private constant WARM_UP = ParamId.wrap("cash.warmUp");
    ParamId private constant DEBT_RATE = ParamId.wrap("cash.debtRate");

    /// @inheritdoc ILedger
    function sumsOf(ScopeId scope) external view returns (GroupSums memory) {
        Group storage group = _groups[_groupNumbers[scope]];
        return GroupSums(group.tokens, group.principal, group.profit.total(), group.fund, group.debt, group.halted);
    }

    /// @inheritdoc ILedger
    function borrowedOf(ScopeId scope) external view returns (uint256) {
        return _groups[_groupNumbers[scope]].borrowed;
    }

    /// @inheritdoc ILedger
    function cashUnit(ScopeId scope) external view returns (uint256) {
        return 10 ** COLLATERALS.cashOf(scope).decimals;
    }

    // ------------------------------------------------------------------ receipts and payments

    /// @dev A receipt is profit that warms up from now. It repays no debt before it has: else profit would leave as the collateral that the debt held back.
    function _receive(Account storage account, Group storage group, uint256 amount) internal {
        if (amount == 0) return;
        _restartClock(account, group);
        SharePool memory pool = group.profit;
        (uint256 shares, uint256 dust) = pool.mint(amount);
        group.profit = pool;
        _addProfit(account, pool, shares);
        _toFund(group, dust);
    }

    /// @dev Shares of the group's profit that exist already: as {_receive}.
    function _receiveShares(Account storage account, Group storage group, uint256 shares) internal {
        _restartClock(account, group);
        _addProfit(account, group.profit, shares);
    }

    /// @dev A payment: takes profit, then principal, then becomes debt.
    function _take(Account storage account, Group storage group, uint256 amount) internal {
        SharePool memory pool = group.profit;
        uint256 shares = pool.rescale(account.profitShares, account.profitScale);
        uint256 dust;
        if (shares != 0 && amount != 0) {
            uint256 part = _atMost(amount, pool.valueOf(shares));
            (shares, dust) = pool.burn(shares, part);
            (account.profitShares, account.profitScale) = (uint128(shares), pool.scale);
            group.profit = pool;
            _toFund(group, dust);
            amount -= part;
        }
        if (amount == 0) return;
        amount -= _takePrincipal(account, group, amount);
        _raiseDebt(account, group, amount);
    }

    /// @dev Takes at most what there is of principal.
    function _takePrincipal(Account storage account, Group storage group, uint256 atMost) internal returns (uint256 part) {
        part = _atMost(atMost, account.principal);
        account.principal -= uint96(part);
        group.principal -= uint96(part);
    }

    function _addPrincipal(Account storage account, Group storage group, uint256 amount) internal {
        account.principal += amount.toUint96();
        group.principal += amount.toUint96();
    }

    /// @return left Of `amount`.
    function _repay(Account storage account, Group storage group, uint256 amount) internal returns (uint256 left) {
        uint256 debt = account.debt;
        if (debt == 0) return amount;
        uint256 repaid = _atMost(amount, debt);
        _lowerDebt(account, group, repaid);
        return amount - repaid;
    }

    /// @dev Bears interest from now; what was owed before has been charged until now, since every function synchronises first.
    function _raiseDebt(Account storage account, Group storage group, uint256 amount) private {
        if (amount == 0) return;
        account.chargedAt = uint40(block.timestamp);
        account.debt += amount.toUint96();
        group.debt += amount.toUint96();
        group.borrowed += amount.toUint96();
    }

    /// @dev Takes off a debt, at most all of it.
    function _lowerDebt(Account storage account, Group storage group, uint256 amount) internal {
        account.debt -= uint96(amount);
        group.debt -= uint96(amount);
        group.borrowed -= uint96(amount);
    }

    function _toFund(Group storage group, uint256 amount) internal {
        if (amount != 0) group.fund += amount.toUint96();
    }

    function _restartClock(Account storage account, Group storage group) private {
        _mature(account, group);
        account.maturedAt = uint40(block.timestamp);
    }

    function _addProfit(Account storage account, SharePool memory pool, uint256 shares) private {
        account.profitShares = uint128(pool.rescale(account.profitShares, account.profitScale) + shares);
        account.profitScale = pool.scale;
    }

    // ------------------------------------------------------------------ many payments at once

    /// @dev Cash of an account and profit of its group in memory, where one call books many payments: to the unit what as many of {_receive} and {_take} book, which
    /// are cheaper for a single one (a trade through it costs 9,600 gas more).
    struct Till {
        SharePool pool;
        uint256 shares; // of the account, at the pool's scale
        uint256 principal; // of the account
        uint256 borrowed; // what payments took beyond both
        uint256 due; // of others, who have yet to synchronise
        uint256 dust; // what roundings set free
    }

    function _openTill(Till memory till, Account storage account, Group storage group) internal view {
        till.pool = group.profit;
        till.shares = till.pool.rescale(account.profitShares, account.profitScale);
        till.principal = account.principal;
    }

    /// @dev Writes it down; it may be opened again.
    function _closeTill(Till memory till, Account storage account, Group storage group) internal {
        group.profit = till.pool;
        (account.profitShares, account.profitScale) = (uint128(till.shares), till.pool.scale);
        if (till.principal != account.principal) _takePrincipal(account, group, account.principal - till.principal);
        _raiseDebt(account, group, till.borrowed);
        if (till.due != 0) group.debt += till.due.toUint96();
        _toFund(group, till.dust);
        (till.borrowed, till.due, till.dust) = (0, 0, 0);
    }

    /// @dev As {_receive}: before the first receipt of the call what is there matures, from what is written down.
    function _receiveIn(Till memory till, Account storage account, Group storage group, uint256 amount) internal {
        if (amount == 0) return;
        if (account.maturedAt != block.timestamp) {
            _closeTill(till, account, group);
            _restartClock(account, group);
            _openTill(till, account, group);
        }
        (uint256 shares, uint256 dust) = till.pool.mint(amount);
        till.shares += shares;
        till.dust += dust;
    }

    /// @dev As {_take}.
    function _takeFrom(Till memory till, uint256 amount) internal pure {
        if (till.shares != 0 && amount != 0) {
            uint256 part = _atMost(amount, till.pool.valueOf(till.shares));
            uint256 dust;
            (till.shares, dust) = till.pool.burn(till.shares, part);
            till.dust += dust;
            amount -= part;
        }
        uint256 paid = _atMost(amount, till.principal);
        till.principal -= paid;
        till.borrowed += amount - paid;
    }

    // ------------------------------------------------------------------ interest

    /// @dev Interest on an account's debt until now, to the fund: the debt that holds back others' profit pays into what covers their losses.
    function _chargeInterest(AccountId id, Account storage account, Group storage group) internal {
        if (account.debt == 0 || account.chargedAt == block.timestamp) return;
        (uint256 interest, uint256 prepaid) = _interestDue(account, group);
        account.prepaid = uint32(prepaid);
        account.chargedAt = uint40(block.timestamp);
        if (interest == 0) return;
        _raiseDebt(account, group, interest);
        _toFund(group, interest);
        emit InterestCharged(id, interest);
        _emitCash(id, account, group);
    }

    /// @return interest Not yet charged, units.
    /// @return prepaid After it.
    function _interestDue(Account storage account, Group storage group) private view returns (uint256 interest, uint256 prepaid) {
        (uint256 debt, uint256 elapsed) = (account.debt, block.timestamp - account.chargedAt);
        if (debt == 0 || elapsed == 0) return (0, account.prepaid);
        return interestOf(debt, account.prepaid, elapsed, PARAMETERS.valueOf(group.scope, DEBT_RATE));
    }

    // ------------------------------------------------------------------ warm-up

    /// @dev Moves what has matured since the last time out of profit, repays debt with it, the rest is principal; and starts the clock again. Nothing matures while
    /// the group is halted.
    function _mature(Account storage account, Group storage group) internal {
        uint256 elapsed = block.timestamp - account.maturedAt;
        if (account.profitShares == 0 || elapsed == 0 || group.halted) return;
        SharePool memory pool = group.profit;
        uint256 shares = pool.rescale(account.profitShares, account.profitScale);
        uint256 profit = pool.valueOf(shares);
        account.maturedAt = uint40(block.timestamp);
        if (profit == 0) return;
        uint256 matured = maturedOf(profit, elapsed, _warmUp(group), pool.total(), group.debt);
        if (matured == 0) return;
        uint256 dust;
        (shares, dust) = pool.burn(shares, matured);
        group.profit = pool;
        (account.profitShares, account.profitScale) = (uint128(shares), pool.scale);
        _toFund(group, dust);
        _addPrincipal(account, group, _repay(account, group, matured));
    }

    function _warmUp(Group storage group) internal view returns (uint256) {
        return PARAMETERS.valueOf(group.scope, WARM_UP);
    }

    // ------------------------------------------------------------------ reading

    /// @dev With interest until now, before tear-ups that the account has not seen.
    function _storedCash(Account storage account, Group storage group) internal view returns (Cash memory cash) {
        SharePool memory profit = group.profit;
        cash.principal = account.principal;
        cash.profit = profit.valueOf(profit.rescale(account.profitShares, account.profitScale));
        (uint256 interest,) = _interestDue(account, group);
        cash.debt = account.debt + interest;
    }

    function _emitCash(AccountId id, Account storage account, Group storage group) internal {
        Cash memory cash = _storedCash(account, group);
        emit CashChanged(id, cash.principal, cash.profit, cash.debt);
    }

    /// @dev Units to USD, wad.
    function _wadOf(Group storage group, uint256 amount) internal view returns (uint256) {
        return amount * 10 ** (18 - group.decimals);
    }

    function _atMost(uint256 amount, uint256 limit) internal pure returns (uint256) {
        return amount < limit ? amount : limit;
    }
}
