import { log } from '../math/index.ts'
import type { Bar } from '../types/index.ts'
import { assertBarPrices } from './assertBarPrices.ts'

const TWO_LN_2_LESS_1 = 0.3862943611198906

/**
 * Variance of one bar from all four prices: ln(high / low)^2 / 2 - (2 ln 2 - 1) ln(close / open)^2. Per bar; at least 0.11 of the squared range,
 * since the range encloses open and close.
 *
 * @throws {InvalidInputError} A price is not finite and positive, or high and low do not enclose open and close.
 * @see Garman and Klass, Journal of Business 53 (1980).
 */
export function garmanKlass(bar: Pick<Bar, 'open' | 'high' | 'low' | 'close'>): number {
  assertBarPrices(bar)
  const range = log(bar.high / bar.low)
  const move = log(bar.close / bar.open)
  return 0.5 * range * range - TWO_LN_2_LESS_1 * move * move
}
