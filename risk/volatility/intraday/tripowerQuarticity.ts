import { compensatedSum, pow } from '../../math/index.ts'
import { assertReturns } from './assertReturns.ts'

/** E|Z|^(4/3) of a standard normal, 2^(2/3) Gamma(7/6) / Gamma(1/2), to the power of -3. */
const FACTOR = 1.7434720745319845

/**
 * As `realizedQuarticity`, but safe from jumps: n^2 / (n - 2) times the sum of |r[i] r[i + 1] r[i + 2]|^(4/3), scaled for normal returns.
 *
 * @param returns - n >= 3 log returns within the span.
 * @throws {InvalidInputError} Fewer than three returns, or one is not finite.
 * @see Barndorff-Nielsen and Shephard, Journal of Financial Econometrics 4 (2006), section 3.
 */
export function tripowerQuarticity(returns: ArrayLike<number>): number {
  assertReturns(returns, 3)
  const n = returns.length
  const products = Float64Array.from({ length: n - 2 }, (_, i) =>
    pow(Math.abs(returns[i]!) * Math.abs(returns[i + 1]!) * Math.abs(returns[i + 2]!), 4 / 3),
  )
  return ((FACTOR * n * n) / (n - 2)) * compensatedSum(products)
}
