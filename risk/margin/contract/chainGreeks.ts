import { futuresAt, payoffAt } from './chainCells.ts'
import { cubicBends, cubicSlopes, cubicWeights, readRow, type Weights } from './cubic.ts'
import { type Grid, positionOn } from './gridOf.ts'
import { absolute, floorLots, smaller, WAD } from './integers.ts'
import { toWad, volsOf } from './ladderSums.ts'
import { SIDE } from './scanCells.ts'
import type { ChainBook, ChainGreeks, StrikeBook } from './types.ts'

const MILLION = 1_000_000n
const BPS = 10_000n
/** Fifteen near node steps lie evenly around the base. */
const HALF_NEAR = 15n << 31n
const LAST_NEAR = 15n << 32n
/** A vol of one in the units of vols. */
const VOL_ONE = 10_000_000_000_000_000n

/** One strike at the mark, in its units, 32 binary digits: value, dV / d ln S and the second derivative, dV per vol of one. */
type Reading = { readonly value: bigint; readonly first: bigint; readonly second: bigint; readonly vega: bigint }

/** Value and sensitivities of a chain at the mark. */
export function chainGreeks(book: ChainBook, grid: Grid, spot: bigint): ChainGreeks {
  if (book.time === 0n) return expired(book, spot)
  const forward = (spot * book.forwardRatio) / WAD
  const near = (((grid.distance * MILLION) / book.nearSpacing) >> 32n) + HALF_NEAR
  const skewAt = cubicWeights(near < 0n ? 0n : near > LAST_NEAR ? LAST_NEAR : near, 16)
  const isNear = near >= 0n && near <= LAST_NEAR
  const readings = book.strikes.map((strike) => {
    const place = grid.cells[SIDE]!
    if (typeof place === 'string') return beyond(book, strike, place, forward)
    return within(book, strike, place, isNear ? near : null, positionOn(book, grid.distance))
  })
  const sum = (of: (reading: Reading, strike: StrikeBook) => bigint): bigint =>
    book.strikes.reduce((total, strike, i) => total + of(readings[i]!, strike), 0n)
  const [first, second] = [sum((r, { net }) => net * r.first), sum((r, { net }) => net * r.second)]
  const { unitExponent } = book
  return {
    value:
      toWad(
        sum((r, { net }) => net * r.value),
        unitExponent,
      ) +
      floorLots(book.slope * forward - book.cost) +
      futuresAt(book, spot),
    delta: toWad(first, unitExponent) + floorLots((book.slope + book.futures) * forward),
    gamma: toWad(second - first, unitExponent),
    vega: toWad(
      sum((r, { net }) => net * r.vega),
      unitExponent,
    ),
    skew:
      toWad(
        sum((_, { net, skew }) => net * readRow(skew, skewAt)),
        unitExponent,
      ) >> 6n,
    deltaNotional:
      sum((r, strike) => {
        const put = toWad(r.first, unitExponent + strike.shift)
        const call = book.kind === 0 ? put + forward / BPS : -put
        return absolute(put) * absolute(strike.puts) + absolute(call) * absolute(strike.calls)
      }) +
      (absolute(book.futures) * forward) / BPS,
    notionalLots: sum((_, { puts, calls }) => absolute(puts) + absolute(calls)) + absolute(book.futures),
  }
}

function within(book: ChainBook, strike: StrikeBook, place: Weights, near: bigint | null, main: bigint): Reading {
  const { down: d, mark: m, up: u, liveMark: x } = volsOf(book, strike)
  const [low, high] = [readRow(strike.down, place), readRow(strike.up, place)]
  const share = u > d ? ((x - d) << 64n) / (u - d) : 1n << 64n
  const slopes = near === null ? mainSlopes(book, strike, main, share) : nearSlopes(strike, near, book.nearSpacing)
  if (near !== null && d < m && m < u) {
    const middle = readRow(strike.mark, cubicWeights(near, 16))
    const slope = ((middle - low) << 64n) / (m - d)
    const bend = ((((high - middle) << 64n) / (u - m) - slope) * VOL_ONE) / (u - d)
    return {
      value: low + (((x - d) * (slope + ((x - m) * bend) / VOL_ONE)) >> 64n),
      vega: ((slope + ((2n * x - d - m) * bend) / VOL_ONE) * VOL_ONE) >> 64n,
      ...slopes,
    }
  }
  return {
    value: low + (((high - low) * share) >> 64n),
    vega: u > d ? ((((high - low) << 64n) / (u - d)) * VOL_ONE) >> 64n : 0n,
    ...slopes,
  }
}

function nearSlopes({ mark }: StrikeBook, near: bigint, step: bigint): Pick<Reading, 'first' | 'second'> {
  return {
    first: (readRow(mark, cubicSlopes(near, 16)) * MILLION) / step,
    second: (((readRow(mark, cubicBends(near, 16)) * MILLION) / step) * MILLION) / step,
  }
}

function mainSlopes(
  { nodes, spacing }: ChainBook,
  { up, down }: StrikeBook,
  position: bigint,
  share: bigint,
): Pick<Reading, 'first' | 'second'> {
  const blend = (weights: Weights): bigint => {
    const [low, high] = [readRow(down, weights), readRow(up, weights)]
    return low + (((high - low) * share) >> 64n)
  }
  return {
    first: (blend(cubicSlopes(position, nodes)) * MILLION) / spacing,
    second: (((blend(cubicBends(position, nodes)) * MILLION) / spacing) * MILLION) / spacing,
  }
}

/** The price has left the nodes: the bound against the side held, and the slope of the payoff. */
function beyond(book: ChainBook, strike: StrikeBook, place: 'below' | 'above', forward: bigint): Reading {
  const vanilla = book.kind === 0
  const inTheMoney = forward < strike.strike
  const units = (wad: bigint): bigint => {
    const exponent = book.unitExponent + strike.shift
    return exponent < 0n ? (wad << (32n - exponent)) / WAD : ((wad << 32n) >> exponent) / WAD
  }
  const rest = { first: vanilla && inTheMoney ? -units(forward) : 0n, second: 0n, vega: 0n }
  if (strike.net >= 0n) {
    const known = place === 'below' ? strike.down[0]! << 32n : 0n
    const intrinsic = vanilla && inTheMoney ? units(strike.strike - forward) : 0n
    return { value: intrinsic > known ? intrinsic : known, ...rest }
  }
  if (place === 'above') return { value: strike.up[book.nodes - 1]! << 32n, ...rest }
  if (!vanilla) return { value: units(WAD), ...rest }
  const edge = (((book.base * book.lowest) / WAD) * book.forwardRatio) / WAD
  const bound = (strike.up[0]! << 32n) + units(edge > forward ? edge - forward : 0n)
  return { value: smaller(bound, units(strike.strike)), ...rest }
}

function expired(book: ChainBook, spot: bigint): ChainGreeks {
  const vanilla = book.kind === 0
  const held = book.strikes.map(({ strike, puts, calls }) => (!vanilla ? 0n : spot < strike ? -puts : calls))
  const lots = held.reduce((total, each) => total + each, book.futures)
  return {
    value: payoffAt(book, spot) + futuresAt(book, spot),
    delta: floorLots(lots * spot),
    gamma: 0n,
    vega: 0n,
    skew: 0n,
    deltaNotional: [...held, book.futures].reduce((total, each) => total + (absolute(each) * spot) / BPS, 0n),
    notionalLots: book.strikes.reduce((total, { puts, calls }) => total + absolute(puts) + absolute(calls), absolute(book.futures)),
  }
}
