// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MarketTotals} from "../interfaces/IMarketMargin.sol";

/// @title What offsets between underlyings take off the sum of their requirements
/// @notice For each move f of the common factor a market contributes its worst loss within [beta f - e, beta f + e], e = residual x range, over betas 0.7, 1 and
/// 1.4 (the factor itself: 1 and no residual); far moves come at one multiple for all, and gains in them offset nothing. The credit is at most half of the sum of
/// single losses (risk-policy B11). Pure. The twin is `risk/margin/contract/betaCredit.ts`.
library BetaLadder {
    int256 private constant SIDE = 8;
    uint256 private constant MOVES = 17;
    int256 private constant BPS = 10_000;

    /// @param markets At least two.
    function credit(MarketTotals[] memory markets) internal pure returns (uint256) {
        unchecked {
            uint256 width;
            int256 apart;
            for (uint256 i; i < markets.length; ++i) {
                width = Math.max(width, markets[i].range);
                apart += _worst(markets[i]);
            }
            int256[] memory sums = new int256[](MOVES);
            for (uint256 i; i < markets.length; ++i) {
                _addMarket(sums, markets[i], int256(width));
            }
            int256 loss = _farLoss(markets);
            for (uint256 i; i < MOVES; ++i) {
                if (sums[i] > loss) loss = sums[i];
            }
            if (apart <= loss) return 0;
            return Math.min(uint256(apart - loss), uint256(apart) / 2);
        }
    }

    function _addMarket(int256[] memory sums, MarketTotals memory market, int256 width) private pure {
        unchecked {
            int256[] memory worst = new int256[](MOVES);
            if (market.residual == 0) {
                _addBeta(worst, market, width, BPS, true);
            } else {
                _addBeta(worst, market, width, 7_000, true);
                _addBeta(worst, market, width, 10_000, false);
                _addBeta(worst, market, width, 14_000, false);
            }
            for (uint256 i; i < MOVES; ++i) {
                sums[i] += worst[i];
            }
        }
    }

    /// @dev Both ends of the interval rise with the factor, so both places do.
    function _addBeta(int256[] memory worst, MarketTotals memory market, int256 width, int256 beta, bool isFirst) private pure {
        unchecked {
            uint256 first;
            uint256 last;
            for (uint256 i; i < MOVES; ++i) {
                int256 centre = width * (int256(i) - SIDE) * beta / (SIDE * BPS);
                int256 most;
                (first, last, most) = _worstWithin(market, first, last, centre);
                if (isFirst || most > worst[i]) worst[i] = most;
            }
        }
    }

    /// @dev Worst loss at the moves inside the interval around `centre`, and at the nearest one on either side.
    function _worstWithin(MarketTotals memory market, uint256 first, uint256 last, int256 centre)
        private
        pure
        returns (uint256, uint256, int256 most)
    {
        unchecked {
            int256 away = int256(market.residual * market.range) / BPS;
            int256[] memory moves = market.moves;
            uint256 end = moves.length - 1;
            while (first < end && moves[first + 1] <= centre - away) ++first;
            while (last < end && moves[last] < centre + away) ++last;
            int256[] memory losses = market.losses;
            most = losses[first];
            for (uint256 k = first + 1; k <= last; ++k) {
                if (losses[k] > most) most = losses[k];
            }
            return (first, last, most);
        }
    }

    function _worst(MarketTotals memory market) private pure returns (int256 worst) {
        unchecked {
            for (uint256 i; i < market.losses.length; ++i) {
                if (market.losses[i] > worst) worst = market.losses[i];
            }
            for (uint256 i; i < market.far.length; ++i) {
                if (market.far[i] > worst) worst = market.far[i];
            }
        }
    }

    function _farLoss(MarketTotals[] memory markets) private pure returns (int256 worst) {
        unchecked {
            for (uint256 i; i < markets[0].far.length; ++i) {
                int256 sum;
                for (uint256 k; k < markets.length; ++k) {
                    if (markets[k].far[i] > 0) sum += markets[k].far[i];
                }
                if (sum > worst) worst = sum;
            }
        }
    }
}
