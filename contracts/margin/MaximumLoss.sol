// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainCells} from "./ChainCells.sol";
import {ChainBook, STRIKE_BYTES} from "./MarginTypes.sol";
import {Cells, ScanCells} from "./ScanCells.sol";

/// @title The most an account can lose in one market
/// @notice Pure. The twin is `risk/margin/contract/maximumLoss.ts`.
/// @dev Payoffs are straight between strikes, so their least is at a strike (or just below one where a payoff jumps), at zero, or far above.
library MaximumLoss {
    int256 private constant LOTS = 10_000;
    int256 private constant WAD = 1e18;
    uint256 private constant FAR_ABOVE = 0xffffffffffffffffffffffffffffffff;

    /// @dev Payoff of a list of strikes: records in memory, ascending, of strike, lots, and what these lots pay below the strike at a price of zero (lots x USD wad).
    struct Payoffs {
        uint256 start;
        uint256 end;
        int256 slope; // lots
        int256 level; // lots x USD wad
        bool jumps;
    }

    /// @notice With all expiries at one price: mark less the least of all cells without damping or credit, and of all payoffs.
    /// @param mark Value of everything, USD wad.
    /// @param units Of the underlying after its haircut, wad.
    /// @param slope From {slopeOf}, not negative.
    function together(ChainBook[] memory books, Cells memory cells, int256 mark, uint256 units, int256 slope)
        internal
        pure
        returns (uint256 loss)
    {
        unchecked {
            int256 least = _least(_payoffsOf(books, 0, books.length), units, slope == 0);
            cells = ScanCells.emptied(cells);
            ScanCells.addUnits(cells, units);
            for (uint256 i; i < books.length; ++i) {
                ChainCells.add(books[i], cells, uint256(WAD), false);
            }
            for (uint256 i; i < cells.count; ++i) {
                least = _min(least, _min(ScanCells.upAt(cells, i), ScanCells.downAt(cells, i)));
            }
            return mark > least ? uint256(mark - least) : 0;
        }
    }

    /// @notice Whatever the price does between expiries: the sum of what each can lose by itself. The underlying can go to nothing.
    /// @return bounded False when one expiry alone falls without end.
    function apart(ChainBook[] memory books, int256 mark) internal pure returns (bool bounded, uint256 loss) {
        unchecked {
            int256 least;
            for (uint256 i; i < books.length; ++i) {
                Payoffs memory own = _payoffsOf(books, i, i + 1);
                if (own.slope < 0) return (false, 0);
                least += _least(own, 0, own.slope == 0);
            }
            return (true, mark > least ? uint256(mark - least) : 0);
        }
    }

    /// @notice Change of the account's value for the price far above every strike, wad units of the underlying; below zero it falls without end.
    function slopeOf(ChainBook[] memory books, uint256 units) internal pure returns (int256 slope) {
        unchecked {
            slope = int256(units);
            for (uint256 i; i < books.length; ++i) {
                ChainBook memory book = books[i];
                slope += (book.slope + book.futures) * WAD / LOTS;
            }
        }
    }

    /// @notice What the account loses with the price at zero: no maximum loss is below it.
    function atZero(ChainBook[] memory books, int256 mark) internal pure returns (int256) {
        unchecked {
            int256 sum;
            for (uint256 i; i < books.length; ++i) {
                sum += books[i].atZero;
            }
            return mark - ChainCells.floorLots(sum);
        }
    }

    /// @dev Chains from `from` to before `to`. Each chain's strikes ascend, so that few change places.
    function _payoffsOf(ChainBook[] memory books, uint256 from, uint256 to) private pure returns (Payoffs memory all) {
        unchecked {
            uint256 start;
            assembly ("memory-safe") {
                start := mload(0x40)
            }
            uint256 end = start;
            for (uint256 i = from; i < to; ++i) {
                ChainBook memory book = books[i];
                bool digital = book.kind != 0;
                all.slope += book.slope + book.futures;
                all.level -= book.cost;
                if (digital) all.jumps = true;
                (uint256 s, uint256 last) = (book.strikes, book.end);
                assembly ("memory-safe") {
                    for {} lt(s, last) { s := add(s, STRIKE_BYTES) } {
                        let strike := mload(s)
                        let lots := sar(mload(add(s, 160)), mload(add(s, 96)))
                        let place := end
                        for {} gt(place, start) {} {
                            let before := sub(place, 96)
                            if iszero(gt(mload(before), strike)) { break }
                            mcopy(place, before, 96)
                            place := before
                        }
                        mstore(place, strike)
                        switch digital
                        case 0 {
                            mstore(add(place, 32), lots)
                            mstore(add(place, 64), mul(lots, strike))
                        }
                        default {
                            mstore(add(place, 32), 0)
                            mstore(add(place, 64), mul(lots, WAD))
                        }
                        end := add(end, 96)
                    }
                    mstore(0x40, end)
                }
            }
            (all.start, all.end) = (start, end);
        }
    }

    /// @dev From the highest strike down: below each, what its lots pay comes in.
    function _least(Payoffs memory all, uint256 units, bool isFlatAbove) private pure returns (int256 least) {
        (uint256 start, uint256 record, int256 slope, int256 level, bool jumps) = (all.start, all.end, all.slope, all.level, all.jumps);
        assembly ("memory-safe") {
            function valueAt(price, slope_, level_, units_) -> value {
                let sum := add(mul(slope_, price), level_)
                value := add(sub(sdiv(sum, 10000), slt(smod(sum, 10000), 0)), div(mul(units_, price), WAD))
            }
            least := not(shl(255, 1))
            if isFlatAbove { least := valueAt(FAR_ABOVE, slope, level, units) }
            let above := 0
            for {} gt(record, start) {} {
                record := sub(record, 96)
                let strike := mload(record)
                if sub(strike, above) {
                    let value := valueAt(strike, slope, level, units)
                    if slt(value, least) { least := value }
                }
                above := strike
                slope := sub(slope, mload(add(record, 32)))
                level := add(level, mload(add(record, 64)))
                if jumps {
                    // Just below, once all that jumps there has come in.
                    if or(eq(record, start), sub(mload(sub(record, 96)), strike)) {
                        let value := valueAt(sub(strike, 1), slope, level, units)
                        if slt(value, least) { least := value }
                    }
                }
            }
            let value := valueAt(0, slope, level, units)
            if slt(value, least) { least := value }
        }
    }

    function _min(int256 a, int256 b) private pure returns (int256) {
        return a < b ? a : b;
    }
}
