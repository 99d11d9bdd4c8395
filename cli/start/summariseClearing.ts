import type { DrillResult } from '../../controller/drill/types.ts'
import type { ClearingSummary } from './ClearingSummary.ts'

/** The part of the summary about accounts, of one market. */
export function summariseClearing(market: string, result: DrillResult): ClearingSummary {
  const { accounts, trades, refusedTrades, liquidatedAccounts, slices, charges, bankruptcies, backstopped, tornUp } = result
  const { deficit, paidByFund, paidByProfit, paidByPrincipal, fundStart, fundLeast, fundEnd, bidders } = result
  return {
    accounts,
    trades,
    refusedTrades,
    flags: result.flagged,
    liquidatedAccounts,
    slices,
    notionalSold: result.liquidatedNotional,
    charges,
    bankruptcies,
    backstopped,
    tornUp,
    deficit,
    paidByFund,
    paidByProfit,
    paidByPrincipal,
    fundStart,
    fundLeast,
    fundEnd,
    blocksChecked: result.checks,
    bidders,
    path: result.points.map(({ time, spots, scanRanges, liquidatable, ...point }) => ({
      unix: time,
      spot: spots[market] ?? 0,
      scanRange: scanRanges[market] ?? 0,
      maintenance: point.maintenance,
      initial: point.initial,
      notional: point.notional,
      equity: point.equity,
      fund: point.fund,
      below: liquidatable,
      auctions: point.auctions,
    })),
  }
}
