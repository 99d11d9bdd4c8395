import { InvalidInputError } from '../errors/index.ts'
import type { Fraction, Usd } from '../types/index.ts'
import { assertQuantity } from './assertMagnitude.ts'

/**
 * USD that must flow into a constant-product pool to raise its marginal price by `move`: reserve x (sqrt(1 + move) - 1). The same move downward takes
 * reserve x (1 - sqrt(1 - move)) out of it; the smaller of both, which is the first, is the depth. The fee is left out.
 *
 * @param quoteReserve - USD in the pool, above 0.
 * @param move - Fraction of the price, inside (0, 1).
 * @throws {InvalidInputError} An argument is outside its domain.
 * @see Angeris, Kao, Chiang, Noyes and Chitra, An analysis of Uniswap markets (2019), section 2: x y = k.
 */
export function constantProductDepth(quoteReserve: Usd, move: Fraction): Usd {
  assertQuantity('quoteReserve', quoteReserve)
  if (!(move > 0 && move < 1)) throw new InvalidInputError({ argument: 'move', got: move, limit: 'inside (0, 1)' })
  // sqrt(1 + m) - 1 without cancellation.
  return (quoteReserve * move) / (1 + Math.sqrt(1 + move))
}
