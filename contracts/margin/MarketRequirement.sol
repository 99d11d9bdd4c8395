// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MAX_STRIKES} from "../interfaces/ClearingTypes.sol";
import {ChainValues, Grid} from "./ChainValues.sol";
import {LadderRefresh} from "./LadderRefresh.sol";
import {LadderSums, Lanes} from "./LadderSums.sol";
import {MarginCharges} from "./MarginCharges.sol";
import {MarketRule, MarketTotals} from "../interfaces/IMarketMargin.sol";
import {ChainBook, ChainGreeks} from "./MarginTypes.sol";
import {MaximumLoss, Valued} from "./MaximumLoss.sol";
import {Cells, ScanCells} from "./ScanCells.sol";

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
    /// vol and price since the post; and what a cubic can make of a rounding to one unit. Measured: risk/margin/ladder/README.md.
    uint256 private constant READING = 0.025e18;
    uint256 private constant READING_TWO_DAYS = 0.045e18;
    uint256 private constant READING_LAST_DAY = 0.095e18;
    uint256 private constant DRIFT_PERCENT = 20;

    uint256 internal constant RULE_NONE = 0;
    uint256 internal constant RULE_SCAN = 1;
    uint256 internal constant RULE_MINIMUM = 2;
    uint256 internal constant RULE_MAXIMUM_LOSS = 3;

    /// @notice What is added because values are read off a ladder.
    struct Allowance {
        uint256 share; // wad
        uint256 amount; // USD wad
    }

    /// @param books Chains of the market with a ladder, not settled.
    /// @param price Index price, USD wad.
    /// @param units Of the underlying held as collateral, after its haircut, wad.
    /// @param inGroup Whether what the beta ladder reads is wanted.
    /// @return totals What the market asks for.
    /// @return stale Whether a ladder is due to be posted again, or does not cover the live vols.
    function assess(ChainBook[] memory books, MarketRule memory rule, uint256 price, uint256 units, bool inGroup)
        internal
        view
        returns (MarketTotals memory totals, bool stale)
    {
        unchecked {
            Cells memory cells = ScanCells.build(price, rule, _soonStrikes(books, rule.range, price));
            Valued memory valued = Valued(books, new Lanes[](books.length), new Grid[](books.length), new ChainGreeks[](books.length));
            Allowance memory allowance;
            stale = _values(valued, cells, price, allowance);
            uint256 underlying = units * price / WAD;
            if (units != 0) {
                for (uint256 i; i < cells.count; ++i) {
                    int256 lane = int256(units * ScanCells.priceAt(cells, i) / WAD);
                    ScanCells.add(cells, i, lane, lane);
                }
            }
            totals.equity = int256(underlying);
            uint256 shortLots;
            for (uint256 i; i < books.length; ++i) {
                ChainGreeks memory g = valued.greeks[i];
                totals.equity += g.value;
                totals.delta += g.delta;
                totals.gamma += g.gamma;
                totals.vega += g.vega;
                totals.notional += g.notionalLots;
                totals.deltaNotional += g.deltaNotional;
                shortLots += books[i].shortLots;
            }
            totals.notional = totals.notional * price / BPS;
            totals.range = rule.range;
            totals.residual = rule.residual;
            _require(totals, valued, cells, rule, allowance, shortLots, units);
            totals.delta += int256(underlying);
            if (inGroup) _losses(totals, cells, rule.multiplier);
        }
    }

    function _soonStrikes(ChainBook[] memory books, uint256 range, uint256 price) private pure returns (uint256[] memory strikes) {
        unchecked {
            uint256 count;
            for (uint256 i; i < books.length; ++i) {
                if (books[i].time < 2 days) count += books[i].strikes.length;
            }
            strikes = new uint256[](count);
            if (count == 0) return strikes;
            uint256 low = price * (WAD - range) / WAD;
            uint256 high = price * (WAD + range) / WAD;
            count = 0;
            for (uint256 i; i < books.length; ++i) {
                if (books[i].time >= 2 days) continue;
                for (uint256 k; k < books[i].strikes.length; ++k) {
                    uint256 strike = books[i].strikes[k].strike;
                    if (strike >= low && strike <= high) strikes[count++] = strike;
                }
            }
            assembly ("memory-safe") {
                mstore(strikes, count)
            }
        }
    }

    function _values(Valued memory valued, Cells memory cells, uint256 price, Allowance memory allowance)
        private
        view
        returns (bool stale)
    {
        unchecked {
            Grid memory grid;
            uint256 reading;
            uint256 drift;
            for (uint256 i; i < valued.books.length; ++i) {
                ChainBook memory book = valued.books[i];
                (Lanes memory lanes, bool outside) = LadderSums.sum(book);
                grid = ChainValues.gridOf(book, cells, price, grid);
                (valued.lanes[i], valued.grids[i]) = (lanes, grid);
                valued.greeks[i] = ChainValues.greeks(book, grid, price);
                valued.greeks[i].value += ChainValues.futuresAt(book, price);
                ChainValues.addCells(book, lanes, grid, cells);
                if (outside || isDue(book, grid)) stale = true;
                if (book.strikes.length == 0 || book.time == 0) continue;
                allowance.amount += uint256(LadderSums.toWad(int256((book.gross << 32) * 5 / 8), book.unitExponent)) + 1;
                reading = Math.max(reading, book.time < 1 days ? READING_LAST_DAY : book.time < 2 days ? READING_TWO_DAYS : READING);
                uint256 vol = book.drift > 1e12 ? book.drift - 1e12 : 1e12 - book.drift;
                uint256 moved = uint256(grid.distance < 0 ? -grid.distance : grid.distance);
                drift = Math.max(drift, vol * 1e6 + (moved * WAD >> 64));
            }
            allowance.share = reading + drift * DRIFT_PERCENT / 100;
        }
    }

    /// @notice When a ladder is to be posted again (risk-policy B12), and so serves no new risk (contract-rules A1, A12): see {LadderRefresh.isDue}.
    function isDue(ChainBook memory book, Grid memory grid) internal view returns (bool) {
        unchecked {
            if (book.stale || book.time == 0 || block.timestamp > book.asOf + LadderRefresh.longestAge(book.time)) return true;
            if (book.time > 7 days) {
                uint256 moved = book.atmVol * (book.drift > 1e12 ? book.drift - 1e12 : 1e12 - book.drift) / 1e12;
                if (moved > 0.01e18 || moved * 50 > book.atmVol) return true;
            }
            int256 place = grid.distance * 1_000_000 - (book.first << 64);
            int256 span = int256((book.nodes - 1) * book.spacing) << 64;
            return 4 * place < span || 4 * place > 3 * span;
        }
    }

    function _require(
        MarketTotals memory totals,
        Valued memory valued,
        Cells memory cells,
        MarketRule memory rule,
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
            uint256 within = scanned + MarginCharges.skew(valued.books, valued.greeks)
                + MarginCharges.liquidity(rule, totals.delta, totals.gamma, totals.vega);
            uint256 between = MarginCharges.term(valued.books, valued.greeks)
                + MarginCharges.basis(valued.books, valued.greeks, units * price / WAD);
            within = Math.ceilDiv(within * rule.multiplier, BPS);
            between = Math.ceilDiv(between * rule.multiplier, BPS);
            scanned = Math.ceilDiv(scanned * rule.multiplier, BPS);
            totals.required = _cap(valued, cells, totals.equity, units, within, between, allowance);
            totals.rule = totals.required < scanned
                ? RULE_MAXIMUM_LOSS
                : scanned == 0 ? RULE_NONE : scan < floor ? RULE_MINIMUM : RULE_SCAN;
            totals.floor = Math.min(totals.required, Math.ceilDiv(floor * rule.multiplier, BPS));
        }
    }

    /// @dev The cell with the largest weighted loss, the first of equals; rounded up.
    function _scan(MarketTotals memory totals, Cells memory cells) private pure returns (uint256 worst) {
        unchecked {
            int256 mark = totals.equity;
            uint256 worstCell = type(uint256).max;
            for (uint256 i; i < cells.count; ++i) {
                (int256 up, int256 down) = (ScanCells.upAt(cells, i), ScanCells.downAt(cells, i));
                int256 loss = mark - (up < down ? up : down);
                if (loss <= 0) continue;
                uint256 weight = ScanCells.weightAt(cells, i);
                uint256 counted = weight == WAD ? uint256(loss) : (uint256(loss) * weight + WAD - 1) / WAD;
                if (counted > worst) (worst, worstCell) = (counted, i);
            }
            if (worst == 0) return 0;
            (int256 highVol, int256 lowVol) = (ScanCells.upAt(cells, worstCell), ScanCells.downAt(cells, worstCell));
            totals.price = ScanCells.priceAt(cells, worstCell);
            totals.volState = highVol <= lowVol ? 1 : 0;
            totals.loss = mark - (highVol <= lowVol ? highVol : lowVol);
        }
    }

    function _cap(
        Valued memory valued,
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
            int256 slope = MaximumLoss.slopeOf(valued.books, units);
            // An account that falls without end has an expiry that does.
            if (slope < 0 || int256(asked + between) <= MaximumLoss.atZero(valued.books, mark)) return asked + between;
            uint256 loss;
            uint256 strikes;
            for (uint256 i; i < valued.books.length; ++i) {
                strikes += valued.books[i].strikes.length;
            }
            if (strikes <= MAX_STRIKES) {
                loss = MaximumLoss.together(valued, cells, mark, units, slope);
                // At one expiry the loss is bounded by payoffs, which are exact; over several it looks at values before expiry too.
                asked = Math.min(asked, valued.books.length > 1 ? _allowed(loss, allowance) : loss);
                if (between == 0 && asked <= loss) return asked;
            }
            (bool bounded, uint256 most) = MaximumLoss.apart(valued.books, mark);
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
        unchecked {
            totals.moves = new int256[](ScanCells.IN_RANGE);
            totals.losses = new int256[](ScanCells.IN_RANGE);
            totals.far = new int256[](ScanCells.FAR);
            int256 most = int256(totals.required);
            uint256 price = ScanCells.priceAt(cells, ScanCells.SIDE);
            for (uint256 i; i < ScanCells.COMMON; ++i) {
                (int256 up, int256 down) = (ScanCells.upAt(cells, i), ScanCells.downAt(cells, i));
                int256 loss = totals.equity - (up < down ? up : down);
                loss = loss * int256(ScanCells.weightAt(cells, i)) / int256(WAD) * int256(multiplier) / int256(BPS);
                if (loss > most) loss = most;
                if (i >= ScanCells.IN_RANGE) {
                    totals.far[i - ScanCells.IN_RANGE] = loss;
                } else {
                    totals.moves[i] = int256(ScanCells.priceAt(cells, i) * WAD / price) - int256(WAD);
                    totals.losses[i] = loss;
                }
            }
        }
    }
}
