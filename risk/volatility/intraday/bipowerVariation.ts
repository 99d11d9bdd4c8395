import { compensatedSum } from '../../math/index.ts'
import { assertReturns } from './assertReturns.ts'

const HALF_PI = 1.5707963267948966

/**
 * Variance of the continuous part of a span's path: pi / 2 times the sum of |r[i]| |r[i - 1]|, times n / (n - 1) for the missing term. A
 * jump meets small neighbours and drops out as the sampling gets finer.
 *
 * @param returns - n >= 2 log returns within the span.
 * @throws {InvalidInputError} Fewer than two returns, or one is not finite.
 * @see Barndorff-Nielsen and Shephard, Journal of Financial Econometrics 2 (2004), (5).
 */
export function bipowerVariation(returns: ArrayLike<number>): number {
  assertReturns(returns, 2)
  const n = returns.length
  const products = Float64Array.from({ length: n - 1 }, (_, i) => Math.abs(returns[i]! * returns[i + 1]!))
  return HALF_PI * (n / (n - 1)) * compensatedSum(products)
}
