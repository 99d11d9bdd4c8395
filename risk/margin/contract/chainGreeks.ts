import { futuresAt, payoffAt } from './chainCells.ts'
import { cubicBends, cubicSlopes, cubicWeights, readRow, type Weights } from './cubic.ts'
import { type Grid, positionOn } from './gridOf.ts'
import { absolute, floorLots, larger, smaller, WAD } from './integers.ts'
import { plainFrom, toWad } from './ladderSums.ts'
import { DRIFT_ONE } from './readChain.ts'
import { SIDE } from './scanCells.ts'
import type { ChainBook, ChainGreeks, StrikeBook } from './types.ts'

const MILLION = 1_000_000n
const BPS = 10_000n
/** Fifteen near node steps lie evenly around the base. */
const HALF_NEAR = 15n << 31n
const LAST_NEAR = 15n << 32n
/** A vol of one in the units of vols. */
const VOL_ONE = 10_000_000_000_000_000n

/** One strike at the mark, in its units, 32 binary digits, value and vega 64 more: value, dV / d ln S a step of nodes and its derivative, dV per vol of one times `divisor`. */
type Reading = {
  readonly value: bigint
  readonly first: bigint
  readonly second: bigint
  readonly vega: bigint
  readonly divisor: bigint
}

/** Value and sensitivities of a chain at the mark. */
export function chainGreeks(book: ChainBook, grid: Grid, spot: bigint): ChainGreeks {
  if (book.time === 0n) return expired(book, spot)
  const { unitExponent } = book
  const forward = (spot * book.forwardRatio) / WAD
  const near = (((grid.distance * MILLION) / book.nearSpacing) >> 32n) + HALF_NEAR
  const skewAt = cubicWeights(near < 0n ? 0n : near > LAST_NEAR ? LAST_NEAR : near, 16)
  const isNear = near >= 0n && near <= LAST_NEAR
  const place = grid.cells[SIDE]!
  const step = typeof place === 'string' ? MILLION : isNear ? book.nearSpacing : book.spacing
  const readings = book.strikes.map((strike) => {
    if (typeof place === 'string') return beyond(book, strike, place, forward)
    return isNear ? nearMark(book, strike, place, near) : offNodes(book, strike, place, positionOn(book, grid.distance))
  })
  const sum = (of: (reading: Reading, strike: StrikeBook) => bigint): bigint =>
    book.strikes.reduce((total, strike, i) => total + of(readings[i]!, strike), 0n)
  const first = (sum((r, { net }) => net * r.first) * MILLION) / step
  const second = (((sum((r, { net }) => net * r.second) * MILLION) / step) * MILLION) / step
  const forwardSize = book.kind === 0 ? unitsOf(forward * step, unitExponent) / MILLION : 0n
  const size = sum((r, { puts, calls, shift }) => {
    const put = r.first << shift
    return absolute(put * puts) + absolute((put + forwardSize) * calls)
  })
  return {
    value:
      toWad(sum((r, { net }) => net * r.value) >> 64n, unitExponent) + floorLots(book.slope * forward - book.cost) + futuresAt(book, spot),
    delta: toWad(first, unitExponent) + floorLots((book.slope + book.futures) * forward),
    gamma: toWad(second - first, unitExponent),
    vega: toWad(sum((r, { net }) => (net * r.vega) / r.divisor) >> 64n, unitExponent),
    skew:
      toWad(
        sum((_, { net, skew }) => net * readRow(skew, skewAt)),
        unitExponent,
      ) >> 6n,
    deltaNotional: toWad((size * MILLION) / step, unitExponent) + (absolute(book.futures) * forward) / BPS,
    notionalLots: sum((_, { puts, calls }) => absolute(puts) + absolute(calls)) + absolute(book.futures),
  }
}

/** The mark's own word, and those of down and up. */
function nearMark(book: ChainBook, { down, up, mark, volBps }: StrikeBook, place: Weights, near: bigint): Reading {
  const { low, high, divisor } = volWeights(book, volBps, true)
  const middle = readRow(mark, cubicWeights(near, 16))
  const [below, above] = [readRow(down, place) - middle, readRow(up, place) - middle]
  return {
    value: (middle << 64n) + low.value * below + high.value * above,
    first: readRow(mark, cubicSlopes(near, 16)),
    second: readRow(mark, cubicBends(near, 16)),
    vega: low.vega * below + high.vega * above,
    divisor,
  }
}

/** The price has left the mark's word and not the nodes: the line of down and up word, and its slopes off the same nodes. */
function offNodes(book: ChainBook, { down, up, volBps }: StrikeBook, place: Weights, position: bigint): Reading {
  const { high, divisor } = volWeights(book, volBps, false)
  const low = readRow(down, place)
  const rise = readRow(up, place) - low
  const blend = (weights: Weights): bigint => {
    const [below, above] = [readRow(down, weights), readRow(up, weights)]
    return below + (((above - below) * high.value) >> 64n)
  }
  return {
    value: (low << 64n) + high.value * rise,
    first: blend(cubicSlopes(position, book.nodes)),
    second: blend(cubicBends(position, book.nodes)),
    vega: high.vega * rise,
    divisor,
  }
}

/** What low less middle and high less middle count for, 64 binary digits; what vegas are divided by. */
type VolWeights = {
  readonly low: { readonly value: bigint; readonly vega: bigint }
  readonly high: { readonly value: bigint; readonly vega: bigint }
  readonly divisor: bigint
}

/** Vol of now between those of the words: on the parabola through three where they are in order, else on the line through two. */
function volWeights(book: ChainBook, volBps: bigint, hasMiddle: boolean): VolWeights {
  const least = plainFrom(book)
  // Vols of plain strikes stand in one ratio to one another.
  const isPlain = least !== null && volBps >= least
  const vol = isPlain ? 1n : volBps
  const [x, d, m] = [vol * book.drift, vol * book.downScale, vol * DRIFT_ONE]
  const u = (isPlain ? 1n : larger(volBps, 4_000n)) * book.upScale
  const divisor = isPlain ? volBps : 1n
  if (hasMiddle && d < m && m < u) {
    const [below, above] = [(m - d) * (u - d), (u - m) * (u - d)]
    return {
      low: { value: (((x - m) * (x - u)) << 64n) / below, vega: (((2n * x - m - u) * VOL_ONE) << 64n) / below },
      high: { value: (((x - d) * (x - m)) << 64n) / above, vega: (((2n * x - d - m) * VOL_ONE) << 64n) / above },
      divisor,
    }
  }
  const value = u > d ? ((x - d) << 64n) / (u - d) : 1n << 64n
  const vega = u > d ? (VOL_ONE << 64n) / (u - d) : 0n
  return { low: { value: (1n << 64n) - value, vega: -vega }, high: { value, vega }, divisor }
}

/** The price has left the nodes: the bound against the side held, and the slope of the payoff. */
function beyond(book: ChainBook, strike: StrikeBook, place: 'below' | 'above', forward: bigint): Reading {
  const vanilla = book.kind === 0
  const inTheMoney = forward < strike.strike
  const units = (wad: bigint): bigint => unitsOf(wad, book.unitExponent + strike.shift)
  const first = vanilla && inTheMoney ? -units(forward) : 0n
  return { value: bound(book, strike, place, forward) << 64n, first, second: 0n, vega: 0n, divisor: 1n }
}

function bound(book: ChainBook, strike: StrikeBook, place: 'below' | 'above', forward: bigint): bigint {
  const vanilla = book.kind === 0
  const units = (wad: bigint): bigint => unitsOf(wad, book.unitExponent + strike.shift)
  if (strike.net >= 0n) {
    const known = place === 'below' ? strike.down[0]! << 32n : 0n
    return larger(known, vanilla && forward < strike.strike ? units(strike.strike - forward) : 0n)
  }
  if (place === 'above') return strike.up[book.nodes - 1]! << 32n
  if (!vanilla) return units(WAD)
  const edge = (((book.base * book.lowest) / WAD) * book.forwardRatio) / WAD
  return smaller((strike.up[0]! << 32n) + units(edge > forward ? edge - forward : 0n), units(strike.strike))
}

/** USD wad a contract in units of 2^exponent USD, 32 binary digits, rounded down. */
function unitsOf(wad: bigint, exponent: bigint): bigint {
  return exponent < 32n ? (wad << (32n - exponent)) / WAD : (wad >> (exponent - 32n)) / WAD
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
