import { compensatedSum } from '../../math/index.ts'
import { assertReturns } from './assertReturns.ts'

/** pi / (6 - 4 sqrt 3 + pi): the squared middle one of three |normals| has mean (6 - 4 sqrt 3 + pi) / pi. */
const FACTOR = 1.4193583020224414

/**
 * Variance of the continuous part of a span's path from the middle one of each three neighbouring absolute returns, squared, times n / (n -
 * 2). Drops jumps as `minRv` does and suffers less from zero returns.
 *
 * @param returns - n >= 3 log returns within the span.
 * @throws {InvalidInputError} Fewer than three returns, or one is not finite.
 * @see Andersen, Dobrev and Schaumburg, Journal of Econometrics 169 (2012), (3).
 */
export function medRv(returns: ArrayLike<number>): number {
  assertReturns(returns, 3)
  const n = returns.length
  const squares = Float64Array.from({ length: n - 2 }, (_, i) => {
    const middle = middleOf(Math.abs(returns[i]!), Math.abs(returns[i + 1]!), Math.abs(returns[i + 2]!))
    return middle * middle
  })
  return FACTOR * (n / (n - 2)) * compensatedSum(squares)
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
