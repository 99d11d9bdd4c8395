// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, Holdings, InstrumentId, Position, ownerOf} from "../interfaces/ClearingTypes.sol";
import {IDeleveraging, LossLayer} from "../interfaces/IDeleveraging.sol";
import {Cash, GroupSums, ILedger} from "../interfaces/ILedger.sol";
import {ILiquidation} from "../interfaces/ILiquidation.sol";
import {Assessment, Footing, IMargin, Pass} from "../interfaces/IMargin.sol";
import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {HoldingsSlice} from "../liquidation/HoldingsSlice.sol";
import {divideLoss} from "./Waterfall.sol";

/// @title Deleveraging: backstop, tear-up, waterfall
/// @dev Holds no money and one word per announced account; owns the backstop accounts and does with them nothing but {sweep}. Calls nobody but the protocol's own contracts.
contract Deleveraging is IDeleveraging {
    using HoldingsSlice for Holdings;

    /// @inheritdoc IDeleveraging
    uint256 public constant NOTICE = 15 minutes;
    /// @inheritdoc IDeleveraging
    uint256 public constant VALIDITY = 1 hours;

    uint256 private constant WAD = 1e18;

    IPriceFeed private immutable FEED;
    IMargin private immutable MARGIN;
    ILedger private immutable LEDGER;
    ILiquidation private immutable LIQUIDATION;

    uint96 private _backstops;
    /// @inheritdoc IDeleveraging
    mapping(AccountId account => uint40) public announcedAt;

    constructor(IPriceFeed feed, IMargin margin, ILedger ledger, ILiquidation liquidation) {
        FEED = feed;
        MARGIN = margin;
        LEDGER = ledger;
        LIQUIDATION = liquidation;
    }

    /// @inheritdoc IDeleveraging
    function announce(AccountId account) external {
        Assessment memory assessed = _judge(account, LEDGER.holdingsOf(account));
        announcedAt[account] = uint40(block.timestamp);
        emit DeleveragingAnnounced(account, assessed.equity, block.timestamp + NOTICE, block.timestamp + VALIDITY);
    }

    /// @inheritdoc IDeleveraging
    function resolve(AccountId account) external returns (uint256 deficit) {
        Holdings memory holdings = LEDGER.holdingsOf(account);
        Assessment memory assessed = _judge(account, holdings);
        if (!holdings.isEmpty()) {
            _checkNotice(account);
            delete announcedAt[account];
            (Position[] memory positions,) = holdings.take(WAD);
            if (!_takeOver(account, holdings, assessed, positions)) _tearUp(account, positions);
            holdings = LEDGER.holdingsOf(account);
            assessed = MARGIN.assess(holdings, Pass.MAINTENANCE);
        }
        // What collateral covers is no deficit yet: it stays on sale.
        uint256 wadPerUnit = WAD / LEDGER.cashUnit(holdings.group);
        if (assessed.equity < 0) deficit = (uint256(-assessed.equity) + wadPerUnit - 1) / wadPerUnit;
        _payLoss(holdings.group, account, deficit);
        if (holdings.isEmpty()) LIQUIDATION.release(account);
        emit BankruptcyResolved(holdings.group, account, deficit);
    }

    /// @inheritdoc IDeleveraging
    function sweep(AccountId backstop) external returns (uint256 amount) {
        if (ownerOf(backstop) != address(this)) revert Deleveraging_NotBackstop(backstop);
        Holdings memory holdings = LEDGER.holdingsOf(backstop);
        Cash memory cash = LEDGER.cashOf(backstop);
        uint256 own = cash.principal + cash.profit;
        if (!holdings.isEmpty() || own <= cash.debt) revert Deleveraging_BackstopOpen(backstop);
        amount = own - cash.debt;
        LEDGER.payToFund(backstop, amount);
        emit BackstopSwept(holdings.group, backstop, amount);
    }

    // ------------------------------------------------------------------ steps

    /// @dev Bankrupt now, by values that are proved, after an auction that ran to its end or has nothing to sell.
    function _judge(AccountId account, Holdings memory holdings) private view returns (Assessment memory assessed) {
        if (!FEED.sequencerReady()) revert Deleveraging_SequencerNotReady();
        assessed = MARGIN.assess(holdings, Pass.MAINTENANCE);
        if (assessed.footing != Footing.PROVED) revert Deleveraging_Footing(account, assessed.footing);
        uint256 end = LIQUIDATION.endOf(account);
        if (assessed.equity >= 0 || end == 0) revert Deleveraging_NotBankrupt(account, assessed.equity);
        if (!holdings.isEmpty() && block.timestamp < end) revert Deleveraging_AuctionRunning(account, end);
    }

    function _checkNotice(AccountId account) private view {
        uint256 announced = announcedAt[account];
        if (announced == 0) revert Deleveraging_Notice(account, 0, 0);
        if (block.timestamp < announced + NOTICE || block.timestamp > announced + VALIDITY) {
            revert Deleveraging_Notice(account, announced + NOTICE, announced + VALIDITY);
        }
    }

    /// @dev All of it to an account of the fund, at mark, with its initial margin in cash: when the fund holds that beside the deficit. An account of the fund is
    /// not taken over again.
    function _takeOver(AccountId account, Holdings memory holdings, Assessment memory assessed, Position[] memory positions)
        private
        returns (bool)
    {
        if (ownerOf(account) == address(this)) return false;
        uint256 wadPerUnit = WAD / LEDGER.cashUnit(holdings.group);
        Assessment memory initial = MARGIN.assess(holdings, Pass.INITIAL);
        // Equity of the pass, less that of maintenance: the worse mark's loss is the fund's to hold beside the requirement.
        uint256 margin = initial.requirement + uint256(assessed.equity > initial.equity ? assessed.equity - initial.equity : int256(0));
        margin = (margin + wadPerUnit - 1) / wadPerUnit;
        uint256 lacking = (uint256(-assessed.equity) + wadPerUnit - 1) / wadPerUnit;
        if (LEDGER.sumsOf(holdings.group).fund < margin + lacking) return false;

        AccountId backstop = AccountId.wrap(uint256(uint160(address(this))) << 96 | ++_backstops);
        LEDGER.open(backstop, holdings.group);
        LEDGER.payFromFund(backstop, margin);
        LEDGER.transferPositions(account, backstop, positions);
        for (uint256 i = 0; i < holdings.collateral.length; ++i) {
            if (holdings.collateral[i] != 0) LEDGER.transferCollateral(account, backstop, i, holdings.collateral[i]);
        }
        // What the book was worth at mark is what the account now lacks; the fund's account rounds against itself.
        int256 value = assessed.equity - MARGIN.assess(LEDGER.holdingsOf(account), Pass.MAINTENANCE).equity;
        if (value > 0) LEDGER.pay(backstop, account, (uint256(value) + wadPerUnit - 1) / wadPerUnit);
        else LEDGER.pay(account, backstop, uint256(-value) / wadPerUnit);
        LIQUIDATION.offerBackstop(backstop, account);
        emit BackstopTaken(holdings.group, account, backstop, margin);
        return true;
    }

    function _tearUp(AccountId account, Position[] memory positions) private {
        if (positions.length == 0) return;
        InstrumentId[] memory instruments = new InstrumentId[](positions.length);
        uint256[] memory marks = new uint256[](positions.length);
        for (uint256 i = 0; i < positions.length; ++i) {
            instruments[i] = positions[i].instrument;
            Footing footing;
            (marks[i], footing) = MARGIN.markOf(InstrumentId.unwrap(instruments[i]));
            if (footing != Footing.PROVED) revert Deleveraging_Footing(account, footing);
            emit TornUp(account, instruments[i], positions[i].lots, marks[i]);
        }
        LEDGER.tearUp(account, instruments, marks);
    }

    function _payLoss(ScopeId group, AccountId account, uint256 deficit) private {
        if (deficit == 0) return;
        // The account's own receipts pay its debt first, matured or not: else the next line would cut them, and what they leave of the debt would grow.
        LEDGER.writeOff(account, 0, 0, 0);
        GroupSums memory sums = LEDGER.sumsOf(group);
        (uint256 fromFund, uint256 fromProfit) = divideLoss(deficit, sums.fund);
        LEDGER.writeOff(account, fromFund, fromProfit, 0);
        emit LossPaid(group, account, LossLayer.FUND, sums.fund, fromFund, sums.fund - fromFund);
        emit LossPaid(group, account, LossLayer.PROFIT, sums.profit, fromProfit, sums.profit - fromProfit);
        if (fromProfit != 0 && fromProfit == sums.profit) LEDGER.halt(group);
    }
}
