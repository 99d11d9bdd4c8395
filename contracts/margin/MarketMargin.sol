// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId} from "../interfaces/ClearingTypes.sol";
import {IChains, LadderStatus} from "../interfaces/IChains.sol";
import {Footing} from "../interfaces/IMargin.sol";
import {IMarketMargin, MarketQuery, MarketRule, MarketTotals} from "../interfaces/IMarketMargin.sol";
import {IPayoff} from "../interfaces/IPayoff.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {ChainBooks} from "./ChainBooks.sol";
import {ChainValues, Grid} from "./ChainValues.sol";
import {LadderSums} from "./LadderSums.sol";
import {ChainBook, ChainGreeks} from "./MarginTypes.sol";
import {MarketRequirement} from "./MarketRequirement.sol";
import {Cells, ScanCells} from "./ScanCells.sol";

/// @title One market of an account, judged
/// @dev Reads ladders and surfaces; {MarketRequirement} and what it uses compute.
contract MarketMargin is IMarketMargin {
    ISurfaceOracle private immutable SURFACES;
    IChains private immutable CHAINS;

    /// @dev What was read.
    struct Books {
        ChainBook[] open; // with a ladder, not settled
        int256 settled; // value of the settled ones, USD wad
        Footing footing;
    }

    constructor(ISurfaceOracle surfaces, IChains chains) {
        SURFACES = surfaces;
        CHAINS = chains;
    }

    /// @inheritdoc IMarketMargin
    function assess(MarketQuery calldata query) external view returns (MarketTotals memory totals) {
        Books memory books = _read(query);
        bool stale;
        (totals, stale) = MarketRequirement.assess(books.open, query.rule, query.price, query.units, query.inGroup);
        totals.footing = stale && books.footing > Footing.STALE ? Footing.STALE : books.footing;
        totals.equity += books.settled;
    }

    /// @inheritdoc IMarketMargin
    function valueOf(MarketQuery calldata query) external view returns (int256 value, Footing footing) {
        Books memory books = _read(query);
        (value, footing) = (books.settled, books.footing);
        Cells memory cells = ScanCells.build(query.price, query.rule, new uint256[](0));
        Grid memory grid;
        for (uint256 i; i < books.open.length; ++i) {
            ChainBook memory book = books.open[i];
            LadderSums.fillVols(book);
            grid = ChainValues.gridOf(book, cells, query.price, grid);
            ChainGreeks memory greeks = ChainValues.greeks(book, grid, query.price);
            value += greeks.value + ChainValues.futuresAt(book, query.price);
            if (MarketRequirement.isDue(book, grid) && footing > Footing.STALE) footing = Footing.STALE;
        }
    }

    function _read(MarketQuery calldata query) private view returns (Books memory books) {
        unchecked {
            uint256[] memory pages = query.pages;
            uint256 count = query.records.length;
            books.footing = Footing.PROVED;
            books.open = new ChainBook[](count);
            uint256 open;
            uint256 page;
            for (uint256 i; i < count; ++i) {
                uint256 record = query.records[i];
                uint256 chain = uint32(query.chains[i]);
                uint256 positions = uint8(query.chains[i] >> 56);
                ChainBook memory book = ChainBooks.read(record, chain, pages, page, positions);
                page += (positions + 4) / 5;
                if (uint8(record >> 88) != 0) {
                    books.settled += _settled(book, chain);
                } else if (!book.hasLadder) {
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
        if (!book.hasLadder) {
            (uint128[] memory strikes, IPayoff payoff) = CHAINS.strikesOf(ChainId.wrap(uint32(chain)));
            ChainBooks.list(book, chain, strikes, payoff.kind());
        }
        return ChainValues.payoffAt(book, price) + ChainValues.futuresAt(book, price);
    }

    /// @dev Time, live vol states, and the vol at the money of now over that of the post: the newest slice of the expiry.
    function _revive(ChainBook memory book, ScopeId scope, MarketRule calldata rule) private view {
        ChainBooks.revive(book, rule.volScanUp, rule.volScanDown);
        (uint256 atmVol, uint48 validUntil, uint32 version) = SURFACES.indexOf(scope, uint48(book.expiry));
        book.drift = version == 0 || version == book.version ? 1e12 : atmVol * 1e12 / book.atmVol;
        book.stale = version == 0 || block.timestamp > validUntil;
    }
}
