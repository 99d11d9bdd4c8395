// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainValues, Grid} from "./ChainValues.sol";
import {Lanes} from "./LadderSums.sol";
import {ChainBook, ChainGreeks, StrikeBook} from "./MarginTypes.sol";
import {Cells, ScanCells} from "./ScanCells.sol";

/// @notice The chains of a market as they were valued.
struct Valued {
    ChainBook[] books;
    Lanes[] lanes;
    Grid[] grids;
    ChainGreeks[] greeks;
}

/// @title The most an account can lose in one market
/// @notice Pure. The twin is `risk/margin/contract/maximumLoss.ts`.
/// @dev Payoffs are straight between strikes, so their least is at a strike (or just below one where a payoff jumps), at zero, or far above.
library MaximumLoss {
    int256 private constant LOTS = 10_000;
    int256 private constant WAD = 1e18;
    uint256 private constant FAR_ABOVE = type(uint128).max;

    /// @dev Payoff of a list of strikes: records in memory of strike, lots, and what these lots pay below the strike at a price of zero (lots x USD wad).
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
    function together(Valued memory valued, Cells memory cells, int256 mark, uint256 units, int256 slope)
        internal
        pure
        returns (uint256 loss)
    {
        unchecked {
            int256 least = _least(_payoffsOf(valued.books, 0, valued.books.length), units, slope == 0);
            for (uint256 i; i < cells.count; ++i) {
                least = _min(least, _plain(valued, units, i, ScanCells.priceAt(cells, i)));
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
                slope += (books[i].slope + books[i].futures) * WAD / LOTS;
            }
        }
    }

    /// @notice What the account loses with the price at zero: no maximum loss is below it.
    function atZero(ChainBook[] memory books, int256 mark) internal pure returns (int256) {
        return mark - _payoff(_payoffsOf(books, 0, books.length), 0, 0);
    }

    /// @dev Value in a cell without credit, the lower of its vol states.
    function _plain(Valued memory valued, uint256 units, uint256 i, uint256 price) private pure returns (int256) {
        unchecked {
            int256 sumUp = int256(units * price) / WAD;
            int256 sumDown = sumUp;
            for (uint256 k; k < valued.books.length; ++k) {
                (int256 up, int256 down, int256 dated) = ChainValues.plainAt(valued.books[k], valued.lanes[k], valued.grids[k], i, price);
                sumUp += up + dated;
                sumDown += down + dated;
            }
            return ScanCells.isFar(i) || sumUp < sumDown ? sumUp : sumDown;
        }
    }

    /// @dev Chains from `from` to before `to`.
    function _payoffsOf(ChainBook[] memory books, uint256 from, uint256 to) private pure returns (Payoffs memory all) {
        unchecked {
            uint256 record;
            assembly ("memory-safe") {
                record := mload(0x40)
            }
            all.start = record;
            for (uint256 i = from; i < to; ++i) {
                ChainBook memory book = books[i];
                bool digital = book.kind != 0;
                all.slope += book.slope + book.futures;
                all.level -= book.cost;
                if (digital) all.jumps = true;
                for (uint256 k; k < book.strikes.length; ++k) {
                    StrikeBook memory s = book.strikes[k];
                    int256 lots = s.net >> s.shift;
                    uint256 strike = s.strike;
                    int256 pays = lots * (digital ? WAD : int256(strike));
                    if (digital) lots = 0;
                    assembly ("memory-safe") {
                        mstore(record, strike)
                        mstore(add(record, 32), lots)
                        mstore(add(record, 64), pays)
                        record := add(record, 96)
                        mstore(0x40, record)
                    }
                }
            }
            all.end = record;
        }
    }

    function _least(Payoffs memory all, uint256 units, bool isFlatAbove) private pure returns (int256 least) {
        unchecked {
            least = _payoff(all, units, 0);
            if (isFlatAbove) least = _min(least, _payoff(all, units, FAR_ABOVE));
            for (uint256 record = all.start; record < all.end; record += 96) {
                uint256 strike;
                assembly ("memory-safe") {
                    strike := mload(record)
                }
                least = _min(least, _payoff(all, units, strike));
                if (all.jumps) least = _min(least, _payoff(all, units, strike - 1));
            }
        }
    }

    function _payoff(Payoffs memory all, uint256 units, uint256 price) private pure returns (int256) {
        unchecked {
            int256 sum = all.slope * int256(price) + all.level;
            uint256 start = all.start;
            uint256 end = all.end;
            assembly ("memory-safe") {
                for { let record := start } lt(record, end) { record := add(record, 96) } {
                    if lt(price, mload(record)) { sum := add(sum, sub(mload(add(record, 64)), mul(mload(add(record, 32)), price))) }
                }
            }
            return ChainValues.floorLots(sum) + int256(units * price) / WAD;
        }
    }

    function _min(int256 a, int256 b) private pure returns (int256) {
        return a < b ? a : b;
    }
}
