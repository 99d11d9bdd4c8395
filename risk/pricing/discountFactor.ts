import { assertInRange, exp } from '../math/index.ts'
import type { Fraction, Years } from '../types/index.ts'

/**
 * Value now of one dollar at `timeToExpiry`: e^(-rate T).
 *
 * @param rate - Continuously compounded, per year, in [-1, 1].
 * @param timeToExpiry - In [0, 100].
 * @throws {InvalidInputError} An argument is outside its range.
 */
export function discountFactor(rate: Fraction, timeToExpiry: Years): number {
  assertInRange('rate', rate, -1, 1)
  assertInRange('timeToExpiry', timeToExpiry, 0, 100)
  return exp(-rate * timeToExpiry)
}
