// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {
    AccountId, ChainId, FUTURE_LEG, InstrumentId, LOTS_PER_CONTRACT, MAX_LOTS, MAX_POSITIONS, chainOf, instrumentOf, legOf
} from "../interfaces/ClearingTypes.sol";
import {ChainRecord} from "../interfaces/IChains.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {CashBook} from "./CashBook.sol";
import {Account, FACING_LONG, FACING_OWES, Group, Instrument} from "./LedgerStore.sol";
import {PackedList} from "./PackedList.sol";
import {SharePool, SharePools} from "./SharePool.sol";
import {dueOf, partOf} from "./Split.sol";

/// @dev Positions, and what tear-ups and settlements leave for accounts to synchronise.
abstract contract PositionBook is CashBook {
    using PackedList for mapping(uint256 word => uint256);
    using SafeCast for int256;
    using SafeCast for uint256;
    using SharePools for SharePool;

    uint256 internal constant PAGE_BITS = 48;
    uint256 internal constant LEG_BITS = 8;
    uint256 internal constant CHAIN_BITS = 64;
    uint256 internal constant KEY_BITS = 32;

    /// @dev An entry of a chain list.
    struct ChainEntry {
        ChainId chain;
        uint256 count; // of tear-ups, when last synchronised
        uint256 positions;
    }

    /// @dev What tear-ups made of one position.
    struct Torn {
        int256 lots; // left
        uint256 closed;
        uint256 shares; // of profit, at the pool's scale
        uint256 due; // units to pay
        uint256 time; // of the last of them, zero when none
    }

    // ------------------------------------------------------------------ lists

    function _chainEntry(Account storage account, uint256 i) internal view returns (ChainEntry memory entry) {
        uint256 packed = account.chainList.entryAt(CHAIN_BITS, i);
        entry.chain = ChainId.wrap(uint32(packed));
        entry.count = uint24(packed >> 32);
        entry.positions = packed >> 56;
    }

    /// @dev Writes an entry, or takes it out once nothing is held in its chain.
    function _putChain(Account storage account, uint256 i, ChainEntry memory entry) internal {
        if (entry.positions == 0) account.chainList.remove(CHAIN_BITS, account.chains--, i);
        else account.chainList.set(CHAIN_BITS, i, _packChain(entry));
    }

    function _packChain(ChainEntry memory entry) internal pure returns (uint256) {
        return ChainId.unwrap(entry.chain) | (entry.count << 32) | (entry.positions << 56);
    }

    function _unpackPosition(uint256 packed) internal pure returns (uint8 leg, int256 lots) {
        return (uint8(packed), int40(uint40(packed >> LEG_BITS)));
    }

    function _packPosition(uint8 leg, int256 lots) internal pure returns (uint256) {
        return leg | (uint256(uint40(int40(lots))) << LEG_BITS);
    }

    /// @param count Positions in the chain before the call.
    function _removePosition(Account storage account, ChainId chain, uint256 count, uint256 j) internal {
        account.pages[chain].remove(PAGE_BITS, count, j);
    }

    /// @dev As stored, before tear-ups that the account has not seen.
    function _lotsOf(Account storage account, InstrumentId instrument) internal view returns (int256 lots, uint256 seenCount) {
        ChainId chain = chainOf(instrument);
        (uint256 i, bool held) = account.chainList.find(CHAIN_BITS, account.chains, KEY_BITS, ChainId.unwrap(chain));
        if (!held) return (0, 0);
        ChainEntry memory entry = _chainEntry(account, i);
        mapping(uint256 => uint256) storage page = account.pages[chain];
        (uint256 j, bool found) = page.find(PAGE_BITS, entry.positions, LEG_BITS, legOf(instrument));
        if (found) (, lots) = _unpackPosition(page.entryAt(PAGE_BITS, j));
        return (lots, entry.count);
    }

    /// @dev Adds to a position of a synchronised account; it appears and disappears as needed. `instrument` is known.
    function _addLots(AccountId id, Account storage account, InstrumentId instrument, int256 change) internal returns (int256 lots) {
        ChainId chain = chainOf(instrument);
        uint8 leg = legOf(instrument);
        (uint256 i, bool held) = account.chainList.find(CHAIN_BITS, account.chains, KEY_BITS, ChainId.unwrap(chain));
        ChainEntry memory entry;
        if (held) {
            entry = _chainEntry(account, i);
        } else {
            entry = ChainEntry(chain, _recordOf(chain).tearCount, 0);
            account.chainList.insert(CHAIN_BITS, account.chains++, i, _packChain(entry));
        }

        mapping(uint256 => uint256) storage page = account.pages[chain];
        (uint256 j, bool found) = page.find(PAGE_BITS, entry.positions, LEG_BITS, leg);
        if (found) (, lots) = _unpackPosition(page.entryAt(PAGE_BITS, j));
        lots += change;
        if (lots > int256(MAX_LOTS) || lots < -int256(MAX_LOTS)) revert Ledger_PositionTooLarge(id, instrument, lots, MAX_LOTS);

        if (lots == 0) {
            if (found) _removePosition(account, chain, entry.positions--, j);
            --account.positions;
        } else if (found) {
            page.set(PAGE_BITS, j, _packPosition(leg, lots));
        } else {
            if (account.positions == MAX_POSITIONS) revert Ledger_TooManyPositions(id, MAX_POSITIONS);
            ++account.positions;
            page.insert(PAGE_BITS, entry.positions++, j, _packPosition(leg, lots));
        }
        _putChain(account, i, entry);
        _noteChange(id, account, instrument, change, lots);
    }

    /// @dev What follows from a position that changed.
    function _noteChange(AccountId id, Account storage account, InstrumentId instrument, int256 change, int256 lots) internal {
        if (legOf(instrument) == FUTURE_LEG) account.futuresCost += _costOf(instrument, change).toInt128();
        emit PositionChanged(id, instrument, lots);
    }

    function _recordOf(ChainId chain) internal view returns (ChainRecord memory) {
        return CHAINS.record(chain);
    }

    /// @dev Reference of a future times contracts, exact: references are whole multiples of {LOTS_PER_CONTRACT}.
    function _costOf(InstrumentId instrument, int256 lots) internal view returns (int256) {
        return lots * int256(uint256(_instruments[instrument].anchor) / LOTS_PER_CONTRACT);
    }

    // ------------------------------------------------------------------ instruments

    /// @dev The instrument's record, made and checked at its first trade.
    function _known(InstrumentId id, Group storage group) internal returns (Instrument storage instrument) {
        instrument = _instruments[id];
        if (instrument.market != 0) return instrument;
        ChainId chain = chainOf(id);
        uint8 leg = legOf(id);
        if (InstrumentId.unwrap(instrumentOf(chain, leg)) != InstrumentId.unwrap(id)) revert Ledger_UnknownInstrument(id);
        ChainRecord memory record = _recordOf(chain);
        if (record.market == 0) revert Ledger_UnknownInstrument(id);
        (uint128[] memory strikes,) = CHAINS.strikesOf(chain);
        if (strikes.length == 0 || (leg != FUTURE_LEG && leg >= 2 * strikes.length)) revert Ledger_UnknownInstrument(id);
        if (ScopeId.unwrap(COLLATERALS.groupOfMarket(record.market)) != ScopeId.unwrap(group.scope)) {
            revert Ledger_MarketOfOtherGroup(record.market, group.scope);
        }
        instrument.market = record.market;
        instrument.history = 1;
        if (leg == FUTURE_LEG) {
            uint256 middle = strikes[strikes.length / 2];
            instrument.anchor = (middle - (middle % LOTS_PER_CONTRACT)).toUint88();
        }
    }

    // ------------------------------------------------------------------ synchronising

    /// @dev Charges interest, and brings an account to the group's last tear-up: closes its part of what was torn up, and books the cash.
    function _synchronise(AccountId id) internal returns (Account storage account, Group storage group) {
        account = _accounts[id];
        group = _groups[account.group];
        _chargeInterest(id, account, group);
        if (account.tears == group.tears) return (account, group);
        uint256 i;
        while (i < account.chains) {
            uint256 before = account.chains;
            _synchroniseChain(id, account, group, i);
            if (account.chains == before) ++i;
        }
        account.tears = group.tears;
        _emitCash(id, account, group);
    }

    function _synchroniseChain(AccountId id, Account storage account, Group storage group, uint256 i) private {
        ChainEntry memory entry = _chainEntry(account, i);
        uint256 count = _recordOf(entry.chain).tearCount;
        if (entry.count == count) return;
        uint256 since = entry.count;
        entry.count = count;
        _putChain(account, i, entry);
        mapping(uint256 => uint256) storage page = account.pages[entry.chain];
        // From the last, so that a position that disappears moves none that is still to come.
        for (uint256 j = entry.positions; j != 0;) {
            --j;
            (uint8 leg, int256 lots) = _unpackPosition(page.entryAt(PAGE_BITS, j));
            InstrumentId instrument = instrumentOf(entry.chain, leg);
            Torn memory torn = _tornOf(instrument, group, lots, since);
            if (torn.time == 0) continue;
            _bookTorn(id, account, group, instrument, lots, since);
            _addLots(id, account, instrument, torn.lots - lots);
            if (torn.time > account.tornAt) account.tornAt = uint40(torn.time);
        }
    }

    /// @dev What became of `lots` in all tear-ups after the chain's count `since`.
    function _tornOf(InstrumentId id, Group storage group, int256 lots, uint256 since) internal view returns (Torn memory torn) {
        torn.lots = lots;
        if (_instruments[id].count <= since) return torn;
        uint256 end = _instruments[id].history;
        SharePool memory pool = group.profit;
        for (uint256 place = _firstAfter(id, since); place <= end; ++place) {
            Instrument memory step = _stepAt(id, place, end);
            if (!_concerns(step, torn.lots)) continue;
            uint256 size = _size(torn.lots);
            uint256 closed = partOf(step.torn, step.base, step.seen, size);
            uint256 before = partOf(step.torn, step.base, 0, step.seen);
            if (step.flags & FACING_OWES != 0) torn.due += dueOf(step.amount, step.torn, closed);
            else torn.shares += pool.rescale(partOf(step.amount, step.torn, before, closed), step.scale);
            torn.closed += closed;
            torn.lots += torn.lots > 0 ? -int256(closed) : int256(closed);
            torn.time = step.time;
        }
    }

    /// @dev Books the same steps: counts the lots as seen, and moves what they owe or get between the group's sums and the account.
    function _bookTorn(AccountId id, Account storage account, Group storage group, InstrumentId instrument, int256 lots, uint256 since)
        private
    {
        uint256 end = _instruments[instrument].history;
        for (uint256 place = _firstAfter(instrument, since); place <= end; ++place) {
            Instrument storage step = place == end ? _instruments[instrument] : _history[instrument][place];
            if (!_concerns(step, lots)) continue;
            (uint256 torn, uint256 seen, uint256 size) = (step.torn, step.seen, _size(lots));
            uint256 closed = partOf(torn, step.base, seen, size);
            uint256 part = partOf(step.amount, torn, partOf(torn, step.base, 0, seen), closed);
            step.seen = uint56(seen + size);
            int256 payment;
            if (step.flags & FACING_OWES != 0) {
                uint256 due = dueOf(step.amount, torn, closed);
                payment = -due.toInt256();
                _settleDue(account, group, part, due);
            } else {
                SharePool memory pool = group.profit;
                uint256 shares = pool.rescale(part, step.scale);
                payment = pool.valueOf(shares).toInt256();
                _receiveShares(account, group, shares);
            }
            lots += lots > 0 ? -int256(closed) : int256(closed);
            emit TornFrom(id, instrument, closed, payment);
        }
    }

    /// @dev The account pays `due` for `part` of what the group's debt holds for it.
    function _settleDue(Account storage account, Group storage group, uint256 part, uint256 due) internal {
        group.debt -= part.toUint96();
        _take(account, group, due);
        _toFund(group, due - part);
    }

    /// @dev Place of the first tear-up after `since`; the last, in the instrument's own words, has the place `history`.
    function _firstAfter(InstrumentId id, uint256 since) private view returns (uint256 place) {
        place = _instruments[id].history;
        while (place > 1 && _history[id][place - 1].count > since) --place;
    }

    function _stepAt(InstrumentId id, uint256 place, uint256 end) private view returns (Instrument memory) {
        return place == end ? _instruments[id] : _history[id][place];
    }

    function _concerns(Instrument memory step, int256 lots) private pure returns (bool) {
        return lots != 0 && step.torn != 0 && (lots > 0) == (step.flags & FACING_LONG != 0);
    }

    function _size(int256 lots) internal pure returns (uint256) {
        return uint256(lots < 0 ? -lots : lots);
    }

    // ------------------------------------------------------------------ cash value of lots

    /// @dev Lots x USD wad in a unit of cash.
    function _lotScale(Group storage group) internal view returns (uint256) {
        return LOTS_PER_CONTRACT * 10 ** (18 - group.decimals);
    }
}
