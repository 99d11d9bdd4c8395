import { relativeSpread } from '../../../risk/liquidity/index.ts'
import { parseUtc } from '../../../risk/market/index.ts'
import type { Fraction, LiquidityObservation, UnixSeconds, Usd } from '../../../risk/types/index.ts'
import type { RecordedSeries } from '../RecordedSeries.ts'
import { readTable } from './readTable.ts'
import { byHour, median } from './samples.ts'

const bands = [10, 25, 50, 100, 200, 500] as const
const header = [
  'timestamp',
  'best_bid',
  'best_ask',
  'spread_bps',
  ...bands.flatMap((band) => [`bid_depth_${band}bps`, `ask_depth_${band}bps`]),
]
/** Columns of the band that defines depth. */
const [BID_1_PERCENT, ASK_1_PERCENT] = [header.indexOf('bid_depth_100bps'), header.indexOf('ask_depth_100bps')]
/** Books of an hour without which nothing is said of it: half of one every ten seconds. */
const FEWEST_BOOKS = 180

type Depth = { readonly time: UnixSeconds; readonly spread: Fraction; readonly depthUsd: Usd }

/**
 * Cumulated depth in units of the base asset around the mid, every ten seconds: per hour the median spread and the median of what rests within 1 % on the thinner side, in USD at
 * the mid.
 *
 * @throws {BadRecordingError} A line is malformed, crossed, its depth shrinks with the band, or it is not later than the one before.
 */
export function depthBands(path: string): RecordedSeries<LiquidityObservation> {
  const { file, values } = readTable<Depth>(path, header, (row, before) => {
    const time = parseUtc(row.field(0))
    const [bid, ask] = [row.number(1), row.number(2)]
    const depths = header.slice(4).map((_, i) => row.number(i + 4))
    if (time === null) return `'${row.field(0)}' is no time of the form 2015-05-01T00:10:00Z`
    if (before !== undefined && time <= before.time) return 'it is not later than the line before'
    if (!(bid > 0 && ask >= bid)) return `bid ${bid} and ask ${ask} are no quotes`
    if (!depths.every((depth, i) => depth >= (depths[i - 2] ?? 0))) return 'its depth shrinks with the band'
    const thinner = Math.min(row.number(BID_1_PERCENT), row.number(ASK_1_PERCENT))
    return { time, spread: relativeSpread(bid, ask), depthUsd: thinner * 0.5 * (bid + ask) }
  })
  const observations = [...byHour(values)].flatMap(([knownAt, books]): LiquidityObservation[] => {
    if (books.length < FEWEST_BOOKS) return []
    const depthUsd = median(books.map((book) => book.depthUsd))
    const spread = median(books.map((book) => book.spread))
    return [depthUsd > 0 ? { knownAt, spread, depthUsd } : { knownAt, spread }]
  })
  return { recordings: [file], observations }
}
