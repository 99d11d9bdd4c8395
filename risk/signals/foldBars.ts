import { InvalidInputError } from '../errors/index.ts'
import type { Bar, DocumentStore, EngineState } from '../types/index.ts'
import { addHour, hourlyVariance, sigmaMix } from '../volatility/index.ts'
import { BAR_WIDTH } from './barRows.ts'
import { appendRows, emptySeries } from './series.ts'

/** A bar without volume or range carries the last price through an outage: it says nothing about volatility. */
export function carriesPrice(bar: Bar): boolean {
  return bar.volume === 0 && bar.high === bar.low
}

/**
 * Adds bars to a state: variance averages, the bar series and the time since the last genuine price. An outage freezes sigma; the first bar
 * after it counts its whole move as one hour.
 *
 * @param bars - Ascending, starting at or after the state's last bar end; validated before, see risk/market.
 * @throws {InvalidInputError} A bar is not after the one before.
 */
export function foldBars(state: EngineState, bars: readonly Bar[], documents: DocumentStore): EngineState {
  let { variance, lastBarEnd, lastClose, staleSince } = state
  const rows: number[] = []
  for (const bar of bars) {
    if (!(bar.end > lastBarEnd)) throw new InvalidInputError({ argument: 'bar.end', got: bar.end, limit: `after ${lastBarEnd}` })
    const genuine = !carriesPrice(bar)
    if (genuine) variance = addHour(variance, hourlyVariance(bar, lastClose > 0 ? lastClose : bar.open))
    staleSince = genuine ? null : (staleSince ?? bar.start)
    lastBarEnd = bar.end
    lastClose = bar.close
    rows.push(bar.end, bar.high, bar.low, bar.close, bar.volume, sigmaMix(variance), genuine ? 1 : 0)
  }
  const series = { ...state.series, bars: appendRows(state.series['bars'] ?? emptySeries, rows, BAR_WIDTH, documents) }
  return { ...state, variance, lastBarEnd, lastClose, staleSince, series }
}
