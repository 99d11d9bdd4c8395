import { compensatedSum } from '../../math/index.ts'
import { assertReturns } from './assertReturns.ts'

/**
 * Sum of squared returns of a span: its quadratic variation, jumps included.
 *
 * @param returns - Log returns within the span, one or more.
 * @throws {InvalidInputError} `returns` is empty or not finite.
 */
export function realizedVariance(returns: ArrayLike<number>): number {
  assertReturns(returns, 1)
  return compensatedSum(Float64Array.from(returns, (r) => r * r))
}
