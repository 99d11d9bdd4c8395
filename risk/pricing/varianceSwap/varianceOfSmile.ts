import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, exp, integrate } from '../../math/index.ts'
import type { Vol, Years } from '../../types/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'

/** Standard deviations covered on either side, by the vol of the wing itself. */
const REACH = 9
const TOLERANCE = 1e-12

/**
 * Fair variance per year of a smile given at every strike: 2 / T times the integral of the out-of-the-money option's undiscounted price
 * over K^2 dK, here over the logarithm k = ln(K / F) and in units of the forward.
 *
 * @param volAt - Implied vol at k, in [1e-4, 10], bounded by its values 9 standard deviations out.
 * @param timeToExpiry - In [1e-6, 100].
 * @throws {InvalidInputError} `timeToExpiry` is outside its range, `volAt` returns a vol outside its own, or the integral does not settle
 * to 1e-9.
 * @see Carr and Madan, Towards a Theory of Volatility Trading (1998); Demeterfi, Derman, Kamal and Zou (1999).
 */
export function varianceOfSmile(volAt: (logMoneyness: number) => Vol, timeToExpiry: Years): number {
  assertInRange('timeToExpiry', timeToExpiry, 1e-6, 100)
  const rootTime = Math.sqrt(timeToExpiry)
  const deviationAt = (k: number): number => {
    const vol = volAt(k)
    assertInRange(`vol at log-moneyness ${k}`, vol, 1e-4, 10)
    return vol * rootTime
  }
  const integrand = (k: number): number => exp(-k) * undiscountedValue(k < 0 ? 'put' : 'call', 1, exp(k), deviationAt(k))
  let variance = 0
  let error = 0
  for (const side of [-1, 1]) {
    let end = side * REACH * deviationAt(0)
    // The wing's own vol says how far its prices reach; two looks settle any smile that flattens.
    for (let look = 0; look < 2; look++) end = side * Math.min(60, REACH * Math.max(deviationAt(end), deviationAt(0)))
    const { value, error: change } = integrate(integrand, 0, end, TOLERANCE)
    variance += (side * 2 * value) / timeToExpiry
    error += (2 * change) / timeToExpiry
  }
  if (!(error <= 1e-9 * Math.max(1, variance)))
    throw new InvalidInputError({ argument: 'volAt', got: `an integral off by ${error}`, limit: 'smooth between its kinks' })
  return variance
}
