import { compensatedSum } from '../../math/index.ts'
import { assertReturns } from './assertReturns.ts'

/**
 * Realized variance split by the sign of the returns; the two add up to it.
 *
 * @param returns - Log returns within the span, one or more.
 * @throws {InvalidInputError} `returns` is empty or not finite.
 * @see Barndorff-Nielsen, Kinnebrock and Shephard, in Volatility and Time Series Econometrics (2010), (2).
 */
export function realizedSemivariance(returns: ArrayLike<number>): { readonly down: number; readonly up: number } {
  assertReturns(returns, 1)
  const side = (sign: number): number => compensatedSum(Float64Array.from(returns, (r) => (r * sign > 0 ? r * r : 0)))
  return { down: side(-1), up: side(1) }
}
