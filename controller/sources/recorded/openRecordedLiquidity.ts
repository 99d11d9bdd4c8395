import type { LiquidityObservation, UnixSeconds } from '../../../risk/types/index.ts'
import type { RecordedSeries } from '../RecordedSeries.ts'
import { listRecordings } from '../recordings.ts'
import { depthBands } from './depthBands.ts'
import { dexQuotes } from './dexQuotes.ts'
import { findFiles } from './findFiles.ts'
import { fineBars } from './fineBars.ts'
import { minuteQuotes } from './minuteQuotes.ts'
import { type Window, withinWindow } from './withinWindow.ts'

/**
 * Everything that a data folder says of a market's liquidity, one observation an hour: quotes and liquidations, depth around the mid, quotes by size, ten-minute moves. Where two files
 * speak of the same field and hour, the first in this order has it.
 *
 * @param window - What became known outside it is left out, and so is a file with nothing inside.
 * @returns Null when no file of the market says anything in the window.
 * @throws {BadRecordingError} A file has faulty lines.
 */
export function openRecordedLiquidity(directory: string, market: string, window: Window): RecordedSeries<LiquidityObservation> | null {
  const crashDays = findFiles(directory, 'crashdays', new RegExp(`^${market}USD_10m_.*\\.csv(\\.gz)?$`))
  const series = [
    ...findFiles(directory, 'micro', new RegExp(`^${market}USDT?_.*_1m_quotes_liquidations_.*\\.csv(\\.gz)?$`)).map((path) =>
      minuteQuotes(path, market),
    ),
    ...findFiles(directory, 'micro', new RegExp(`^${market}USDT?_.*_depth_10s_.*\\.csv(\\.gz)?$`)).map(depthBands),
    ...findFiles(directory, 'micro', /^dex_aggregator_quotes_.*\.csv(\.gz)?$/).flatMap((path) => dexQuotes(path, market) ?? []),
    ...listRecordings(directory, market)
      .filter(({ barSeconds }) => barSeconds <= 600)
      .map(fineBars),
    ...crashDays.map((path) => fineBars({ path, name: path.slice(path.lastIndexOf('/') + 1), barSeconds: 600, stamp: 'start' })),
  ].flatMap((each) => withinWindow(each, window) ?? [])
  const merged = mergeHours(series)
  return merged.observations.length === 0 ? null : merged
}

/** Puts the fields of all files together by hour; a file that adds none is not named. */
function mergeHours(series: readonly RecordedSeries<LiquidityObservation>[]): RecordedSeries<LiquidityObservation> {
  const hours = new Map<UnixSeconds, LiquidityObservation>()
  const used = series.filter(({ observations }) => {
    let adds = false
    for (const seen of observations) {
      const known = hours.get(seen.knownAt)
      adds ||= known === undefined || Object.keys(seen).some((field) => !(field in known))
      hours.set(seen.knownAt, { ...seen, ...known })
    }
    return adds
  })
  return {
    recordings: used.flatMap(({ recordings }) => recordings),
    observations: [...hours.values()].sort((a, b) => a.knownAt - b.knownAt),
  }
}
