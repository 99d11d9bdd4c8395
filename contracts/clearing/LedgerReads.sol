// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, ChainId, FUTURE_LEG, Holdings, InstrumentId, chainOf, instrumentOf} from "../interfaces/ClearingTypes.sol";
import {Cash, ILedger} from "../interfaces/ILedger.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {Account, Group, STRUCK} from "./LedgerStore.sol";
import {PackedList} from "./PackedList.sol";
import {PositionBook} from "./PositionBook.sol";
import {SharePool, SharePools} from "./SharePool.sol";

/// @dev What an account holds once it has seen every tear-up, without writing it down.
abstract contract LedgerReads is PositionBook {
    using PackedList for mapping(uint256 word => uint256);
    using SharePools for SharePool;

    uint256 private constant PER_PAGE_WORD = 5;
    uint256 private constant PER_CHAIN_WORD = 4;

    /// @dev Positions of an account after the tear-ups, packed as {Holdings} has them, and what those left to book.
    struct Book {
        uint256[] chains;
        uint256[] pages;
        uint256 chainCount;
        uint256 pageWords;
        uint256 shares;
        uint256 due;
        int256 freedCost;
        uint256 tornAt;
    }

    /// @inheritdoc ILedger
    function groupOf(AccountId id) external view returns (ScopeId) {
        return _groups[_accounts[id].group].scope;
    }

    /// @inheritdoc ILedger
    function cashOf(AccountId id) external view returns (Cash memory cash) {
        Account storage account = _accounts[id];
        Group storage group = _groups[account.group];
        Book memory book = _bookOf(account, group);
        cash = _storedCash(account, group);
        cash.profit += group.profit.valueOf(book.shares);
        uint256 fromProfit = _atMost(book.due, cash.profit);
        uint256 fromPrincipal = _atMost(book.due - fromProfit, cash.principal);
        cash.profit -= fromProfit;
        cash.principal -= fromPrincipal;
        cash.debt += book.due - fromProfit - fromPrincipal;
    }

    /// @inheritdoc ILedger
    function holdingsOf(AccountId id) external view returns (Holdings memory holdings) {
        Account storage account = _accounts[id];
        Group storage group = _groups[account.group];
        Book memory book = _bookOf(account, group);
        Cash memory cash = _storedCash(account, group);
        holdings.group = group.scope;
        uint256 assets = cash.principal + cash.profit + group.profit.valueOf(book.shares);
        holdings.cash = int256(_wadOf(group, assets)) - int256(_wadOf(group, cash.debt + book.due));
        holdings.futuresCost = account.futuresCost - book.freedCost;
        holdings.contributed = account.contributed;
        (holdings.chains, holdings.pages) = (book.chains, book.pages);
        holdings.collateral = new uint256[](account.assets);
        for (uint256 i = 0; i < holdings.collateral.length; ++i) {
            holdings.collateral[i] = account.collateral[i];
        }
    }

    /// @inheritdoc ILedger
    function positionOf(AccountId id, InstrumentId instrument) external view returns (int256 lots) {
        Account storage account = _accounts[id];
        uint256 seenCount;
        (lots, seenCount) = _lotsOf(account, instrument);
        return _tornOf(instrument, _groups[account.group], lots, seenCount).lots;
    }

    /// @inheritdoc ILedger
    function positionCountOf(AccountId id) external view returns (uint256) {
        return _accounts[id].positions;
    }

    /// @inheritdoc ILedger
    function collateralOf(AccountId id, uint256 asset) external view returns (uint256) {
        return _accounts[id].collateral[asset];
    }

    /// @inheritdoc ILedger
    function openInterestOf(InstrumentId instrument) external view returns (uint256 lots) {
        return _instruments[instrument].openInterest;
    }

    /// @inheritdoc ILedger
    function marketOpenInterestOf(uint16 market) external view returns (uint256 lots) {
        return _marketOpenInterest[market];
    }

    /// @inheritdoc ILedger
    function referenceOf(InstrumentId instrument) external view returns (uint256) {
        return _instruments[instrument].anchor;
    }

    /// @inheritdoc ILedger
    function isStruck(InstrumentId instrument) external view returns (bool) {
        return _instruments[instrument].flags & STRUCK != 0;
    }

    /// @inheritdoc ILedger
    function tornAt(AccountId id) external view returns (uint40) {
        Account storage account = _accounts[id];
        uint256 pending = _bookOf(account, _groups[account.group]).tornAt;
        return pending > account.tornAt ? uint40(pending) : account.tornAt;
    }

    // ------------------------------------------------------------------ the book

    function _bookOf(Account storage account, Group storage group) private view returns (Book memory book) {
        uint256 count = account.chains;
        bool behind = account.tears != group.tears;
        book.chains = new uint256[]((count + PER_CHAIN_WORD - 1) / PER_CHAIN_WORD);
        // As many words as there could be: each chain begins one.
        book.pages = new uint256[](count + account.positions / PER_PAGE_WORD);
        for (uint256 i = 0; i < count; ++i) {
            ChainEntry memory entry = _chainEntry(account, i);
            uint256 current = behind ? _recordOf(entry.chain).tearCount : entry.count;
            if (current == entry.count) _copyPage(account, entry, book);
            else _replayPage(account, group, entry, current, book);
            if (entry.positions != 0) {
                book.chains[book.chainCount / PER_CHAIN_WORD] |= _packChain(entry) << (CHAIN_BITS * (book.chainCount % PER_CHAIN_WORD));
                ++book.chainCount;
            }
        }
        uint256[] memory chains = book.chains;
        uint256[] memory pages = book.pages;
        (uint256 chainWords, uint256 pageWords) = ((book.chainCount + PER_CHAIN_WORD - 1) / PER_CHAIN_WORD, book.pageWords);
        // Both only shrink.
        assembly ("memory-safe") {
            mstore(chains, chainWords)
            mstore(pages, pageWords)
        }
    }

    function _copyPage(Account storage account, ChainEntry memory entry, Book memory book) private view {
        mapping(uint256 => uint256) storage page = account.pages[entry.chain];
        uint256 words = (entry.positions + PER_PAGE_WORD - 1) / PER_PAGE_WORD;
        for (uint256 w = 0; w < words; ++w) {
            book.pages[book.pageWords + w] = page[w];
        }
        book.pageWords += words;
    }

    /// @dev As {_copyPage}, position by position, each after its tear-ups. Updates the entry.
    function _replayPage(Account storage account, Group storage group, ChainEntry memory entry, uint256 current, Book memory book) private view {
        mapping(uint256 => uint256) storage page = account.pages[entry.chain];
        uint256 held = entry.positions;
        uint256 since = entry.count;
        (entry.count, entry.positions) = (current, 0);
        for (uint256 j = 0; j < held; ++j) {
            (uint8 leg, int256 lots) = _unpackPosition(page.entryAt(PAGE_BITS, j));
            InstrumentId instrument = instrumentOf(entry.chain, leg);
            Torn memory torn = _tornOf(instrument, group, lots, since);
            book.shares += torn.shares;
            book.due += torn.due;
            if (torn.time > book.tornAt) book.tornAt = torn.time;
            if (leg == FUTURE_LEG) book.freedCost += _costOf(instrument, lots - torn.lots);
            if (torn.lots == 0) continue;
            uint256 place = entry.positions++;
            book.pages[book.pageWords + place / PER_PAGE_WORD] |= _packPosition(leg, torn.lots) << (PAGE_BITS * (place % PER_PAGE_WORD));
        }
        book.pageWords += (entry.positions + PER_PAGE_WORD - 1) / PER_PAGE_WORD;
    }
}
