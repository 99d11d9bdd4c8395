import { excessBreaches } from '../../../risk/backtest/index.ts'
import type { Bar, UnixSeconds } from '../../../risk/types/index.ts'
import type { ValueWrite } from '../foldHistory.ts'
import type { RangeCoverage } from './AuditReport.ts'

const DAY = 86_400
const HOURS = 24
const BPS = 10_000
/** The scan range is a 99 % number. */
const PROBABILITY = 0.01

/**
 * Days (UTC) whose worst price went further from their first than the scan range that was in force then: the charged margin, one-sided. Days with a missing hour do
 * not count.
 */
export function rangeCoverage(
  market: string,
  bars: readonly Bar[],
  writes: readonly ValueWrite[],
  from: UnixSeconds,
  to: UnixSeconds,
): RangeCoverage[] {
  const days = [...Map.groupBy(bars, ({ start }) => Math.floor(start / DAY))]
    .filter(([day, hours]) => hours.length === HOURS && day * DAY >= from && (day + 1) * DAY <= to)
    .flatMap(([day, hours]) => {
      const range = writes.findLast(({ link }) => link.time <= day * DAY)?.value
      const open = hours[0]?.open
      if (range === undefined || open === undefined) return []
      const low = Math.min(...hours.map((bar) => bar.low)) / open
      const high = Math.max(...hours.map((bar) => bar.high)) / open
      return [{ range: range / BPS, long: 1 - low, short: high - 1 }]
    })
  if (days.length === 0) return []
  return (['long', 'short'] as const).map((side) => {
    const breaches = days.filter((day) => day[side] > day.range).length
    return {
      market,
      side,
      days: days.length,
      breaches,
      largest: Math.max(...days.map((day) => day[side])),
      pValue: excessBreaches({ observations: days.length, breaches, probability: PROBABILITY }),
    }
  })
}
