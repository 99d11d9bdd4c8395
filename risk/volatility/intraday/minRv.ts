import { compensatedSum } from '../../math/index.ts'
import { assertReturns } from './assertReturns.ts'

/** pi / (pi - 2): a squared smaller one of two normals has mean 1 - 2 / pi. */
const FACTOR = 2.751938393884109

/**
 * Variance of the continuous part of a span's path from the smaller of each two neighbouring returns, squared, times n / (n - 1). A jump is
 * dropped even in a short sample; zero returns pull the estimate down.
 *
 * @param returns - n >= 2 log returns within the span.
 * @throws {InvalidInputError} Fewer than two returns, or one is not finite.
 * @see Andersen, Dobrev and Schaumburg, Journal of Econometrics 169 (2012), (2).
 */
export function minRv(returns: ArrayLike<number>): number {
  assertReturns(returns, 2)
  const n = returns.length
  const squares = Float64Array.from({ length: n - 1 }, (_, i) => {
    const smaller = Math.min(Math.abs(returns[i]!), Math.abs(returns[i + 1]!))
    return smaller * smaller
  })
  return FACTOR * (n / (n - 1)) * compensatedSum(squares)
}
