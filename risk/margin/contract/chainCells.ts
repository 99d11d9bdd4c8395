import { readRow, type Weights } from './cubic.ts'
import type { Grid } from './gridOf.ts'
import { BPS, floorDiv, floorLots, larger, smaller, WAD } from './integers.ts'
import { type Lanes, toWad } from './ladderSums.ts'
import { farMultiples } from './scanCells.ts'
import type { Cells, CellValues, ChainBook } from './types.ts'

const DAY = 86_400n

/** Adds one chain to every cell. */
export function addChain(book: ChainBook, lanes: Lanes, grid: Grid, { prices }: Cells, values: CellValues): void {
  for (const [i, price] of prices.entries()) {
    const dated = futuresAt(book, price)
    const expired = book.time < DAY ? payoffAt(book, price) : null
    const { up, down } = book.time === 0n ? { up: expired!, down: expired! } : optionsAt(book, lanes, grid.cells[i]!, price)
    values.plainUp[i]! += up + dated
    values.plainDown[i]! += down + dated
    values.up[i]! += credited(expired === null ? up : smaller(up, expired), book.credit) + dated
    values.down[i]! += credited(expired === null ? down : smaller(down, expired), book.credit) + dated
  }
}

/** The chain's options taken as expired at a price, USD wad, rounded down. */
export function payoffAt(book: ChainBook, price: bigint): bigint {
  return floorLots(payoffLots(book, price))
}

/** The same in lots x USD wad, exactly. */
export function payoffLots({ kind, slope, cost, strikes }: ChainBook, price: bigint): bigint {
  const linear = (kind === 0 ? slope * price : 0n) - cost
  return strikes.reduce(
    (sum, { strike, net, shift }) => (price < strike ? sum + (net >> shift) * (kind === 0 ? strike - price : WAD) : sum),
    linear,
  )
}

/** The chain's futures at their forward, USD wad, rounded down; after expiry at the price. */
export function futuresAt({ futures, time, forwardRatio }: ChainBook, price: bigint): bigint {
  return floorLots(futures * (time === 0n ? price : (price * forwardRatio) / WAD))
}

function credited(value: bigint, credit: bigint): bigint {
  return value > 0n ? (value * credit) / WAD : value
}

function optionsAt(
  book: ChainBook,
  lanes: Lanes,
  place: Weights | 'below' | 'above',
  price: bigint,
): { readonly up: bigint; readonly down: bigint } {
  const forward = (price * book.forwardRatio) / WAD
  const parity = parityAt(book, price)
  if (typeof place === 'string') {
    const value = (place === 'below' ? below(book, lanes, price, forward) : above(book, lanes, price, forward)) + parity
    return { up: value, down: value }
  }
  const low = readRow(lanes.low, place)
  const wide = readRow(lanes.high, place) - low
  const read = (weight: bigint): bigint => toWad((low << 64n) + wide * weight, lanes.exponent - 64n) + parity
  return { up: read(lanes.upWeight), down: read(lanes.downWeight) }
}

/** Forwards that calls hold and puts do not, less their strikes: a line of 64 binary digits, slope and level rounded down. */
function parityAt({ slope, cost, forwardRatio }: ChainBook, price: bigint): bigint {
  const level = floorDiv(-cost << 64n, BPS)
  return (floorDiv((slope * forwardRatio) << 64n, BPS * WAD) * price + level) >> 64n
}

/** A put falls with the price, by at most as much; it is convex and at most its strike. */
function below(book: ChainBook, lanes: Lanes, price: bigint, forward: bigint): bigint {
  const atFirst = toWad(lanes.longsAtFirst << 32n, book.unitExponent)
  if (book.kind !== 0) return atFirst + (lanes.shortLots * WAD) / 10_000n
  const intrinsic = floorLots(lanes.longCost - lanes.longLots * forward)
  return larger(intrinsic, atFirst) + shortBelow(book, lanes, price, forward)
}

function shortBelow(book: ChainBook, lanes: Lanes, price: bigint, forward: bigint): bigint {
  if (lanes.shortLots === 0n) return 0n
  const { base, forwardRatio, unitExponent } = book
  const edge: Knot = { price: (base * book.lowest) / WAD, value: toWad(lanes.shortsAtFirst << 32n, unitExponent) }
  const knots = [...farKnots(book, lanes, 0, 3).filter((knot) => knot.price < edge.price), edge]
  const lowest = knots[0]!
  const short =
    price <= lowest.price || knots.length === 1
      ? lowest.value + floorLots(lanes.shortLots * ((lowest.price * forwardRatio) / WAD - forward))
      : chordThrough(knots, price)
  return larger(short, floorLots(lanes.shortCost))
}

/** Above the nodes a put is between its payoff and the chord of what is known on both sides. */
function above(book: ChainBook, lanes: Lanes, price: bigint, forward: bigint): bigint {
  const atLast = toWad(lanes.shortsAtLast << 32n, book.unitExponent)
  if (book.kind !== 0) return atLast
  const long = larger(0n, floorLots(lanes.longCost - lanes.longLots * forward))
  if (lanes.shortLots === 0n) return long
  const edge: Knot = {
    price: (((book.base * book.lowest) / WAD) * power(book.ratio, book.nodes - 1)) / WAD,
    value: atLast,
  }
  const knots = [edge, ...farKnots(book, lanes, 3, farMultiples.length).filter((knot) => knot.price > edge.price)]
  const last = knots.at(-1)!
  return long + (price >= last.price ? last.value : chordThrough(knots, price))
}

type Knot = { readonly price: bigint; readonly value: bigint }

function farKnots({ base, unitExponent }: ChainBook, { far }: Lanes, from: number, to: number): Knot[] {
  return farMultiples
    .slice(from, to)
    .map((multiple, i) => ({ price: (base * multiple) / 100n, value: toWad(far[from + i]! << 32n, unitExponent) }))
}

/** Between the first knot that is not above the price and the next. */
function chordThrough(knots: readonly Knot[], price: bigint): bigint {
  const next = knots.findIndex((knot, i) => i > 0 && price < knot.price)
  const [left, right] = next < 0 ? [knots.at(-2)!, knots.at(-1)!] : [knots[next - 1]!, knots[next]!]
  if (price <= left.price) return left.value
  return left.value + ((right.value - left.value) * (price - left.price)) / (right.price - left.price)
}

/** x^n, wad, each product rounded down. */
function power(x: bigint, n: number): bigint {
  let result = WAD
  for (let [square, left] = [x, n]; left !== 0; left >>= 1) {
    if (left & 1) result = (result * square) / WAD
    square = (square * square) / WAD
  }
  return result
}
