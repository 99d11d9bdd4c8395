import { type DrillFigure, type Spread, spreadOf } from '../../controller/drill/spreadOf.ts'
import type { BidderResult, DrillResult } from '../../controller/drill/types.ts'
import { isoTime } from '../kit/time.ts'
import type { DrillOptions } from './parseDrillOptions.ts'

/** What `ballast drill --json` writes. */
export type DrillDocument = {
  readonly schema: 'ballast.drill'
  readonly version: 1
  readonly source: 'recorded' | 'simulated'
  readonly venue: DrillOptions['venue']
  readonly markets: readonly string[]
  readonly from: string
  readonly to: string
  readonly accounts: number
  readonly seeds: readonly string[]
  /** Over the seeds; null for a side that did not run. */
  readonly spread: { readonly on: Readonly<Record<DrillFigure, Spread>> | null; readonly off: Readonly<Record<DrillFigure, Spread>> | null }
  /** Both kinds of bidders over all runs. */
  readonly bidders: Readonly<Record<'reference' | 'naive', BidderResult>>
  readonly faults: number
  readonly runs: readonly DrillResult[]
}

/** @param runs - At least one. */
export function drillDocument(
  { data, venue, markets, from, to, accounts, seeds }: DrillOptions,
  runs: readonly DrillResult[],
): DrillDocument {
  const side = (controller: boolean): DrillDocument['spread']['on'] => {
    const of = runs.filter((run) => run.controller === controller)
    return of.length === 0 ? null : spreadOf(of)
  }
  return {
    schema: 'ballast.drill',
    version: 1,
    source: data === null ? 'simulated' : 'recorded',
    venue,
    markets,
    from: isoTime(from),
    to: isoTime(to),
    accounts,
    seeds,
    spread: { on: side(true), off: side(false) },
    bidders: { reference: together(runs, 'reference'), naive: together(runs, 'naive') },
    faults: runs.reduce((sum, { faults }) => sum + faults.length, 0),
    runs,
  }
}

function together(runs: readonly DrillResult[], kind: 'reference' | 'naive'): BidderResult {
  return runs
    .map(({ bidders }) => bidders[kind])
    .reduce((a, b) => ({
      bids: a.bids + b.bids,
      filled: a.filled + b.filled,
      reverted: a.reverted + b.reverted,
      losing: a.losing + b.losing,
      worst: Math.min(a.worst, b.worst),
      profit: a.profit + b.profit,
      equityChange: a.equityChange + b.equityChange,
    }))
}
