import { log } from '../../risk/math/index.ts'
import {
  type ConditionalTail,
  conditionalTail,
  expectedShortfall,
  historicalVar,
  type StressedWindow,
  stressedWindows,
} from '../../risk/tail/index.ts'
import type { Bar, Fraction, UnixSeconds } from '../../risk/types/index.ts'
import { ewmaDecay } from '../../risk/volatility/index.ts'

const LEVEL = 0.99
/** Half-life of the filter, in days. */
const HALF_LIFE_DAYS = 7
const DAY = 86_400
const WORST_WINDOWS = 3

/** Tail of the returns of a recording, one bar ahead, as shares of the price; positive is a loss. */
export type TailOfBars = {
  readonly level: Fraction
  /** Of the recording as it is, for a long and a short position. */
  readonly historical: { readonly [side in 'long' | 'short']: { readonly valueAtRisk: Fraction; readonly expectedShortfall: Fraction } }
  /** Of the next bar: a generalised Pareto tail of the returns in units of their volatility, times that of now. */
  readonly conditional: { readonly [side in 'long' | 'short']: ConditionalTail }
  /** Worst spans of a day that do not overlap, worst first. */
  readonly worstDays: readonly { readonly from: UnixSeconds; readonly to: UnixSeconds; readonly loss: Fraction }[]
}

/** @param bars - At least 3. */
export function tailOfBars(bars: readonly Bar[], barSeconds: number): TailOfBars {
  const returns = bars.slice(1).map((bar, i) => log(bar.close / bars[i]!.close))
  const mirrored = returns.map((r) => -r)
  const perDay = Math.max(1, Math.round(DAY / barSeconds))
  const filter = { kind: 'ewma' as const, decay: ewmaDecay(HALF_LIFE_DAYS * perDay) }
  const measures = (profits: readonly number[]) => ({
    valueAtRisk: historicalVar(profits, LEVEL),
    expectedShortfall: expectedShortfall(profits, LEVEL),
  })
  const windows: readonly StressedWindow[] = returns.length >= perDay ? stressedWindows(returns, perDay, WORST_WINDOWS, 'fall') : []
  return {
    level: LEVEL,
    historical: { long: measures(returns), short: measures(mirrored) },
    conditional: {
      long: conditionalTail(returns, filter, { level: LEVEL, side: 'long' }),
      short: conditionalTail(returns, filter, { level: LEVEL, side: 'short' }),
    },
    worstDays: windows.map(({ start, end }) => ({
      from: bars[start]!.end,
      to: bars[end]!.end,
      loss: 1 - bars[end]!.close / bars[start]!.close,
    })),
  }
}
