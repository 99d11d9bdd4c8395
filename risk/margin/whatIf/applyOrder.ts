import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { Portfolio } from '../../types/index.ts'
import type { Order } from './Order.ts'

/**
 * The account after a trade: quantities added, the price of all legs and the fee taken out of cash. A position that comes to nothing is gone.
 *
 * @throws {InvalidInputError} A leg's instrument, quantity or price is out of range, an instrument is named twice, or the fee is negative.
 */
export function applyOrder(portfolio: Portfolio, { legs, fee }: Order): Portfolio {
  assertInRange('fee', fee, 0, 1e18)
  const quantities = new Map(portfolio.positions.map(({ instrument, quantity }) => [instrument, quantity]))
  const named = new Set<number>()
  let cash = portfolio.cash - fee
  for (const { instrument, quantity, price } of legs) {
    if (named.has(instrument)) throw new InvalidInputError({ argument: 'leg', got: instrument, limit: 'each instrument once' })
    named.add(instrument)
    assertInRange(`quantity of leg ${instrument}`, quantity, -1e12, 1e12)
    assertInRange(`price of leg ${instrument}`, price, -1e15, 1e15)
    quantities.set(instrument, (quantities.get(instrument) ?? 0) + quantity)
    cash -= quantity * price
  }
  const positions = [...quantities]
    .filter(([, quantity]) => quantity !== 0)
    .sort(([a], [b]) => a - b)
    .map(([instrument, quantity]) => ({ instrument, quantity }))
  return { ...portfolio, cash, positions }
}
