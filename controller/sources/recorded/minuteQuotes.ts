import { relativeSpread } from '../../../risk/liquidity/index.ts'
import { parseUtc } from '../../../risk/market/index.ts'
import type { LiquidityObservation, UnixSeconds, Usd } from '../../../risk/types/index.ts'
import type { RecordedSeries } from '../RecordedSeries.ts'
import { readTable } from './readTable.ts'
import { byHour, median, tenMinuteMoves } from './samples.ts'

type Quote = { readonly time: UnixSeconds; readonly bid: Usd; readonly ask: Usd; readonly liquidated: number }

/** Quotes of an hour without which nothing is said of it: half of the minutes. */
const FEWEST_QUOTES = 30

/**
 * Best quotes about every minute, with positions that the venue closed by force: per hour the median spread, the sum of liquidations in USD, and the ten-minute moves of the mid.
 * A row covers the minute before its time.
 *
 * @throws {BadRecordingError} A line is malformed, crossed or not later than the one before.
 */
export function minuteQuotes(path: string, market: string): RecordedSeries<LiquidityObservation> {
  const base = market.toLowerCase()
  const header = ['timestamp', 'bid', 'ask', `liquidated_longs_${base}`, `liquidated_shorts_${base}`]
  const { file, values } = readTable<Quote>(path, header, (row, before) => {
    const time = parseUtc(row.field(0))
    const [bid, ask, longs, shorts] = [row.number(1), row.number(2), row.number(3), row.number(4)]
    if (time === null) return `'${row.field(0)}' is no time of the form 2021-01-01T00:14:28Z`
    if (before !== undefined && time <= before.time) return 'it is not later than the line before'
    if (!(bid > 0 && ask >= bid)) return `bid ${bid} and ask ${ask} are no quotes`
    if (!(longs >= 0 && shorts >= 0)) return 'liquidations are negative'
    return { time, bid, ask, liquidated: longs + shorts }
  })
  const moves = tenMinuteMoves(values.map(({ time, bid, ask }) => ({ time, price: 0.5 * (bid + ask) })))
  const observations = [...byHour(values)].flatMap(([knownAt, quotes]): LiquidityObservation[] => {
    const move = moves.get(knownAt)
    if (quotes.length < FEWEST_QUOTES) return []
    return [
      {
        knownAt,
        spread: median(quotes.map(({ bid, ask }) => relativeSpread(bid, ask))),
        liquidatedUsd: quotes.reduce((sum, { bid, ask, liquidated }) => sum + liquidated * 0.5 * (bid + ask), 0),
        ...(move === undefined ? {} : { tenMinuteMoveQ95: move }),
      },
    ]
  })
  return { recordings: [file], observations }
}
