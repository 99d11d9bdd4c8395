// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainValues, Grid} from "./ChainValues.sol";
import {Lanes} from "./LadderSums.sol";
import {ChainBook, ChainGreeks} from "./MarginTypes.sol";
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
library MaximumLoss {
    int256 private constant LOTS = 10_000;
    int256 private constant WAD = 1e18;

    /// @notice With all expiries at one price: mark less the least of all cells without damping or credit, of all payoffs at their prices, at the strikes held
    /// (also just below one where a payoff jumps), at zero, and far above.
    /// @param mark Value of everything, USD wad.
    /// @param units Of the underlying after its haircut, wad.
    /// @param slope From {slopeOf}, not negative.
    function together(Valued memory valued, Cells memory cells, int256 mark, uint256 units, int256 slope)
        internal
        pure
        returns (uint256 loss)
    {
        unchecked {
            ChainBook[] memory books = valued.books;
            int256 least = _payoff(books, units, 0);
            if (slope == 0) least = _min(least, _payoff(books, units, type(uint128).max));
            for (uint256 i; i < cells.count; ++i) {
                uint256 price = ScanCells.priceAt(cells, i);
                least = _min(least, _payoff(books, units, price));
                least = _min(least, _plain(valued, units, i, price));
            }
            for (uint256 i; i < books.length; ++i) {
                for (uint256 k; k < books[i].strikes.length; ++k) {
                    uint256 strike = books[i].strikes[k].strike;
                    least = _min(least, _payoff(books, units, strike));
                    if (books[i].kind != 0) least = _min(least, _payoff(books, units, strike - 1));
                }
            }
            return mark > least ? uint256(mark - least) : 0;
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
        unchecked {
            return mark - _payoff(books, 0, 0);
        }
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

    /// @notice Whatever the price does between expiries: the sum of what each can lose by itself. The underlying can go to nothing.
    /// @return bounded False when one expiry alone falls without end.
    function apart(ChainBook[] memory books, int256 mark) internal pure returns (bool bounded, uint256 loss) {
        unchecked {
            int256 least;
            ChainBook[] memory one = new ChainBook[](1);
            for (uint256 i; i < books.length; ++i) {
                one[0] = books[i];
                int256 slope = books[i].slope + books[i].futures;
                if (slope < 0) return (false, 0);
                int256 own = _payoff(one, 0, 0);
                if (slope == 0) own = _min(own, _payoff(one, 0, type(uint128).max));
                for (uint256 k; k < books[i].strikes.length; ++k) {
                    uint256 strike = books[i].strikes[k].strike;
                    own = _min(own, _payoff(one, 0, strike));
                    if (books[i].kind != 0) own = _min(own, _payoff(one, 0, strike - 1));
                }
                least += own;
            }
            return (true, mark > least ? uint256(mark - least) : 0);
        }
    }

    function _payoff(ChainBook[] memory books, uint256 units, uint256 price) private pure returns (int256 sum) {
        unchecked {
            sum = int256(units * price) / WAD;
            for (uint256 i; i < books.length; ++i) {
                sum += ChainValues.payoffAt(books[i], price) + books[i].futures * int256(price) / LOTS;
            }
        }
    }

    function _min(int256 a, int256 b) private pure returns (int256) {
        return a < b ? a : b;
    }
}
