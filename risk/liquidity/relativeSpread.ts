import { InvalidInputError } from '../errors/index.ts'
import { assertPositive } from '../math/index.ts'
import type { Fraction, Usd } from '../types/index.ts'

/**
 * Quoted spread over the mid price, (ask - bid) / ((ask + bid) / 2).
 *
 * @throws {InvalidInputError} A quote is not finite and positive, or the book is crossed (bid above ask).
 */
export function relativeSpread(bid: Usd, ask: Usd): Fraction {
  assertPositive('bid', bid)
  assertPositive('ask', ask)
  if (bid > ask) throw new InvalidInputError({ argument: 'bid', got: bid, limit: `at most the ask, ${ask}` })
  return (ask - bid) / (0.5 * (ask + bid))
}
