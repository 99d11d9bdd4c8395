// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AccountId, InstrumentId, Position} from "../interfaces/ClearingTypes.sol";
import {IChains} from "../interfaces/IChains.sol";
import {ICollaterals} from "../interfaces/ICollaterals.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {LedgerReads} from "./LedgerReads.sol";
import {
    ANY_MODULE, Account, DELEVERAGING, Group, INSURANCE_FUND, Instrument, LIQUIDATION, LedgerStore, MOVERS, SETTLEMENT, STRUCK, Strike, VAULT
} from "./LedgerStore.sol";
import {SharePool, SharePools} from "./SharePool.sol";
import {dueOf, partOf} from "./Split.sol";
import {TearUps} from "./TearUps.sol";

/// @title Storage of clearing: cash, collateral, positions
/// @dev Every function brings the accounts it touches to the last tear-up first. Calls only {IChains}, {ICollaterals} and {IRiskParameters}, which call nobody back.
contract Ledger is LedgerReads, TearUps {
    using SafeCast for int256;
    using SafeCast for uint256;
    using SharePools for SharePool;

    constructor(IRiskParameters parameters, ICollaterals collaterals, IChains chains) LedgerStore(parameters, collaterals, chains) {}

    // ------------------------------------------------------------------ anyone, DAO

    /// @inheritdoc ILedger
    function touch(AccountId id) external {
        (Account storage account, Group storage group) = _synchronise(id);
        if (account.group == 0 || account.profitShares == 0 || block.timestamp < account.maturedAt + _warmUp(group)) return;
        _mature(account, group);
        _emitCash(id, account, group);
    }

    /// @inheritdoc ILedger
    function resume(ScopeId scope) external {
        if (!PARAMETERS.hasRole(0x00, msg.sender)) revert Ledger_NotGovernance(msg.sender);
        Group storage group = _groups[_groupNumbers[scope]];
        if (!group.halted) revert Ledger_NotHalted(scope);
        group.halted = false;
        emit Resumed(scope);
    }

    // ------------------------------------------------------------------ vault

    /// @inheritdoc ILedger
    function creditCash(AccountId id, ScopeId scope, uint256 amount) external only(VAULT) {
        _open(id, _numberOf(scope));
        (Account storage account, Group storage group) = _synchronise(id);
        group.tokens += amount.toUint96();
        account.contributed += _wadOf(group, amount).toInt256().toInt128();
        _addPrincipal(account, group, _repay(account, group, amount));
        _emitCash(id, account, group);
    }

    /// @inheritdoc ILedger
    function debitCash(AccountId id, uint256 amount) external only(VAULT) {
        (Account storage account, Group storage group) = _synchronise(id);
        _mature(account, group);
        uint256 taken = _takePrincipal(account, group, amount);
        if (taken != amount) revert Ledger_NotEnoughPrincipal(id, amount, taken);
        group.tokens -= amount.toUint96();
        account.contributed -= _wadOf(group, amount).toInt256().toInt128();
        _emitCash(id, account, group);
    }

    /// @inheritdoc ILedger
    function creditCollateral(AccountId id, ScopeId scope, uint256 asset, uint256 amount, uint256 value) external only(VAULT) {
        _open(id, _numberOf(scope));
        (Account storage account,) = _synchronise(id);
        account.contributed += value.toInt256().toInt128();
        _changeCollateral(id, account, asset, account.collateral[asset] + amount);
    }

    /// @inheritdoc ILedger
    function debitCollateral(AccountId id, uint256 asset, uint256 amount, uint256 value) external only(VAULT) {
        (Account storage account, Group storage group) = _synchronise(id);
        _mature(account, group);
        account.contributed -= value.toInt256().toInt128();
        _takeCollateral(id, account, asset, amount);
    }

    /// @inheritdoc ILedger
    function creditFund(ScopeId scope, uint256 amount) external only(VAULT) {
        Group storage group = _groups[_numberOf(scope)];
        group.tokens += amount.toUint96();
        _toFund(group, amount);
        emit FundRaised(scope, amount);
    }

    // ------------------------------------------------------------------ cash

    /// @inheritdoc ILedger
    function open(AccountId id, ScopeId scope) external only(ANY_MODULE) {
        _open(id, _numberOf(scope));
    }

    /// @inheritdoc ILedger
    function pay(AccountId from, AccountId to, uint256 amount) external only(MOVERS) {
        (Account storage payer, Account storage receiver, Group storage group) = _pair(from, to);
        _take(payer, group, amount);
        _receive(receiver, group, amount);
        emit Paid(from, to, amount);
        _emitCash(from, payer, group);
        _emitCash(to, receiver, group);
    }

    /// @inheritdoc ILedger
    function payToFund(AccountId from, uint256 amount) external only(MOVERS) {
        (Account storage payer, Group storage group) = _synchronise(from);
        if (payer.group == 0) revert Ledger_NotOpen(from);
        _take(payer, group, amount);
        _toFund(group, amount);
        emit PaidToFund(group.scope, from, amount);
        _emitCash(from, payer, group);
    }

    /// @inheritdoc ILedger
    function payFromFund(AccountId to, uint256 amount) external only(LIQUIDATION | INSURANCE_FUND | DELEVERAGING) {
        (Account storage receiver, Group storage group) = _synchronise(to);
        if (receiver.group == 0) revert Ledger_NotOpen(to);
        if (amount > group.fund) revert Ledger_FundTooSmall(group.scope, amount, group.fund);
        group.fund -= uint96(amount);
        _receive(receiver, group, amount);
        emit PaidFromFund(group.scope, to, amount);
        _emitCash(to, receiver, group);
    }

    // ------------------------------------------------------------------ positions and collateral

    /// @inheritdoc ILedger
    function transferPositions(AccountId from, AccountId to, Position[] calldata positions) external only(MOVERS) {
        (Account storage giver, Account storage taker, Group storage group) = _pair(from, to);
        for (uint256 i = 0; i < positions.length; ++i) {
            (InstrumentId id, int256 lots) = (positions[i].instrument, positions[i].lots);
            Instrument storage instrument = _known(id, group);
            if (instrument.flags & STRUCK != 0) {
                _settleIfHeld(from, giver, group, id);
                _settleIfHeld(to, taker, group, id);
                continue;
            }
            if (lots == 0) continue;
            int256 left = _addLots(from, giver, id, -lots);
            int256 got = _addLots(to, taker, id, lots);
            // Longs before and after: the same as shorts.
            uint256 longs = _long(left) + _long(got);
            uint256 before = _long(left + lots) + _long(got - lots);
            if (longs != before) {
                instrument.openInterest = (instrument.openInterest + longs - before).toUint56();
                _marketOpenInterest[instrument.market] = _marketOpenInterest[instrument.market] + longs - before;
            }
        }
    }

    /// @inheritdoc ILedger
    function transferCollateral(AccountId from, AccountId to, uint256 asset, uint256 amount) external only(LIQUIDATION | DELEVERAGING) {
        (Account storage giver, Account storage taker,) = _pair(from, to);
        _takeCollateral(from, giver, asset, amount);
        _changeCollateral(to, taker, asset, taker.collateral[asset] + amount);
    }

    // ------------------------------------------------------------------ settlement

    /// @inheritdoc ILedger
    function strike(InstrumentId id, int256 value) external only(SETTLEMENT) {
        Instrument storage instrument = _instruments[id];
        if (instrument.market == 0) revert Ledger_UnknownInstrument(id);
        if (instrument.flags & STRUCK != 0) revert Ledger_InstrumentStruck(id);
        Group storage group = _groups[_groupNumbers[COLLATERALS.groupOfMarket(instrument.market)]];
        uint256 lots = instrument.openInterest;
        uint256 amount = lots * _size(value) / _lotScale(group);
        Strike storage struck = _strikes[id];
        struck.base = uint56(lots);
        struck.longsGain = value > 0;
        (struck.owed, struck.shares, struck.scale) = (amount.toUint96(), _mintPending(group, amount), group.profit.scale);
        group.debt += amount.toUint96();
        instrument.flags |= STRUCK;
        instrument.openInterest = 0;
        _marketOpenInterest[instrument.market] -= lots;
        emit Struck(id, lots, value);
    }

    /// @inheritdoc ILedger
    function settlePosition(AccountId id, InstrumentId instrument) external only(SETTLEMENT) returns (int256 payment) {
        if (_instruments[instrument].flags & STRUCK == 0) revert Ledger_NotStruck(instrument);
        (Account storage account, Group storage group) = _synchronise(id);
        (int256 lots,) = _lotsOf(account, instrument);
        if (lots == 0) revert Ledger_NoPosition(id, instrument);
        return _settle(id, account, group, instrument, lots);
    }

    function _settleIfHeld(AccountId id, Account storage account, Group storage group, InstrumentId instrument) private {
        (int256 lots,) = _lotsOf(account, instrument);
        if (lots != 0) _settle(id, account, group, instrument, lots);
    }

    function _settle(AccountId id, Account storage account, Group storage group, InstrumentId instrument, int256 lots)
        private
        returns (int256 payment)
    {
        Strike storage struck = _strikes[instrument];
        uint256 size = _size(lots);
        uint256 seen = lots > 0 ? struck.longsSeen : struck.shortsSeen;
        if (lots > 0) struck.longsSeen = uint56(seen + size);
        else struck.shortsSeen = uint56(seen + size);
        _addLots(id, account, instrument, -lots);
        if ((lots > 0) == struck.longsGain) {
            SharePool memory pool = group.profit;
            uint256 shares = pool.rescale(partOf(struck.shares, struck.base, seen, size), struck.scale);
            payment = pool.valueOf(shares).toInt256();
            _receiveShares(account, group, shares);
        } else {
            uint256 due = dueOf(struck.owed, struck.base, size);
            payment = -due.toInt256();
            _settleDue(account, group, partOf(struck.owed, struck.base, seen, size), due);
        }
        emit PositionSettled(id, instrument, lots, payment);
        _emitCash(id, account, group);
    }

    // ------------------------------------------------------------------ deleveraging

    /// @inheritdoc ILedger
    function writeOff(AccountId id, uint256 fromFund, uint256 fromProfit, uint256 fromPrincipal) external only(DELEVERAGING) {
        // As the caller saw it: what the account's own bookings set free now is not left over.
        uint256 fund = _groups[_accounts[id].group].fund;
        (Account storage account, Group storage group) = _synchronise(id);
        uint96 debt = account.debt;
        _lowerDebt(account, group, debt);
        _take(account, group, debt);
        uint256 sum = fromFund + fromProfit + fromPrincipal;
        if (sum > account.debt) revert Ledger_MoreThanDebt(id, sum, account.debt);
        ScopeId scope = group.scope;
        if (fromFund > group.fund) revert Ledger_FundTooSmall(scope, fromFund, group.fund);
        _lowerDebt(account, group, sum);
        group.fund -= uint96(fromFund);

        if (fromProfit != 0) {
            if (fromFund < fund) revert Ledger_EarlierLayerLeft(scope, fund - fromFund);
            SharePool memory pool = group.profit;
            uint256 dust = pool.reduce(fromProfit);
            group.profit = pool;
            _toFund(group, dust);
        }
        if (fromPrincipal != 0) revert Ledger_PrincipalIsCovered(scope, fromPrincipal, group.fund + group.profit.total());
        emit WrittenOff(id, fromFund, fromProfit, fromPrincipal);
        _emitCash(id, account, group);
    }

    /// @inheritdoc ILedger
    function halt(ScopeId scope) external only(DELEVERAGING) {
        Group storage group = _groups[_numberOf(scope)];
        if (group.halted) return;
        group.halted = true;
        emit Halted(scope);
    }

    // ------------------------------------------------------------------ parts

    /// @dev Both synchronised, in one group; the second is opened there when it has none.
    function _pair(AccountId from, AccountId to) private returns (Account storage giver, Account storage taker, Group storage group) {
        if (AccountId.unwrap(from) == AccountId.unwrap(to)) revert Ledger_SameAccount(from);
        (giver, group) = _synchronise(from);
        if (giver.group == 0) revert Ledger_NotOpen(from);
        _open(to, giver.group);
        (taker,) = _synchronise(to);
    }

    /// @dev Profit that belongs to accounts yet to synchronise. Whoever pays for it, or owes it, is booked by the caller.
    function _mintPending(Group storage group, uint256 amount) private returns (uint128 shares) {
        SharePool memory pool = group.profit;
        (uint256 minted, uint256 dust) = pool.mint(amount);
        group.profit = pool;
        _toFund(group, dust);
        return uint128(minted);
    }

    function _takeCollateral(AccountId id, Account storage account, uint256 asset, uint256 amount) private {
        uint256 held = account.collateral[asset];
        if (amount > held) revert Ledger_NotEnoughCollateral(id, asset, amount, held);
        _changeCollateral(id, account, asset, held - amount);
    }

    function _changeCollateral(AccountId id, Account storage account, uint256 asset, uint256 amount) private {
        account.collateral[asset] = amount;
        if (asset >= account.assets) account.assets = (asset + 1).toUint8();
        emit CollateralChanged(id, asset, amount);
    }

    function _long(int256 lots) private pure returns (uint256) {
        return lots > 0 ? uint256(lots) : 0;
    }
}
