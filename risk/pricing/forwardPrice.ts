import { assertInRange, assertPositive, exp } from '../math/index.ts'
import type { Fraction, Usd, Years } from '../types/index.ts'

/**
 * Forward of an asset with a continuous yield: S e^((rate - yield) T).
 *
 * @param spot - Above 0.
 * @param rate - Continuously compounded, per year, in [-1, 1].
 * @param dividendYield - Income of the asset or funding of the coin, same form and range.
 * @param timeToExpiry - In [0, 100].
 * @throws {InvalidInputError} An argument is outside its range.
 */
export function forwardPrice(spot: Usd, rate: Fraction, dividendYield: Fraction, timeToExpiry: Years): Usd {
  assertPositive('spot', spot)
  assertInRange('rate', rate, -1, 1)
  assertInRange('dividendYield', dividendYield, -1, 1)
  assertInRange('timeToExpiry', timeToExpiry, 0, 100)
  return spot * exp((rate - dividendYield) * timeToExpiry)
}
