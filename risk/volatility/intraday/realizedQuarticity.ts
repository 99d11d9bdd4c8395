import { compensatedSum } from '../../math/index.ts'
import { assertReturns } from './assertReturns.ts'

/**
 * n / 3 times the sum of fourth powers: estimates the integral of the fourth power of volatility, which sets the error of realized variance
 * (its variance is 2 / n of this), when there are no jumps.
 *
 * @param returns - n >= 1 log returns within the span.
 * @throws {InvalidInputError} `returns` is empty or not finite.
 * @see Barndorff-Nielsen and Shephard, Journal of the Royal Statistical Society B 64 (2002), (8).
 */
export function realizedQuarticity(returns: ArrayLike<number>): number {
  assertReturns(returns, 1)
  return (returns.length / 3) * compensatedSum(Float64Array.from(returns, (r) => r * r * (r * r)))
}
