import { log } from '../math/index.ts'
import type { Bar } from '../types/index.ts'
import { assertBarPrices } from './assertBarPrices.ts'

const FOUR_LN_2 = 2.772588722239781

/**
 * Variance of one bar from its range: ln(high / low)^2 / (4 ln 2). Per bar, not annualised. Unbiased for a driftless continuous path;
 * a path seen at discrete times has too low highs, so it is biased down.
 *
 * @throws {InvalidInputError} A price is not finite and positive, or high and low do not enclose open and close.
 * @see Parkinson, Journal of Business 53 (1980).
 */
export function parkinson(bar: Pick<Bar, 'open' | 'high' | 'low' | 'close'>): number {
  assertBarPrices(bar)
  const range = log(bar.high / bar.low)
  return (range * range) / FOUR_LN_2
}
