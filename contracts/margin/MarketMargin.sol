// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId} from "../interfaces/ClearingTypes.sol";
import {IChains, LadderStatus} from "../interfaces/IChains.sol";
import {Footing} from "../interfaces/IMargin.sol";
import {IMarginCharges, IMarketMargin, MarketQuery, MarketRule, MarketTotals} from "../interfaces/IMarketMargin.sol";
import {IPayoff} from "../interfaces/IPayoff.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {ChainBooks} from "./ChainBooks.sol";
import {ChainCells} from "./ChainCells.sol";
import {ChainMark} from "./ChainMark.sol";
import {MarginCharges} from "./MarginCharges.sol";
import {ChainBook} from "./MarginTypes.sol";
import {MarketRequirement} from "./MarketRequirement.sol";

/// @title One market of an account, judged
/// @dev Reads ladders and surfaces; {MarketRequirement} and what it uses compute.
contract MarketMargin is IMarketMargin {
    ISurfaceOracle private immutable SURFACES;
    IChains private immutable CHAINS;
    IMarginCharges private immutable CHARGES;

    /// @dev What was read.
    struct Books {
        ChainBook[] open; // with a ladder, not settled
        int256 settled; // value of the settled ones, USD wad
        Footing footing;
    }

    constructor(ISurfaceOracle surfaces, IChains chains) {
        SURFACES = surfaces;
        CHAINS = chains;
        CHARGES = new MarginCharges();
    }

    /// @inheritdoc IMarketMargin
    function assess(MarketQuery calldata query) external view returns (MarketTotals memory totals) {
        Books memory books = _read(query);
        bool stale = MarketRequirement.assess(CHARGES, totals, books.open, query.rule, query.price, query.units, query.inGroup);
        totals.footing = stale && books.footing > Footing.STALE ? Footing.STALE : books.footing;
        totals.equity += books.settled;
    }

    /// @inheritdoc IMarketMargin
    function valueOf(MarketQuery calldata query) external view returns (int256 value, Footing footing) {
        Books memory books = _read(query);
        (value, footing) = (books.settled, books.footing);
        ChainMark.Reader memory r = ChainMark.reader(ChainBooks.entriesRoom(books.open));
        for (uint256 i; i < books.open.length; ++i) {
            ChainBook memory book = books.open[i];
            MarketRequirement.readMark(r, book, query.price);
            value += book.value;
            if (MarketRequirement.isDue(book) && footing > Footing.STALE) footing = Footing.STALE;
        }
    }

    function _read(MarketQuery calldata query) private view returns (Books memory books) {
        unchecked {
            (uint256[] calldata pages, uint256[] calldata records, uint256[] calldata chains) = (query.pages, query.records, query.chains);
            uint256 count = records.length;
            books.footing = Footing.PROVED;
            books.open = ChainBooks.room(count);
            uint256 head = ChainBooks.headRoom();
            uint256 open;
            uint256 page;
            for (uint256 i; i < count; ++i) {
                (uint256 record, uint256 field) = (records[i], chains[i]);
                uint256 positions = uint8(field >> 56);
                // One that is left out leaves its place to no other: there are as many as chains.
                ChainBook memory book = books.open[i];
                ChainBooks.read(book, head, record, uint32(field), pages, page, positions);
                page += (positions + 4) / 5;
                if (uint8(record >> 88) != 0) {
                    books.settled += _settled(book, uint32(field));
                } else if (book.blob == address(0)) {
                    books.footing = Footing.NONE;
                } else {
                    _revive(book, query.scope, query.rule);
                    Footing footing = book.time == 0
                        ? Footing.STALE
                        : book.status == uint256(LadderStatus.PROVED) ? Footing.PROVED : Footing.POSTED;
                    if (footing < books.footing) books.footing = footing;
                    books.open[open++] = book;
                }
            }
            ChainBook[] memory list = books.open;
            assembly ("memory-safe") {
                // Never longer than it was allocated.
                mstore(list, open)
            }
        }
    }

    /// @dev A chain that never had a ladder, or lost it, has its strikes in its listing.
    function _settled(ChainBook memory book, uint256 chain) private view returns (int256) {
        uint256 price = CHAINS.settlementOf(ChainId.wrap(uint32(chain)));
        if (book.blob == address(0)) {
            (uint128[] memory strikes, IPayoff payoff) = CHAINS.strikesOf(ChainId.wrap(uint32(chain)));
            ChainBooks.list(book, chain, strikes, payoff.kind());
        }
        return ChainCells.payoffAt(book, price) + ChainCells.futuresAt(book, price);
    }

    /// @dev Time, live vol states, and the vol at the money of now over that of the post: the newest slice of the expiry.
    function _revive(ChainBook memory book, ScopeId scope, MarketRule calldata rule) private view {
        ChainBooks.revive(book, rule.volScanUp, rule.volScanDown);
        (uint256 atmVol, uint48 validUntil, uint32 version) = SURFACES.indexOf(scope, uint48(book.expiry));
        book.drift = version == 0 || version == book.version ? 1e12 : atmVol * 1e12 / book.atmVol;
        book.stale = version == 0 || block.timestamp > validUntil;
    }
}
