import { InvalidInputError } from '../errors/index.ts'
import type { Usd } from '../types/index.ts'
import { assertPrice, assertQuantity } from './assertMagnitude.ts'

/** Quantity on offer at one price, in units of the base asset. */
export type PriceLevel = { readonly price: Usd; readonly quantity: number }

/** Levels of a limit order book, best first: bids fall, asks rise. */
export type OrderBook = { readonly bids: readonly PriceLevel[]; readonly asks: readonly PriceLevel[] }

export type Side = 'buy' | 'sell'

/**
 * @throws {InvalidInputError} A side is empty, a price or quantity is not finite and above 0, levels are not strictly ordered from the best, or the book is
 * crossed or locked.
 */
export function assertOrderBook({ bids, asks }: OrderBook): void {
  assertLevels('bids', bids, -1)
  assertLevels('asks', asks, 1)
  const [bid, ask] = [bids[0]!.price, asks[0]!.price]
  if (!(bid < ask)) throw new InvalidInputError({ argument: 'bids[0].price', got: bid, limit: `below the best ask, ${ask}` })
}

/** Mean of the best bid and the best ask. The book has been checked. */
export function midOf({ bids, asks }: OrderBook): Usd {
  return 0.5 * (bids[0]!.price + asks[0]!.price)
}

function assertLevels(side: string, levels: readonly PriceLevel[], direction: 1 | -1): void {
  if (levels.length === 0) throw new InvalidInputError({ argument: side, got: 'empty', limit: 'one level or more' })
  levels.forEach(({ price, quantity }, i) => {
    assertPrice(`${side}[${i}].price`, price)
    assertQuantity(`${side}[${i}].quantity`, quantity)
    const before = levels[i - 1]
    if (before !== undefined && !(direction * (price - before.price) > 0)) {
      const limit = `${direction > 0 ? 'above' : 'below'} ${before.price}, the level before`
      throw new InvalidInputError({ argument: `${side}[${i}].price`, got: price, limit })
    }
  })
}
