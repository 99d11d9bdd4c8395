import { payoffLots } from './chainCells.ts'
import { floorLots, larger, smaller, WAD } from './integers.ts'
import { COMMON, IN_RANGE } from './scanCells.ts'
import type { CellValues, ChainBook } from './types.ts'

const LOTS = 10_000n
/** As many as one chain has: with more, all strikes at one price would cost a contract too much. */
const MOST_STRIKES = 72
const FAR_ABOVE = (1n << 128n) - 1n

/** Most an account can lose with all expiries at one price; null when it falls without end, or has more strikes than are looked at together. */
export function lossTogether(books: readonly ChainBook[], values: CellValues, mark: bigint, units: bigint): bigint | null {
  const slope = books.reduce((sum, book) => sum + ((book.slope + book.futures) * WAD) / LOTS, units)
  if (slope < 0n || books.reduce((sum, { strikes }) => sum + strikes.length, 0) > MOST_STRIKES) return null
  const spots = [0n, ...(slope === 0n ? [FAR_ABOVE] : []), ...spotsAtStrikes(books)]
  const least = [
    ...spots.map((spot) => payoffOf(books, units, spot)),
    ...values.plainUp,
    ...values.plainDown.filter((_, i) => i < IN_RANGE || i >= COMMON),
  ].reduce(smaller)
  return larger(0n, mark - least)
}

/** Most an account can lose whatever the price does between expiries; null when one expiry alone falls without end. */
export function lossApart(books: readonly ChainBook[], mark: bigint): bigint | null {
  let least = 0n
  for (const book of books) {
    const slope = book.slope + book.futures
    if (slope < 0n) return null
    const spots = [0n, ...(slope === 0n ? [FAR_ABOVE] : []), ...spotsAtStrikes([book])]
    least += spots.map((spot) => payoffOf([book], 0n, spot)).reduce(smaller)
  }
  return larger(0n, mark - least)
}

/** Payoffs are straight between strikes, so their least is at one, or just below one where a payoff jumps. */
function spotsAtStrikes(books: readonly ChainBook[]): bigint[] {
  const jumps = books.some(({ kind }) => kind !== 0)
  return books.flatMap(({ strikes }) => strikes.flatMap(({ strike }) => (jumps ? [strike, strike - 1n] : [strike])))
}

function payoffOf(books: readonly ChainBook[], units: bigint, spot: bigint): bigint {
  const sum = books.reduce((total, book) => total + payoffLots(book, spot) + book.futures * spot, 0n)
  return floorLots(sum) + (units * spot) / WAD
}
