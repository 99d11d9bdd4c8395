// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Black76} from "./Black76.sol";
import {MarketRule} from "../interfaces/IMarketMargin.sol";
import {Cells} from "./MarginTypes.sol";

/// @title The states an account is valued in
/// @notice Eight prices down and eight up to the ends of the range, evenly in ln, and the price itself: each with vol up and down; eight far multiples with vol
/// up; strikes that expire within two days, inside the range. Pure. The twin is `risk/margin/contract/scanCells.ts`.
library ScanCells {
    uint256 internal constant SIDE = 8;
    uint256 internal constant IN_RANGE = 2 * SIDE + 1;
    uint256 internal constant FAR = 8;
    /// @notice Cells that every account visits; those at strikes come behind.
    uint256 internal constant COMMON = IN_RANGE + FAR;

    uint256 private constant WAD = 1e18;
    /// @dev 34, 50, 67, 150, 200, 300, 400, 600 hundredths, 16 bits each, first lowest.
    uint256 private constant MULTIPLES = 0x02580190012c00c80096004300320022;

    /// @param price Index price, USD, wad.
    /// @param strikes USD, wad, inside the range.
    function build(uint256 price, MarketRule memory rule, uint256[] memory strikes) internal pure returns (Cells memory cells) {
        unchecked {
            uint256 count = COMMON + strikes.length;
            cells.count = count;
            cells.prices = new uint256[](count);
            cells.logs = new int256[](count);
            cells.weights = new uint256[](count);
            cells.up = new int256[](count);
            cells.down = new int256[](count);
            cells.plainUp = new int256[](count);
            cells.plainDown = new int256[](count);
            _inRange(cells, price, rule.range);
            _far(cells, price, rule);
            for (uint256 i; i < strikes.length; ++i) {
                uint256 place = COMMON + i;
                cells.prices[place] = strikes[i];
                cells.logs[place] = signedLog(strikes[i], price);
                cells.weights[place] = WAD;
            }
        }
    }

    /// @notice ln(numerator / denominator), 64 binary digits.
    function signedLog(uint256 numerator, uint256 denominator) internal pure returns (int256) {
        return numerator < denominator
            ? -int256(Black76.logOfRatio(numerator, denominator))
            : int256(Black76.logOfRatio(denominator, numerator));
    }

    function _inRange(Cells memory cells, uint256 price, uint256 range) private pure {
        unchecked {
            int256 lower = int256(Black76.logOfRatio(WAD - range, WAD));
            int256 upper = int256(Black76.logOfRatio(WAD, WAD + range));
            uint256 down = _eighthRoot(WAD - range);
            uint256 up = _eighthRoot(WAD + range);
            (uint256 below, uint256 above) = (price, price);
            for (uint256 i; i <= SIDE; ++i) {
                cells.prices[SIDE - i] = below;
                cells.prices[SIDE + i] = above;
                cells.logs[SIDE - i] = -lower * int256(i) / int256(SIDE);
                cells.logs[SIDE + i] = upper * int256(i) / int256(SIDE);
                cells.weights[SIDE - i] = WAD;
                cells.weights[SIDE + i] = WAD;
                // A price is below 2^128, a root below 2^61.
                below = below * down / WAD;
                above = above * up / WAD;
            }
            // The ends are not a product of roundings.
            cells.prices[0] = price * (WAD - range) / WAD;
            cells.prices[2 * SIDE] = price * (WAD + range) / WAD;
        }
    }

    /// @dev A far loss counts by tailWeight x range / |move|, rounded up, at most in full (risk-policy B1, C).
    function _far(Cells memory cells, uint256 price, MarketRule memory rule) private pure {
        unchecked {
            for (uint256 i; i < FAR; ++i) {
                uint256 hundredths = multipleOf(i);
                uint256 move = hundredths < 100 ? 100 - hundredths : hundredths - 100;
                uint256 weight = Math.ceilDiv(rule.tailWeight * rule.range, 100 * move);
                uint256 place = IN_RANGE + i;
                cells.prices[place] = price * hundredths / 100;
                cells.logs[place] = logOfMultiple(i);
                cells.weights[place] = weight < WAD ? weight : WAD;
            }
        }
    }

    /// @notice Far multiple `i`, in hundredths.
    function multipleOf(uint256 i) internal pure returns (uint256) {
        return uint16(MULTIPLES >> 16 * i);
    }

    /// @notice ln of far multiple `i`, 64 binary digits.
    function logOfMultiple(uint256 i) internal pure returns (int256) {
        uint256 hundredths = multipleOf(i);
        return signedLog(hundredths, 100);
    }

    function _eighthRoot(uint256 x) private pure returns (uint256) {
        return Math.sqrt(Math.sqrt(Math.sqrt(x * WAD) * WAD) * WAD);
    }
}
