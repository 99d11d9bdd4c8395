// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MAX_STRIKES} from "../interfaces/ClearingTypes.sol";
import {ChainBooks} from "./ChainBooks.sol";
import {ChainCells} from "./ChainCells.sol";
import {ChainMark} from "./ChainMark.sol";
import {LadderRefresh} from "./LadderRefresh.sol";
import {LadderSums} from "./LadderSums.sol";
import {ChargedChain, ChargedSize, IMarginCharges, MarketRule, MarketTotals} from "../interfaces/IMarketMargin.sol";
import {ChainBook, STRIKE_BYTES} from "./MarginTypes.sol";
import {MaximumLoss} from "./MaximumLoss.sol";
import {Cells, ScanCells} from "./ScanCells.sol";
import {VommaAddOn} from "./VommaAddOn.sol";

/// @title Equity and requirement of an account in one market
/// @notice Pure but for the time (risk-policy B6):
///
///     within  = max(scan, short-option minimum) + skew + delta + gamma + vega charges
///     between = term + basis charges
///     required = min(min(within, maximum loss) + between, maximum loss of the expiries one by one), each times the multiplier, with the ladder's allowance
///
/// @dev The twin is `risk/margin/contract/marketRequirement.ts`.
library MarketRequirement {
    uint256 private constant WAD = 1e18;
    uint256 private constant BPS = 10_000;
    /// @dev Shares of the requirement that cover reading between nodes and words, by the time to the nearest expiry held, and for each unit of relative drift of
    /// vol and price since the post; and what a cubic can make of a rounding to one unit. Measured: risk/margin/contract/README.md.
    uint256 private constant READING = 0.015e18;
    uint256 private constant READING_LAST_DAY = 0.08e18;
    uint256 private constant DRIFT_PERCENT = 20;

    uint256 internal constant RULE_NONE = 0;
    uint256 internal constant RULE_SCAN = 1;
    uint256 internal constant RULE_MINIMUM = 2;
    uint256 internal constant RULE_MAXIMUM_LOSS = 3;

    /// @notice What is added because values are read off a ladder.
    struct Allowance {
        uint256 share; // wad
        uint256 amount; // USD wad
        uint256 up; // taken off the cells, by vol state, USD wad
        uint256 down;
    }

    /// @param books Chains of the market with a ladder, not settled.
    /// @param price Index price, USD wad.
    /// @param units Of the underlying held as collateral, after its haircut, wad.
    /// @param inGroup Whether what the beta ladder reads is wanted.
    /// @param totals To be filled in: what the market asks for.
    /// @return stale Whether a ladder is due to be posted again, or does not cover the live vols.
    function assess(IMarginCharges charges, MarketTotals memory totals, ChainBook[] memory books, MarketRule calldata rule, uint256 price, uint256 units, bool inGroup)
        internal
        view
        returns (bool stale)
    {
        unchecked {
            Cells memory cells = ScanCells.build(price, rule, _soonStrikes(books, rule.range, price));
            Allowance memory allowance;
            stale = _values(books, cells, price, allowance);
            uint256 underlying = units * price / WAD;
            ScanCells.addUnits(cells, units);
            totals.equity = int256(underlying);
            uint256 shortLots;
            for (uint256 i; i < books.length; ++i) {
                ChainBook memory book = books[i];
                totals.equity += book.value;
                totals.delta += book.delta;
                totals.gamma += book.gamma;
                totals.vega += book.vega;
                totals.notional += book.notionalLots;
                totals.deltaNotional += book.deltaNotional;
                shortLots += book.shortLots;
            }
            totals.notional = totals.notional * price / BPS;
            totals.range = rule.range;
            totals.residual = rule.residual;
            _require(charges, totals, books, cells, rule, allowance, shortLots, units);
            totals.delta += int256(underlying);
            if (inGroup) _losses(totals, cells, rule.multiplier);
        }
    }

    function _soonStrikes(ChainBook[] memory books, uint256 range, uint256 price) private pure returns (uint256[] memory strikes) {
        unchecked {
            uint256 room;
            for (uint256 i; i < books.length; ++i) {
                ChainBook memory book = books[i];
                if (book.time < 2 days) room += (book.end - book.strikes) / STRIKE_BYTES;
            }
            strikes = new uint256[](room);
            if (room == 0) return strikes;
            uint256 low = price * (WAD - range) / WAD;
            uint256 high = price * (WAD + range) / WAD;
            uint256 count;
            for (uint256 i; i < books.length; ++i) {
                ChainBook memory book = books[i];
                if (book.time >= 2 days) continue;
                for (uint256 s = book.strikes; s < book.end; s += STRIKE_BYTES) {
                    uint256 strike;
                    assembly ("memory-safe") {
                        strike := mload(s)
                    }
                    if (strike >= low && strike <= high) strikes[count++] = strike;
                }
            }
            assembly ("memory-safe") {
                // Never longer than it was allocated.
                mstore(strikes, count)
            }
        }
    }

    /// @notice Puts a chain on its nodes and reads it at the mark.
    /// @param r From {ChainMark.reader}.
    function readMark(ChainMark.Reader memory r, ChainBook memory book, uint256 price) internal view {
        book.distance = ScanCells.signedLog(price, book.base);
        ChainBooks.copyEntries(book, r.entries);
        ChainMark.read(r, book, price);
    }

    function _values(ChainBook[] memory books, Cells memory cells, uint256 price, Allowance memory allowance) private view returns (bool stale) {
        unchecked {
            ChainMark.Reader memory r = ChainMark.reader(ChainBooks.entriesRoom(books));
            uint256 sums = LadderSums.room();
            uint256 reading;
            uint256 drift;
            uint256 count = books.length;
            if (count == 0) return false;
            ChainBook memory other = books[0];
            for (uint256 i; i < count; ++i) {
                ChainBook memory book = books[i];
                readMark(r, book, price);
                LadderSums.sum(book, r.entries, sums);
                ChainCells.locate(book, other, cells);
                other = book;
                ChainCells.add(book, cells, book.credit, book.time < 1 days);
                if (book.outside || isDue(book)) stale = true;
                if (book.strikes == book.end || book.time == 0) continue;
                _addVomma(book, allowance);
                allowance.amount += uint256(LadderSums.toWad(int256((book.gross << 32) * 5 / 8), book.unitExponent)) + 1;
                reading = Math.max(reading, book.time < 1 days ? READING_LAST_DAY : READING);
                uint256 vol = book.drift > 1e12 ? book.drift - 1e12 : 1e12 - book.drift;
                uint256 moved = uint256(book.distance < 0 ? -book.distance : book.distance);
                drift = Math.max(drift, vol * 1e6 + (moved * WAD >> 64));
            }
            allowance.share = reading + drift * DRIFT_PERCENT / 100;
            _takeOff(cells, allowance.up, allowance.down);
        }
    }

    function _addVomma(ChainBook memory book, Allowance memory allowance) private pure {
        unchecked {
            (uint256 up, uint256 down) = VommaAddOn.amounts(book);
            allowance.up += up;
            allowance.down += down;
        }
    }

    /// @dev Off what margin counts, not off the plain values: those bound what an account can lose at all.
    function _takeOff(Cells memory cells, uint256 up, uint256 down) private pure {
        unchecked {
            if (up | down == 0) return;
            (uint256 place, uint256 end) = (cells.start + 96, cells.start + cells.count * 160);
            assembly ("memory-safe") {
                for {} lt(place, end) { place := add(place, 160) } {
                    mstore(place, sub(mload(place), up))
                    mstore(add(place, 32), sub(mload(add(place, 32)), down))
                }
            }
        }
    }

    /// @notice When a ladder is to be posted again (risk-policy B12), and so serves no new risk (contract-rules A1, A12): see {LadderRefresh.isDue}.
    function isDue(ChainBook memory book) internal view returns (bool) {
        unchecked {
            if (book.stale || book.time == 0 || block.timestamp > book.asOf + LadderRefresh.longestAge(book.time)) return true;
            if (book.time > 7 days) {
                uint256 moved = book.atmVol * (book.drift > 1e12 ? book.drift - 1e12 : 1e12 - book.drift) / 1e12;
                if (moved > 0.01e18 || moved * 50 > book.atmVol) return true;
            }
            int256 place = book.distance * 1_000_000 - (book.first << 64);
            int256 span = int256((book.nodes - 1) * book.spacing) << 64;
            return 4 * place < span || 4 * place > 3 * span;
        }
    }

    function _require(
        IMarginCharges charges,
        MarketTotals memory totals,
        ChainBook[] memory books,
        Cells memory cells,
        MarketRule calldata rule,
        Allowance memory allowance,
        uint256 shortLots,
        uint256 units
    ) private pure {
        unchecked {
            uint256 price = ScanCells.priceAt(cells, ScanCells.SIDE);
            uint256 scan = _scan(totals, cells);
            // Lots x price x bps, over 10,000 of each.
            uint256 floor = Math.ceilDiv(shortLots * price * rule.shortOptionMinimum, BPS * BPS);
            uint256 scanned = Math.max(scan, floor);
            (uint256 within, uint256 between) = _charges(charges, totals, books, rule, units * price / WAD);
            within += scanned;
            within = Math.ceilDiv(within * rule.multiplier, BPS);
            between = Math.ceilDiv(between * rule.multiplier, BPS);
            scanned = Math.ceilDiv(scanned * rule.multiplier, BPS);
            totals.required = _cap(books, cells, totals.equity, units, within, between, allowance);
            totals.rule = totals.required < scanned
                ? RULE_MAXIMUM_LOSS
                : scanned == 0 ? RULE_NONE : scan < floor ? RULE_MINIMUM : RULE_SCAN;
            totals.floor = Math.min(totals.required, Math.ceilDiv(floor * rule.multiplier, BPS));
        }
    }

    function _charges(
        IMarginCharges charges,
        MarketTotals memory totals,
        ChainBook[] memory books,
        MarketRule calldata rule,
        uint256 underlying
    ) private pure returns (uint256 within, uint256 between) {
        unchecked {
            ChargedChain[] memory chains = new ChargedChain[](books.length);
            for (uint256 i; i < chains.length; ++i) {
                (ChargedChain memory chain, ChainBook memory book) = (chains[i], books[i]);
                (chain.time, chain.atmVol, chain.upFactor) = (book.time, book.atmVol * book.drift / 1e12, book.upFactor);
                (chain.delta, chain.vega, chain.skew) = (book.delta, book.vega, book.skew);
            }
            return charges.chargesOf(chains, ChargedSize(totals.delta, totals.gamma, totals.vega, underlying), rule);
        }
    }

    /// @dev The cell with the largest weighted loss, the first of equals; rounded up.
    function _scan(MarketTotals memory totals, Cells memory cells) private pure returns (uint256 worst) {
        unchecked {
            uint256 binding;
            (worst, binding) = ScanCells.worst(cells, totals.equity);
            if (worst == 0) return 0;
            (int256 highVol, int256 lowVol) = (ScanCells.upAt(cells, binding), ScanCells.downAt(cells, binding));
            totals.price = ScanCells.priceAt(cells, binding);
            totals.volState = highVol <= lowVol ? 1 : 0;
            totals.loss = totals.equity - (highVol <= lowVol ? highVol : lowVol);
        }
    }

    function _cap(
        ChainBook[] memory books,
        Cells memory cells,
        int256 mark,
        uint256 units,
        uint256 within,
        uint256 between,
        Allowance memory allowance
    ) private pure returns (uint256 asked) {
        // An account with more strikes than one chain has is asked for no less than its expiries can lose one by one: looking at all its strikes at one price costs
        // the square of their number, and a liquidation of the largest account must fit a block.
        unchecked {
            asked = _allowed(within, allowance);
            between += Math.ceilDiv(between * allowance.share, WAD);
            int256 slope = MaximumLoss.slopeOf(books, units);
            // An account that falls without end has an expiry that does.
            if (slope < 0 || int256(asked + between) <= MaximumLoss.atZero(books, mark)) return asked + between;
            uint256 loss;
            uint256 strikes;
            for (uint256 i; i < books.length; ++i) {
                ChainBook memory book = books[i];
                strikes += (book.end - book.strikes) / STRIKE_BYTES;
            }
            if (strikes <= MAX_STRIKES) {
                loss = MaximumLoss.together(books, cells, mark, units, slope);
                // At one expiry the loss is bounded by payoffs, which are exact; over several it looks at values before expiry too.
                asked = Math.min(asked, books.length > 1 ? _allowed(loss, allowance) + allowance.up : loss);
                if (between == 0 && asked <= loss) return asked;
            }
            (bool bounded, uint256 most) = MaximumLoss.apart(books, mark);
            asked += between;
            if (bounded) asked = Math.min(asked, Math.max(most, loss));
        }
    }

    function _allowed(uint256 required, Allowance memory allowance) private pure returns (uint256) {
        unchecked {
            return required == 0 ? 0 : required + Math.ceilDiv(required * allowance.share, WAD) + allowance.amount;
        }
    }

    /// @dev What the beta ladder reads: losses as far as they were asked for.
    function _losses(MarketTotals memory totals, Cells memory cells, uint256 multiplier) private pure {
        (int256[] memory moves, int256[] memory losses) = (new int256[](ScanCells.IN_RANGE), new int256[](ScanCells.IN_RANGE));
        int256[] memory far = new int256[](ScanCells.FAR);
        (totals.moves, totals.losses, totals.far) = (moves, losses, far);
        (uint256 record, int256 mark, int256 most) = (cells.start, totals.equity, int256(totals.required));
        uint256 price = ScanCells.priceAt(cells, ScanCells.SIDE);
        assembly ("memory-safe") {
            function lossOf(record_, mark_, most_, multiplier_, isFar) -> loss {
                loss := mload(add(record_, 96))
                let down := mload(add(record_, 128))
                if and(slt(down, loss), iszero(isFar)) { loss := down }
                loss := sdiv(mul(sdiv(mul(sub(mark_, loss), mload(add(record_, 64))), WAD), multiplier_), BPS)
                if sgt(loss, most_) { loss := most_ }
            }
            let place := add(losses, 32)
            for { let end := add(place, shl(5, mload(losses))) } lt(place, end) { place := add(place, 32) } {
                mstore(place, lossOf(record, mark, most, multiplier, 0))
                mstore(add(sub(place, losses), moves), sub(div(mul(mload(record), WAD), price), WAD))
                record := add(record, 160)
            }
            place := add(far, 32)
            for { let end := add(place, shl(5, mload(far))) } lt(place, end) { place := add(place, 32) } {
                mstore(place, lossOf(record, mark, most, multiplier, 1))
                record := add(record, 160)
            }
        }
    }
}
