import { InvalidInputError } from '../errors/index.ts'
import { compensatedSum } from '../math/index.ts'
import type { Usd } from '../types/index.ts'
import { assertPrice } from './assertMagnitude.ts'

/** Where successive changes trend rather than bounce, the model has no spread; about half of all samples of an efficient market do. */
export type RollSpread =
  | { readonly kind: 'measured'; readonly spread: Usd; readonly autocovariance: number }
  | { readonly kind: 'unavailable'; readonly reason: 'autocovarianceNotNegative'; readonly autocovariance: number }

/**
 * Roll's effective spread from trade prices, 2 sqrt(-cov(dp[t], dp[t-1])): the sample covariance of successive changes, means of both removed, divisor n - 1.
 *
 * @param prices - In the order of trading, at least four, finite and above 0.
 * @returns Spread in the unit of the prices.
 * @throws {InvalidInputError} There are fewer than four, or one is no price.
 * @see Roll, Journal of Finance 39 (1984), equation 7.
 */
export function rollSpread(prices: ArrayLike<Usd>): RollSpread {
  if (prices.length < 4) throw new InvalidInputError({ argument: 'prices', got: `${prices.length} prices`, limit: 'at least 4' })
  for (let i = 0; i < prices.length; i++) assertPrice(`prices[${i}]`, prices[i]!)
  const changes = Float64Array.from({ length: prices.length - 1 }, (_, i) => prices[i + 1]! - prices[i]!)
  const autocovariance = covariance(changes.subarray(1), changes.subarray(0, -1))
  return autocovariance < 0
    ? { kind: 'measured', spread: 2 * Math.sqrt(-autocovariance), autocovariance }
    : { kind: 'unavailable', reason: 'autocovarianceNotNegative', autocovariance }
}

function covariance(xs: Float64Array, ys: Float64Array): number {
  const count = xs.length
  const meanX = compensatedSum(xs) / count
  const meanY = compensatedSum(ys) / count
  return compensatedSum(xs.map((x, i) => (x - meanX) * (ys[i]! - meanY))) / (count - 1)
}
