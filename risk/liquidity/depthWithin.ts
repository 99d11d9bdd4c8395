import { InvalidInputError } from '../errors/index.ts'
import { compensatedSum } from '../math/index.ts'
import type { Fraction, Usd } from '../types/index.ts'
import { assertOrderBook, midOf, type OrderBook, type PriceLevel } from './orderBook.ts'

/** USD on one side within a band of the mid. `atLeast` when the visible levels end inside the band, so that there may be more. */
export type SideDepth = { readonly kind: 'measured' | 'atLeast'; readonly usd: Usd }

/** Depth of both sides, and the smaller of them, which is what `market.depth` means at a band of 1 %. */
export type Depth = { readonly bid: SideDepth; readonly ask: SideDepth; readonly smaller: SideDepth }

/**
 * USD resting within `band` of the mid price, per side.
 *
 * @param band - Fraction of the mid, inside (0, 1).
 * @throws {InvalidInputError} The book or the band is outside its domain.
 */
export function depthWithin(book: OrderBook, band: Fraction): Depth {
  assertOrderBook(book)
  if (!(band > 0 && band < 1)) throw new InvalidInputError({ argument: 'band', got: band, limit: 'inside (0, 1)' })
  const mid = midOf(book)
  const bid = sideDepth(book.bids, ({ price }) => price >= mid * (1 - band))
  const ask = sideDepth(book.asks, ({ price }) => price <= mid * (1 + band))
  return { bid, ask, smaller: smallerOf(bid, ask) }
}

function sideDepth(levels: readonly PriceLevel[], inside: (level: PriceLevel) => boolean): SideDepth {
  const within = levels.filter(inside)
  return {
    kind: within.length === levels.length ? 'atLeast' : 'measured',
    usd: compensatedSum(within.map(({ price, quantity }) => price * quantity)),
  }
}

/** A side known only from below cannot be the smaller one unless what is known of it is already more. */
function smallerOf(bid: SideDepth, ask: SideDepth): SideDepth {
  const [less, more] = bid.usd <= ask.usd ? [bid, ask] : [ask, bid]
  return less.kind === 'measured'
    ? less
    : { kind: more.usd === less.usd && more.kind === 'measured' ? 'measured' : 'atLeast', usd: less.usd }
}
