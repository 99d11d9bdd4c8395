// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {divideLoss} from "../../../contracts/insurance/Waterfall.sol";
import {maturedOf, partOf} from "../../../contracts/clearing/Split.sol";
import {SliceMath} from "../../../contracts/liquidation/SliceMath.sol";

/// Statements that are wrong by as little as one unit: a checker that proves one of these proves nothing.
contract Canary {
    function refute_theFundPaysAll(uint256 deficit, uint256 fund) external pure {
        (uint256 paid,) = divideLoss(deficit, fund);
        assert(paid == deficit);
    }

    function refute_profitNeverMaturesInFull(uint256 profit, uint256 elapsed) external pure {
        require(profit != 0 && profit < 2 ** 96 && elapsed < 2 ** 40);
        assert(maturedOf(profit, elapsed, 3_600, profit, 0) < profit);
    }

    function refute_partsAreRoundedUp(uint256 whole, uint256 own) external pure {
        require(whole < 2 ** 96 && own <= 1_000);
        assert(partOf(whole, 1_000, 0, own) * 1_000 >= whole * own);
    }

    function refute_theCurveNeverEnds(uint256 elapsed) external pure {
        require(elapsed < 2 ** 40);
        assert(SliceMath.dutchShare(elapsed, 3_600) < SliceMath.WAD);
    }
}
