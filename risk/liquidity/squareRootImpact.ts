import type { Fraction, Usd } from '../types/index.ts'
import { assertQuantity, assertQuantityOrZero } from './assertMagnitude.ts'

/** The move that defines depth. */
const DEPTH_MOVE = 0.01

/**
 * Price move of a trade by the square root law, 1 % x sqrt(size / depth). It is not additive: a sequence of trades in one direction moves the price by the
 * law of their sum.
 *
 * @param size - USD, at least 0.
 * @param depth - USD that moves the price by 1 %, above 0.
 * @throws {InvalidInputError} An argument is outside its domain.
 * @see Bouchaud, Farmer and Lillo, How markets slowly digest changes in supply and demand (2009), section 5; risk-policy B8.
 */
export function squareRootImpact(size: Usd, depth: Usd): Fraction {
  assertQuantityOrZero('size', size)
  assertQuantity('depth', depth)
  return DEPTH_MOVE * Math.sqrt(size / depth)
}
