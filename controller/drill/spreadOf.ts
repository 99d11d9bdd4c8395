import { quantile } from '../../risk/math/index.ts'
import type { DrillResult } from './types.ts'

/** One figure over the seeds. */
export type Spread = { readonly least: number; readonly median: number; readonly most: number }

/** Figures of a run that are compared over seeds, in the order in which people read them. */
export const drillFigures = {
  meanNotional: 'open notional, mean over time, USD',
  meanMaintenance: 'maintenance margin, mean over time, USD',
  meanInitial: 'initial margin (capital used), mean over time, USD',
  mostInitial: 'initial margin, most at any hour, USD',
  parameterMoves: 'parameter moves applied',
  flagged: 'flags',
  liquidatedAccounts: 'accounts liquidated in part or whole',
  slices: 'slices sold',
  liquidatedNotional: 'notional sold, USD',
  charges: 'charges paid by accounts, USD',
  longestAuction: 'longest auction, s',
  bankruptcies: 'accounts below zero at any instant',
  backstopped: 'books taken by the fund',
  tornUp: 'books torn up',
  deficit: 'deficit, USD',
  paidByFund: 'deficit paid by the fund, USD',
  paidByProfit: 'deficit paid by unmatured profit, USD',
  paidByPrincipal: 'deficit paid by principal, USD',
  uncovered: 'deficit nobody paid, USD',
  rewardsFromFund: 'rewards paid by the fund, USD',
  fundStart: 'fund at the start, USD',
  fundLeast: 'fund, least at any hour, USD',
  fundEnd: 'fund at the end, USD',
  settled: 'instruments settled',
  checks: 'blocks checked for conservation',
} as const satisfies { readonly [Figure in keyof DrillResult]?: string }

export type DrillFigure = keyof typeof drillFigures

/** Least, median and greatest of every figure over runs, at least one. */
export function spreadOf(runs: readonly DrillResult[]): Readonly<Record<DrillFigure, Spread>> {
  const figures = Object.keys(drillFigures) as DrillFigure[]
  return Object.fromEntries(
    figures.map((figure) => {
      const values = runs.map((run) => run[figure])
      return [figure, { least: Math.min(...values), median: quantile(values, 0.5), most: Math.max(...values) }]
    }),
  ) as Readonly<Record<DrillFigure, Spread>>
}
