import { quantileInPlace } from '../math/index.ts'
import type { DocumentStore, EngineState, UnixSeconds } from '../types/index.ts'
import { readBars } from './barRows.ts'
import { computeBarSignals } from './computeBarSignals.ts'
import { CLEARING_WIDTH, FINE_MOVE_WIDTH, IMPLIED_VOL_WIDTH, LIQUIDITY_WIDTH } from './foldObservations.ts'
import type { ImpliedVolSignals, Signals } from './Signals.ts'
import { emptySeries, readRows } from './series.ts'

const DAY = 86_400
const THIRTY_DAYS = 30 * DAY
/** 24 h moves of implied vol without which no tail quantile is given: 30 days of hours. */
const MINIMUM_VOL_MOVES = 720

/**
 * Every signal of a tick, from the state after the tick's own bars and observations were folded in.
 *
 * @param time - End of the data window; observations older than 30 days say nothing about liquidity now.
 */
export function computeSignals(state: EngineState, time: UnixSeconds, documents: DocumentStore): Signals {
  const bars = readBars(state.series['bars'] ?? emptySeries, Number.MAX_SAFE_INTEGER, documents)
  return {
    bars: computeBarSignals(bars),
    liquidity: liquidityOf(rowsOf(state, 'liquidity', LIQUIDITY_WIDTH, documents), time),
    impliedVol: impliedVolOf((name) => rowsOf(state, name, IMPLIED_VOL_WIDTH, documents), time),
    clearing: clearingOf(rowsOf(state, 'clearing', CLEARING_WIDTH, documents), time),
    tenMinuteMoveQ95: fresh(rowsOf(state, 'fineMoves', FINE_MOVE_WIDTH, documents), time)?.(1) ?? null,
  }
}

type Rows = { readonly count: number; readonly at: (row: number, column: number) => number }

function rowsOf(state: EngineState, name: string, width: number, documents: DocumentStore): Rows {
  const values = readRows(state.series[name] ?? emptySeries, Number.MAX_SAFE_INTEGER, width, documents)
  return { count: values.length / width, at: (row, column) => values[row * width + column]! }
}

/** Column of the rows known in the 30 days before `time`. */
function recent(rows: Rows, column: number, time: UnixSeconds): Float64Array {
  const values: number[] = []
  for (let row = 0; row < rows.count; row++) if (rows.at(row, 0) > time - THIRTY_DAYS) values.push(rows.at(row, column))
  return Float64Array.from(values)
}

function liquidityOf(rows: Rows, time: UnixSeconds): Signals['liquidity'] {
  const spreads = recent(rows, 1, time)
  if (spreads.length === 0) return null
  return { spreadQ90: quantileInPlace(spreads, 0.9), depthQ10: quantileInPlace(recent(rows, 2, time), 0.1) }
}

function impliedVolOf(rowsNamed: (name: string) => Rows, time: UnixSeconds): ImpliedVolSignals | null {
  const levels = rowsNamed('atm30d')
  if (recent(levels, 1, time).length === 0) return null
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
  const values = recent(rows, 1, time)
  return values.length === 0 ? null : quantileInPlace(values, level)
}

/** Relative moves of the 30-day vol to each observation from the last one at least 24 h before it. */
function dailyMoves(rows: Rows): Float64Array {
  const moves: number[] = []
  let before = 0
  for (let row = 0; row < rows.count; row++) {
    while (before + 1 < row && rows.at(before + 1, 0) <= rows.at(row, 0) - DAY) before++
    if (rows.at(before, 0) <= rows.at(row, 0) - DAY) moves.push(rows.at(row, 1) / rows.at(before, 1) - 1)
  }
  return Float64Array.from(moves)
}

/** The last row, null when it is older than a day. */
function fresh(rows: Rows, time: UnixSeconds): ((column: number) => number) | null {
  const last = rows.count - 1
  return last < 0 || rows.at(last, 0) <= time - DAY ? null : (column) => rows.at(last, column)
}

function clearingOf(rows: Rows, time: UnixSeconds): Signals['clearing'] {
  const seen = fresh(rows, time)
  if (seen === null) return null
  return {
    openInterestUsd: seen(1),
    fundUsd: seen(2),
    coverTwoUsd: seen(3),
    auctionedShare: seen(4),
    medianFill: seen(5),
    longestUnsoldMinutes: seen(6),
    gasShare: seen(7),
    sliceImpact: seen(8),
    marginMoveQ95: seen(9),
  }
}
