import type { Bar, UnixSeconds } from '../../../risk/types/index.ts'
import type { ValueWrite } from '../foldHistory.ts'
import type { MarketResponse } from './AuditReport.ts'

const SIGMAS = 4
const MEMORY = 30 * 24
/** Fewer hours say nothing of a standard deviation. */
const LEAST_MEMORY = 48
const DAY = 86_400

/**
 * Large hourly moves, and how long the scan range took to follow. A second move within a day belongs to the first.
 *
 * @param bars - Hourly, ascending.
 * @param writes - Of `margin.priceScanRange` in this market, ascending.
 */
export function marketResponses(
  market: string,
  bars: readonly Bar[],
  writes: readonly ValueWrite[],
  from: UnixSeconds,
  to: UnixSeconds,
): MarketResponse[] {
  const returns = bars.slice(1).map(({ close }, i) => close / (bars[i]?.close ?? close) - 1)
  const responses: MarketResponse[] = []
  for (let i = LEAST_MEMORY; i < returns.length; i++) {
    const bar = bars[i + 1]
    const move = returns[i] ?? 0
    if (bar === undefined || bar.knownAt < from || bar.knownAt > to) continue
    const sigma = deviation(returns.slice(Math.max(0, i - MEMORY), i))
    const last = responses.at(-1)
    if (sigma === 0 || Math.abs(move) <= SIGMAS * sigma || (last !== undefined && bar.knownAt - last.time < DAY)) continue
    const followed = writes.find(
      ({ link, value, previous }) => value > previous && link.time >= bar.knownAt && link.time <= bar.knownAt + DAY,
    )
    const seconds = followed === undefined ? null : followed.link.time - bar.knownAt
    responses.push({ market, time: bar.knownAt, move, sigmas: Math.abs(move) / sigma, seconds })
  }
  return responses
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1))
}
