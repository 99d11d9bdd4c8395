import { InvalidInputError } from '../errors/index.ts'
import type { ChunkedSeries, DocumentStore, EngineState, MarketSnapshot } from '../types/index.ts'
import { appendRows, emptySeries } from './series.ts'

/** Rows of the observed series: knownAt first, then the fields in this order. */
export const LIQUIDITY_WIDTH = 2 // knownAt, one of spread, depthUsd, liquidatedUsd: a series each, since a source may lack some
export const IMPLIED_VOL_WIDTH = 2 // knownAt, one of atm30d, atm7d, atmHalfSpread, vegaDepthUsd: a series each, since a source may lack some
export const FINE_MOVE_WIDTH = 2 // knownAt, tenMinuteMoveQ95
export const VENUE_WIDTH = 2 // knownAt, openInterestUsd or rate
export const CLEARING_WIDTH = 10 // knownAt and the fields of ClearingObservation in their order

/**
 * Adds what a snapshot saw beside bars. A series whose name is in `provenance.synthetic` is generated, not observed, and stays out: no policy reads it.
 *
 * @throws {InvalidInputError} Observations are not ascending in `knownAt`.
 */
export function foldObservations(state: EngineState, snapshot: MarketSnapshot, documents: DocumentStore): EngineState {
  const observed = (name: string): boolean => !snapshot.provenance.synthetic.includes(name)
  let series = state.series
  const add = (name: string, rows: readonly (readonly number[])[], width: number): void => {
    if (rows.length === 0 || !observed(name)) return
    const before: ChunkedSeries = series[name] ?? emptySeries
    assertAscending(name, before, rows, width)
    series = { ...series, [name]: appendRows(before, rows.flat(), width, documents) }
  }
  if (observed('liquidity'))
    for (const name of ['spread', 'depthUsd', 'liquidatedUsd'] as const)
      add(
        name,
        snapshot.liquidity.flatMap((seen) => (seen[name] === undefined ? [] : [[seen.knownAt, seen[name]]])),
        LIQUIDITY_WIDTH,
      )
  if (observed('impliedVol'))
    for (const name of ['atm30d', 'atm7d', 'atmHalfSpread', 'vegaDepthUsd'] as const)
      add(
        name,
        snapshot.impliedVol.flatMap((seen) => (seen[name] === undefined ? [] : [[seen.knownAt, seen[name]]])),
        IMPLIED_VOL_WIDTH,
      )
  add(
    'fineMoves',
    snapshot.liquidity.flatMap(({ knownAt, tenMinuteMoveQ95 }) => (tenMinuteMoveQ95 === undefined ? [] : [[knownAt, tenMinuteMoveQ95]])),
    FINE_MOVE_WIDTH,
  )
  add(
    'openInterest',
    (snapshot.openInterest ?? []).map(({ knownAt, openInterestUsd }) => [knownAt, openInterestUsd]),
    VENUE_WIDTH,
  )
  add(
    'funding',
    (snapshot.funding ?? []).map(({ knownAt, rate }) => [knownAt, rate]),
    VENUE_WIDTH,
  )
  add(
    'clearing',
    snapshot.clearing.map((seen) => [
      seen.knownAt,
      seen.openInterestUsd,
      seen.fundUsd,
      seen.coverTwoUsd,
      seen.auctionedShare,
      seen.medianFill,
      seen.longestUnsoldMinutes,
      seen.gasShare,
      seen.sliceImpact,
      seen.marginMoveQ95,
    ]),
    CLEARING_WIDTH,
  )
  return { ...state, series }
}

function assertAscending(name: string, before: ChunkedSeries, rows: readonly (readonly number[])[], width: number): void {
  let last = before.tail[before.tail.length - width] ?? Number.NEGATIVE_INFINITY
  for (const [knownAt = Number.NaN] of rows) {
    if (!(knownAt > last)) throw new InvalidInputError({ argument: `${name}.knownAt`, got: knownAt, limit: `after ${last}` })
    last = knownAt
  }
}
