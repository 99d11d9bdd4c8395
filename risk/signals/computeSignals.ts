import { compensatedSum, quantileInPlace } from '../math/index.ts'
import type { DocumentStore, EngineState, Seconds, UnixSeconds } from '../types/index.ts'
import { readBars } from './barRows.ts'
import { computeBarSignals } from './computeBarSignals.ts'
import { CLEARING_WIDTH, FINE_MOVE_WIDTH, IMPLIED_VOL_WIDTH, LIQUIDITY_WIDTH, VENUE_WIDTH } from './foldObservations.ts'
import type { ImpliedVolSignals, Signals, VenueSignals } from './Signals.ts'
import { emptySeries, readRows } from './series.ts'

const DAY = 86_400
const THIRTY_DAYS = 30 * DAY
/** 24 h moves of implied vol without which no tail quantile is given: 30 days of hours. */
const MINIMUM_VOL_MOVES = 720
/** Three payments a day. */
const FUNDINGS_PER_YEAR = 3 * 365

/**
 * Every signal of a tick, from the state after the tick's own bars and observations were folded in.
 *
 * @param time - End of the data window; observations older than 30 days say nothing about liquidity now.
 */
export function computeSignals(state: EngineState, time: UnixSeconds, documents: DocumentStore): Signals {
  const bars = readBars(state.series['bars'] ?? emptySeries, Number.MAX_SAFE_INTEGER, documents)
  return {
    bars: computeBarSignals(bars),
    liquidity: liquidityOf((name) => rowsOf(state, name, LIQUIDITY_WIDTH, documents), time),
    impliedVol: impliedVolOf((name) => rowsOf(state, name, IMPLIED_VOL_WIDTH, documents), time),
    clearing: clearingOf(rowsOf(state, 'clearing', CLEARING_WIDTH, documents), time),
    venue: venueOf((name) => rowsOf(state, name, VENUE_WIDTH, documents), time),
    tenMinuteMoveQ95: fresh(rowsOf(state, 'fineMoves', FINE_MOVE_WIDTH, documents), time)?.(1) ?? null,
  }
}

type Rows = { readonly count: number; readonly at: (row: number, column: number) => number }

function rowsOf(state: EngineState, name: string, width: number, documents: DocumentStore): Rows {
  const values = readRows(state.series[name] ?? emptySeries, Number.MAX_SAFE_INTEGER, width, documents)
  return { count: values.length / width, at: (row, column) => values[row * width + column]! }
}

/** Values known in the span before `time`. */
function recent(rows: Rows, time: UnixSeconds, span: Seconds = THIRTY_DAYS): Float64Array {
  const values: number[] = []
  for (let row = 0; row < rows.count; row++) if (rows.at(row, 0) > time - span) values.push(rows.at(row, 1))
  return Float64Array.from(values)
}

function liquidityOf(rowsNamed: (name: string) => Rows, time: UnixSeconds): Signals['liquidity'] {
  const liquidated = recent(rowsNamed('liquidatedUsd'), time, DAY)
  const liquidity = {
    spreadQ90: recentQuantile(rowsNamed('spread'), 0.9, time),
    depthQ10: recentQuantile(rowsNamed('depthUsd'), 0.1, time),
    liquidated24hUsd: liquidated.length === 0 ? null : compensatedSum(liquidated),
  }
  return Object.values(liquidity).every((value) => value === null) ? null : liquidity
}

function venueOf(rowsNamed: (name: string) => Rows, time: UnixSeconds): VenueSignals | null {
  const interest = rowsNamed('openInterest')
  const funding = rowsNamed('funding')
  const moves = dailyMoves(interest)
  const paid = recent(funding, time, DAY)
  const venue = {
    openInterestUsd: fresh(interest, time, 2 * DAY)?.(1) ?? null,
    worstDailyFall: moves.length === 0 ? null : Math.max(0, -moves.reduce((least, move) => Math.min(least, move))),
    fundingPerYear: paid.length === 0 ? null : (compensatedSum(paid) / paid.length) * FUNDINGS_PER_YEAR,
    largestFunding: largest(recent(funding, time)),
  }
  return Object.values(venue).every((value) => value === null) ? null : venue
}

function largest(values: Float64Array): number | null {
  return values.length === 0 ? null : values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

function impliedVolOf(rowsNamed: (name: string) => Rows, time: UnixSeconds): ImpliedVolSignals | null {
  const levels = rowsNamed('atm30d')
  if (recent(levels, time).length === 0) return null
  const moves = dailyMoves(levels)
  const enough = moves.length >= MINIMUM_VOL_MOVES
  return {
    atm7d: fresh(rowsNamed('atm7d'), time)?.(1) ?? null,
    riseQ995: enough ? quantileInPlace(moves.slice(), 0.995) : null,
    fallQ99: enough ? Math.max(0, -quantileInPlace(moves.slice(), 0.01)) : null,
    halfSpreadQ90: recentQuantile(rowsNamed('atmHalfSpread'), 0.9, time),
    vegaDepthQ10: recentQuantile(rowsNamed('vegaDepthUsd'), 0.1, time),
  }
}

/** Quantile of what was observed in the last 30 days, null when nothing was. */
function recentQuantile(rows: Rows, level: number, time: UnixSeconds): number | null {
  const values = recent(rows, time)
  return values.length === 0 ? null : quantileInPlace(values, level)
}

/** Relative moves to each observation from the last one at least 24 h before it. */
function dailyMoves(rows: Rows): Float64Array {
  const moves: number[] = []
  let before = 0
  for (let row = 0; row < rows.count; row++) {
    while (before + 1 < row && rows.at(before + 1, 0) <= rows.at(row, 0) - DAY) before++
    if (rows.at(before, 0) <= rows.at(row, 0) - DAY) moves.push(rows.at(row, 1) / rows.at(before, 1) - 1)
  }
  return Float64Array.from(moves)
}

/** The last row, null when it is older than a day, or than said. */
function fresh(rows: Rows, time: UnixSeconds, age: Seconds = DAY): ((column: number) => number) | null {
  const last = rows.count - 1
  return last < 0 || rows.at(last, 0) <= time - age ? null : (column) => rows.at(last, column)
}

function clearingOf(rows: Rows, time: UnixSeconds): Signals['clearing'] {
  const seen = fresh(rows, time)
  if (seen === null) return null
  return {
    openInterestUsd: seen(1),
    fundUsd: seen(2),
    coverTwoUsd: seen(3),
    shownCoverUsd: null,
    auctionedShare: seen(4),
    medianFill: seen(5),
    longestUnsoldMinutes: seen(6),
    gasShare: seen(7),
    sliceImpact: seen(8),
    marginMoveQ95: seen(9),
  }
}
