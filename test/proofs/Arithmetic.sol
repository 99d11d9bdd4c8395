// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {partOf, dueOf, maturedOf} from "../../contracts/clearing/Split.sol";
import {divideLoss} from "../../contracts/insurance/Waterfall.sol";
import {PayoutWindow} from "../../contracts/insurance/PayoutWindow.sol";
import {LiquidationTerms} from "../../contracts/interfaces/ILiquidation.sol";
import {Flow, Outflow} from "../../contracts/clearing/Outflow.sol";
import {SliceMath} from "../../contracts/liquidation/SliceMath.sol";

/// Statements about pure arithmetic, for all inputs in their domains: `npm run prove` gives each to the SMTChecker. Nothing here is deployed.
contract Arithmetic {
    uint256 private constant AMOUNT = 2 ** 96;

    /// I: a deficit is divided without remainder, profit pays nothing before the fund is empty, and has what it pays while debts are covered (C1).
    function prove_aLossIsDividedInOrderToTheWei(uint256 deficit, uint256 fund, uint256 profit, uint256 debt) external pure {
        require(deficit <= debt && debt < AMOUNT && fund < AMOUNT && profit < AMOUNT && debt <= fund + profit);
        (uint256 a, uint256 b) = divideLoss(deficit, fund);
        assert(a + b == deficit);
        assert(a <= fund);
        assert(b == 0 || a == fund);
        assert(b <= profit);
        assert(debt - deficit <= (fund - a) + (profit - b));
    }

    /// C: while debts are covered by fund and profit, what matures leaves them covered.
    function prove_maturingLeavesDebtsCovered(uint256 profit, uint256 elapsed, uint256 warmUp, uint256 totalProfit, uint256 totalDebt) external pure {
        require(profit <= totalProfit && totalProfit < AMOUNT && totalProfit != 0 && totalDebt <= totalProfit && warmUp != 0 && warmUp <= 604_800 && elapsed < 2 ** 40);
        uint256 matured = maturedOf(profit, elapsed, warmUp, totalProfit, totalDebt);
        assert(totalProfit - matured >= totalDebt);
    }

    /// C: nothing matures beyond what there is, nor while debts cover all of it.
    function prove_nothingMaturesBeyondItself(uint256 profit, uint256 elapsed, uint256 warmUp, uint256 totalProfit, uint256 totalDebt) external pure {
        require(profit <= totalProfit && totalProfit < AMOUNT && totalProfit != 0 && totalDebt < AMOUNT && warmUp != 0 && warmUp <= 604_800 && elapsed < 2 ** 40);
        uint256 matured = maturedOf(profit, elapsed, warmUp, totalProfit, totalDebt);
        assert(matured <= profit);
        assert(totalDebt < totalProfit || matured == 0);
    }

    /// C: two owners of a whole get all of it between them, in either order.
    function prove_twoPartsMakeTheWhole(uint256 whole, uint256 base, uint256 first) external pure {
        require(whole < 2 ** 128 && base < 2 ** 56 && base != 0 && first <= base);
        uint256 a = partOf(whole, base, 0, first);
        uint256 b = partOf(whole, base, first, base - first);
        assert(a + b == whole);
    }

    /// I: rewards never pass the fund.
    function prove_payoutsStayInTheFund(uint256 balance, uint256 paid, uint256 rate) external pure {
        require(balance < AMOUNT && paid < AMOUNT && rate <= 10_000);
        uint256 allowed = PayoutWindow.allowance(balance, paid, rate);
        assert(allowed <= balance);
    }

    /// Q: the curve stays between nothing and all.
    function prove_theCurveStaysInside(uint256 elapsed, uint256 duration) external pure {
        require(duration != 0 && duration < 2 ** 24 && elapsed < 2 ** 40);
        assert(SliceMath.dutchShare(elapsed, duration) <= SliceMath.WAD);
    }

    /// Q: a whole account costs at most its equity, phi of its maintenance and the fee; a slice at most its limit and the equity behind it.
    function prove_aChargeStaysInsideItsCaps(uint256 equity, uint256 maintenance, uint256 deltaNotional, LiquidationTerms memory terms) external pure {
        require(equity < 2 ** 127 && maintenance < 2 ** 127 && deltaNotional < 2 ** 127 && terms.feeCapBps <= 5_000);
        uint256 cap = SliceMath.feeCap(equity, maintenance, deltaNotional, terms);
        assert(cap <= equity);
        assert(2 * cap <= maintenance);
    }

    function prove_aSliceCostsAtMostTheEquityBehindIt(uint256 equity, uint256 maintenance, uint256 released, uint256 whole, uint256 fraction, uint256 limit)
        external
        pure
    {
        require(maintenance != 0 && released <= maintenance && equity < 2 ** 127 && maintenance < 2 ** 127 && whole < 2 ** 127 && fraction <= SliceMath.WAD);
        uint256 charge = SliceMath.sliceCharge(equity, maintenance, released, whole, fraction, limit);
        assert(charge <= limit);
        assert(charge <= equity);
    }

    /// Q: nothing is sold of an account at its target, and never more than all.
    function prove_aSliceIsAtMostTheWhole(uint256 equity, uint256 maintenance, uint256 charge, uint256 buffer, uint256 dust) external pure {
        require(equity < 2 ** 127 && maintenance < 2 ** 127 && charge <= equity && buffer <= 10_000 && dust < 2 ** 127);
        uint256 fraction = SliceMath.partialSize(equity, maintenance, charge, buffer, dust);
        assert(fraction <= SliceMath.WAD);
        assert(equity < SliceMath.restorationTarget(maintenance, buffer) || fraction == 0);
    }

    /// C: what somebody pays for a part covers the part.
    function prove_whatIsDueCoversThePart(uint256 whole, uint256 base, uint256 seen, uint256 own) external pure {
        require(whole < 2 ** 96 && base < 2 ** 56 && base != 0 && seen < 2 ** 56 && own < 2 ** 56 && seen + own <= base);
        assert(dueOf(whole, base, own) >= partOf(whole, base, seen, own));
    }

    /// C: no more leaves than there is, and never more than half of the limit at once when nothing came in.
    function prove_outflowStaysInsideItsLimit(int128 net, uint40 elapsed, uint256 held, uint256 limit) external pure {
        require(net >= 0 && uint128(net) < AMOUNT && held < AMOUNT && limit <= 10_000);
        Flow memory flow = Flow(net, 0);
        uint256 allowed = Outflow.available(flow, elapsed, held, limit);
        assert(allowed <= held);
        assert(limit == 10_000 || 2 * 10_000 * allowed <= (held + uint128(net)) * limit);
    }
}
