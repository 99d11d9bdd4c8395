import { buildDepthCurve, depthAtMove, type SizedQuote } from '../../../risk/liquidity/index.ts'
import { parseUtc } from '../../../risk/market/index.ts'
import type { LiquidityObservation, UnixSeconds, Usd } from '../../../risk/types/index.ts'
import type { RecordedSeries } from '../RecordedSeries.ts'
import { readTable } from './readTable.ts'
import { byHour } from './samples.ts'

const header = ['timestamp', 'src', 'dst', 'in_amount', 'out_amount', 'price', 'price_impact']
/** The tokens that stand for a market's asset, and the dollar they are quoted in. */
const tokens: Readonly<Record<string, string>> = { BTC: 'WBTC', ETH: 'WETH' }
const DOLLAR = 'USDC'
/** The move that defines depth. */
const DEPTH_MOVE = 0.01
/** Sizes of an hour and direction without which no curve is drawn. */
const FEWEST_QUOTES = 10

type Quote = {
  readonly time: UnixSeconds
  readonly source: string
  readonly target: string
  readonly amount: number
  readonly price: number
  readonly impact: number
}

/**
 * Quotes of an aggregator of exchanges by size: per hour the size that displaces the marginal price by 1 %, the smaller of buying and selling. Spreads are not read off: both
 * directions were asked minutes apart. Null when the asset is not in the file.
 *
 * @throws {BadRecordingError} A line is malformed or earlier than the one before.
 */
export function dexQuotes(path: string, market: string): RecordedSeries<LiquidityObservation> | null {
  const token = Object.hasOwn(tokens, market) ? tokens[market] : undefined
  if (token === undefined) return null
  const { file, values } = readTable<Quote>(path, header, (row, before) => {
    const time = parseUtc(row.field(0))
    const [amount, out, price, impact] = [row.number(3), row.number(4), row.number(5), row.number(6)]
    if (time === null) return `'${row.field(0)}' is no time of the form 2023-11-20T00:00:07Z`
    if (before !== undefined && time < before.time) return 'it is earlier than the line before'
    if (!(amount > 0 && out > 0 && price > 0)) return 'an amount or the price is not above 0'
    if (!(impact >= 0 && impact < 1)) return `impact ${impact} is outside [0, 1)`
    return { time, source: row.field(1), target: row.field(2), amount, price, impact }
  })
  const observations = [...byHour(values)].flatMap(([knownAt, quotes]): LiquidityObservation[] => {
    const buys = quotes.filter(({ source, target }) => source === DOLLAR && target === token)
    const sells = quotes.filter(({ source, target }) => source === token && target === DOLLAR)
    const best = sells.reduce((most, { price }) => Math.max(most, price), 0)
    const depths = [
      depthOf(buys.map(({ amount, impact }) => ({ size: amount, impact }))),
      depthOf(sells.map(({ amount, impact }) => ({ size: amount * best, impact }))),
    ]
    return depths.every((depth) => depth !== null) ? [{ knownAt, depthUsd: Math.min(...depths) }] : []
  })
  return observations.length === 0 ? null : { recordings: [file], observations }
}

function depthOf(quotes: readonly SizedQuote[]): Usd | null {
  if (quotes.length < FEWEST_QUOTES) return null
  const reading = depthAtMove(buildDepthCurve(quotes), DEPTH_MOVE)
  return reading.kind === 'measured' ? reading.value : null
}
