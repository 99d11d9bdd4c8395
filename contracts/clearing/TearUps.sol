// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AccountId, ChainId, InstrumentId, chainOf, legOf} from "../interfaces/ClearingTypes.sol";
import {ChainRecord} from "../interfaces/IChains.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {Account, DELEVERAGING, FACING_LONG, FACING_OWES, Group, Instrument, STRUCK} from "./LedgerStore.sol";
import {PackedList} from "./PackedList.sol";
import {PositionBook} from "./PositionBook.sol";
import {SharePool, SharePools} from "./SharePool.sol";

/// @dev Tear-ups of an account. A step writes its instrument's two words and the account's page; cash, open interest of the market and the list of chains are
/// written once, so that a further instrument costs little more than its words and its events.
abstract contract TearUps is PositionBook {
    using PackedList for mapping(uint256 word => uint256);
    using SafeCast for int256;
    using SafeCast for uint256;
    using SharePools for SharePool;

    /// @dev One call, and the chain whose instruments it has come to.
    struct Run {
        Till till;
        uint256 scale; // lots x USD wad in a unit of cash
        int256 payment; // to the account so far
        ChainId chain;
        uint16 market;
        uint24 count; // tear-ups of the chain, with this one
        uint256 entry; // place of the chain in the account's list
        uint256 positions; // of the account in it
        uint256 next; // place of the one that is likely next
        uint256 closed; // positions
        uint256 lots; // in them
    }

    /// @inheritdoc ILedger
    function tearUp(AccountId id, InstrumentId[] calldata instruments, uint256[] calldata marks)
        external
        only(DELEVERAGING)
        returns (int256 payment)
    {
        (Account storage account, Group storage group) = _synchronise(id);
        Run memory run;
        _openTill(run.till, account, group);
        run.scale = _lotScale(group);
        for (uint256 i = 0; i < instruments.length; ++i) {
            ChainId chain = chainOf(instruments[i]);
            if (ChainId.unwrap(chain) != ChainId.unwrap(run.chain)) {
                _closePage(account, run);
                _openPage(account, chain, run);
            }
            _tearUp(id, account, group, instruments[i], marks[i], run);
        }
        _closePage(account, run);
        _closeTill(run.till, account, group);
        account.tears = ++group.tears;
        _emitCash(id, account, group);
        return run.payment;
    }

    /// @dev One step. The instrument's two words are read and written once; an unfinished step is kept for those who have not synchronised.
    function _tearUp(AccountId id, Account storage account, Group storage group, InstrumentId instrument, uint256 mark, Run memory run) private {
        Instrument memory step = _instruments[instrument];
        if (step.flags & STRUCK != 0) revert Ledger_InstrumentStruck(instrument);
        int256 lots = _tearOut(id, account, instrument, run);
        if (step.seen != step.base) _copy(_instruments[instrument], _history[instrument][step.history++]);
        (step.base, step.seen, step.torn) = (step.openInterest, 0, uint40(_size(lots)));
        (step.openInterest, step.count, step.time) = (step.base - step.torn, run.count, uint32(block.timestamp));
        step.flags = lots < 0 ? FACING_LONG : 0;
        int256 payment = _bookStep(step, mark.toInt256() - int256(uint256(step.anchor)), account, group, run);
        _instruments[instrument] = step;
        _noteChange(id, account, instrument, -lots, 0);
        emit TornUp(instrument, id, lots, step.base, mark, payment);
    }

    /// @dev Cash of a step at `value` USD wad a contract: the account's now, the other side's in its sums.
    function _bookStep(Instrument memory step, int256 value, Account storage account, Group storage group, Run memory run)
        private
        returns (int256 payment)
    {
        uint256 product = step.torn * _size(value);
        uint256 owed = product / run.scale;
        if ((step.flags & FACING_LONG == 0) == (value > 0)) {
            step.flags |= FACING_OWES;
            step.amount = owed.toUint96();
            run.till.due += owed;
            _receiveIn(run.till, account, group, owed);
            payment = owed.toInt256();
        } else {
            uint256 amount = owed * run.scale == product ? owed : owed + 1;
            _takeFrom(run.till, amount);
            (uint256 shares, uint256 dust) = run.till.pool.mint(owed);
            (step.amount, step.scale) = (shares.toUint96(), run.till.pool.scale);
            run.till.dust += dust + amount - owed;
            payment = -amount.toInt256();
        }
        run.payment += payment;
    }

    /// @dev Counts the tear-up and finds the account's positions in the chain.
    function _openPage(Account storage account, ChainId chain, Run memory run) private {
        CHAINS.countTearUp(chain);
        ChainRecord memory record = _recordOf(chain);
        (uint256 entry, bool held) = account.chainList.find(CHAIN_BITS, account.chains, KEY_BITS, ChainId.unwrap(chain));
        (run.chain, run.market, run.count, run.entry) = (chain, record.market, record.tearCount, entry);
        (run.positions, run.next, run.closed, run.lots) = (held ? _chainEntry(account, entry).positions : 0, 0, 0, 0);
    }

    /// @dev Lots of a position, which is taken out.
    function _tearOut(AccountId id, Account storage account, InstrumentId instrument, Run memory run) private returns (int256 lots) {
        mapping(uint256 => uint256) storage page = account.pages[run.chain];
        uint8 leg = legOf(instrument);
        uint256 place = run.next;
        if (place >= run.positions || uint8(page.entryAt(PAGE_BITS, place)) != leg) {
            bool found;
            (place, found) = page.find(PAGE_BITS, run.positions, LEG_BITS, leg);
            if (!found) revert Ledger_NoPosition(id, instrument);
            run.next = place;
        }
        (, lots) = _unpackPosition(page.entryAt(PAGE_BITS, place));
        _removePosition(account, run.chain, run.positions--, place);
        ++run.closed;
        run.lots += _size(lots);
    }

    /// @dev Writes what the steps of a chain changed together. The account has seen its tear-ups, these among them: they are against other sides.
    function _closePage(Account storage account, Run memory run) private {
        if (run.closed == 0) return;
        account.positions -= uint16(run.closed);
        _marketOpenInterest[run.market] -= run.lots;
        _putChain(account, run.entry, ChainEntry(run.chain, run.count, run.positions));
    }

    /// @dev The two words as they are: member by member takes half a kilobyte of code.
    function _copy(Instrument storage from, Instrument storage to) private {
        assembly ("memory-safe") {
            sstore(to.slot, sload(from.slot))
            sstore(add(to.slot, 1), sload(add(from.slot, 1)))
        }
    }
}
