import type { Fraction, Usd } from '../types/index.ts'
import { assertQuantity } from './assertMagnitude.ts'
import { assertOrderBook, midOf, type OrderBook, type Side } from './orderBook.ts'

/** What a market order would pay; `short` when the visible book ends first. */
export type Execution =
  | {
      readonly kind: 'filled'
      readonly averagePrice: Usd
      /** Price of the last level touched. */
      readonly worstPrice: Usd
      /** |average price - mid| / mid; half the spread is part of it. */
      readonly slippage: Fraction
      readonly levels: number
    }
  | { readonly kind: 'short'; readonly available: number }

/**
 * Fills `quantity` against the visible levels, best first.
 *
 * @param side - `buy` takes asks, `sell` takes bids.
 * @param quantity - Units of the base asset, above 0.
 * @throws {InvalidInputError} The book or the quantity is outside its domain.
 */
export function walkBook(book: OrderBook, side: Side, quantity: number): Execution {
  assertOrderBook(book)
  assertQuantity('quantity', quantity)
  const levels = side === 'buy' ? book.asks : book.bids
  let left = quantity
  let paid = 0
  for (const [i, level] of levels.entries()) {
    const taken = Math.min(left, level.quantity)
    paid += taken * level.price
    left -= taken
    if (left <= 0) {
      const averagePrice = paid / quantity
      const mid = midOf(book)
      return { kind: 'filled', averagePrice, worstPrice: level.price, slippage: Math.abs(averagePrice - mid) / mid, levels: i + 1 }
    }
  }
  return { kind: 'short', available: quantity - left }
}
