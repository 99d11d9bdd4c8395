import { log } from '../math/index.ts'
import type { Bar } from '../types/index.ts'
import { assertBarPrices } from './assertBarPrices.ts'

/**
 * Variance of one bar: ln(high / close) ln(high / open) + ln(low / close) ln(low / open). Per bar, at least 0. Unbiased for a continuous
 * path with any drift.
 *
 * @throws {InvalidInputError} A price is not finite and positive, or high and low do not enclose open and close.
 * @see Rogers and Satchell, Annals of Applied Probability 1 (1991).
 */
export function rogersSatchell(bar: Pick<Bar, 'open' | 'high' | 'low' | 'close'>): number {
  assertBarPrices(bar)
  const { open, high, low, close } = bar
  return log(high / close) * log(high / open) + log(low / close) * log(low / open)
}
