// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AccountId, Holdings} from "../interfaces/ClearingTypes.sol";
import {IChains} from "../interfaces/IChains.sol";
import {CoverEntry, IInsuranceFund} from "../interfaces/IInsuranceFund.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {Assessment, Footing, IMargin, Pass} from "../interfaces/IMargin.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {HoldingsSlice} from "../liquidation/HoldingsSlice.sol";
import {COVER_SIZE as ENTRIES, CoverTable} from "./CoverTable.sol";
import {PayoutWindow, Payouts} from "./PayoutWindow.sol";
import {stressedShortfall} from "./StressedShortfall.sol";

/// @title Insurance fund: cover table and payout limit
/// @dev The money is an entry of the ledger; this contract holds none.
contract InsuranceFund is IInsuranceFund {
    using HoldingsSlice for Holdings;

    /// @inheritdoc IInsuranceFund
    uint256 public constant COVER_SIZE = ENTRIES;
    /// @inheritdoc IInsuranceFund
    uint256 public constant COVER_AGE = CoverTable.AGE;
    /// @inheritdoc IInsuranceFund
    uint256 public constant PAYOUT_WINDOW = PayoutWindow.LENGTH;
    /// @inheritdoc IInsuranceFund
    uint256 public immutable STRESS_MOVE_BPS;

    /// @dev The largest 24 h moves on record lie between 50 and 60 %: a stress below a tenth, or beyond all there is, is a wrong unit.
    uint256 private constant MIN_STRESS_BPS = 1_000;
    uint256 private constant MAX_STRESS_BPS = 10_000;
    uint256 private constant BPS = 10_000;
    uint256 private constant WAD = 1e18;
    /// @dev A rewarded poke raises the highest sum of a day by at least one part in this many.
    uint256 private constant RAISE = 20;
    /// @dev What it earns, USD.
    uint256 private constant POKE_REWARD = 1;
    ParamId private constant PAYOUT_LIMIT = ParamId.wrap("insurance.payoutLimit");
    ParamId private constant COVER_TARGET = ParamId.wrap("insurance.coverTarget");
    ParamId private constant SCAN_RANGE = ParamId.wrap("margin.priceScanRange");

    IRiskParameters private immutable PARAMETERS;
    IChains private immutable CHAINS;
    IMargin private immutable MARGIN;
    ILedger private immutable LEDGER;

    mapping(ScopeId group => CoverEntry[ENTRIES]) private _covers;
    mapping(ScopeId group => Peak) private _peaks;
    mapping(ScopeId group => Payouts) private _payouts;

    /// @dev The highest sum that a table had, and when it last had it: counts as long as an entry does, so that no rise earns twice.
    struct Peak {
        uint128 sum; // USD, wad
        uint40 time;
    }

    constructor(IRiskParameters parameters, IChains chains, IMargin margin, ILedger ledger, uint256 stressMoveBps) {
        if (stressMoveBps < MIN_STRESS_BPS || stressMoveBps > MAX_STRESS_BPS) {
            revert InsuranceFund_StressMove(stressMoveBps, MIN_STRESS_BPS, MAX_STRESS_BPS);
        }
        PARAMETERS = parameters;
        CHAINS = chains;
        MARGIN = margin;
        LEDGER = ledger;
        STRESS_MOVE_BPS = stressMoveBps;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IInsuranceFund
    function payoutAllowance(ScopeId group) external view returns (uint256) {
        Payouts memory payouts = _payouts[group];
        PayoutWindow.roll(payouts, block.timestamp);
        return _allowance(group, payouts);
    }

    /// @inheritdoc IInsuranceFund
    function coverTable(ScopeId group) external view returns (CoverEntry[] memory table) {
        CoverEntry[ENTRIES] memory entries = _covers[group];
        table = new CoverEntry[](ENTRIES);
        uint256 count = 0;
        for (uint256 i = 0; i < ENTRIES; ++i) {
            uint256 shortfall = CoverTable.liveShortfall(entries[i]);
            if (shortfall == 0) continue;
            uint256 place = count++;
            for (; place != 0 && table[place - 1].shortfall < shortfall; --place) {
                table[place] = table[place - 1];
            }
            table[place] = entries[i];
        }
        assembly ("memory-safe") {
            mstore(table, count) // at most ENTRIES: shortens only
        }
    }

    /// @inheritdoc IInsuranceFund
    function coverageOf(ScopeId group) external view returns (uint256 requirement, uint256 target, uint256 fund) {
        (uint256 two, uint256 all) = CoverTable.sums(_covers[group]);
        requirement = CoverTable.requirement(two, all);
        target = (requirement * PARAMETERS.valueOf(group, COVER_TARGET) + BPS - 1) / BPS;
        fund = LEDGER.sumsOf(group).fund * (WAD / LEDGER.cashUnit(group));
    }

    /// @inheritdoc IInsuranceFund
    function shortfallOf(AccountId account) external view returns (uint256) {
        return _shortfallOf(account, LEDGER.holdingsOf(account));
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc IInsuranceFund
    function poke(AccountId account, AccountId keeper) external {
        Holdings memory holdings = LEDGER.holdingsOf(account);
        ScopeId group = holdings.group;
        uint256 shortfall = _shortfallOf(account, holdings);
        CoverEntry[ENTRIES] memory entries = _covers[group];
        uint256 before = _peakOf(group, entries);
        uint256 place = CoverTable.placeOf(entries, account, shortfall);
        if (place == ENTRIES) return;
        entries[place] = CoverEntry(account, SafeCast.toUint128(shortfall), uint40(block.timestamp));
        _covers[group][place] = entries[place];
        (uint256 two, uint256 all) = CoverTable.sums(entries);
        if (all >= before) _peaks[group] = Peak(SafeCast.toUint128(all), uint40(block.timestamp));
        emit CoverPoked(group, account, shortfall, all, CoverTable.requirement(two, all));
        if (AccountId.unwrap(keeper) == 0 || all < before + before / RAISE + WAD) return;
        ScopeId given = LEDGER.groupOf(keeper);
        if (ScopeId.unwrap(given) != ScopeId.unwrap(group)) revert InsuranceFund_OtherGroup(keeper, given, group);
        _payOut(group, keeper, POKE_REWARD * LEDGER.cashUnit(group));
    }

    // ------------------------------------------------------------------ modules

    /// @inheritdoc IInsuranceFund
    function payOut(AccountId to, uint256 amount) external returns (uint256 paid) {
        if (!LEDGER.isModule(msg.sender)) revert InsuranceFund_NotModule(msg.sender);
        return _payOut(LEDGER.groupOf(to), to, amount);
    }

    // ------------------------------------------------------------------ internal

    function _payOut(ScopeId group, AccountId to, uint256 amount) private returns (uint256 paid) {
        Payouts memory payouts = _payouts[group];
        PayoutWindow.roll(payouts, block.timestamp);
        uint256 allowance = _allowance(group, payouts);
        paid = amount < allowance ? amount : allowance;
        if (paid == 0) return 0;
        payouts.current += SafeCast.toUint104(paid);
        _payouts[group] = payouts;
        LEDGER.payFromFund(to, paid);
        emit PaidOut(group, to, paid, PayoutWindow.paidBefore(payouts, block.timestamp));
    }

    function _allowance(ScopeId group, Payouts memory payouts) private view returns (uint256) {
        uint256 paid = PayoutWindow.paidBefore(payouts, block.timestamp);
        return PayoutWindow.allowance(LEDGER.sumsOf(group).fund, paid, PARAMETERS.valueOf(group, PAYOUT_LIMIT));
    }

    /// @dev The highest sum of a day, of the table as it stands among them.
    function _peakOf(ScopeId group, CoverEntry[ENTRIES] memory entries) private view returns (uint256 sum) {
        (, sum) = CoverTable.sums(entries);
        Peak memory peak = _peaks[group];
        if (block.timestamp < peak.time + CoverTable.AGE && sum < peak.sum) return peak.sum;
    }

    /// @dev The requirement is a loss over the scan range: the smallest of the markets held carries it furthest.
    function _shortfallOf(AccountId account, Holdings memory holdings) private view returns (uint256) {
        Assessment memory assessed = MARGIN.assess(holdings, Pass.MAINTENANCE);
        if (assessed.footing == Footing.NONE) revert InsuranceFund_NoFooting(account);
        uint256 range = type(uint256).max;
        uint16 last = 0;
        for (uint256 i = holdings.chainCount(); i != 0; --i) {
            uint16 market = CHAINS.record(holdings.chainAt(i - 1)).market;
            if (market == last) continue;
            last = market;
            uint256 scan = PARAMETERS.effectiveOf(CHAINS.marketOf(market), SCAN_RANGE);
            if (scan < range) range = scan;
        }
        return stressedShortfall(assessed, range, STRESS_MOVE_BPS);
    }
}
