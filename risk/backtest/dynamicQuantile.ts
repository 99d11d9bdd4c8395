import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues, chiSquareSurvival, leastSquares } from '../math/index.ts'
import { assertProbability } from './assertCounts.ts'
import type { TestResult } from './TestResult.ts'

/**
 * Whether breaches can be foretold from the last ones and from the forecast itself: the breaches, less their probability, are regressed on
 * a constant, their own `lags` last values and the forecast; under a right model the explained sum of squares over p (1 - p) is chi-square
 * with lags + 2 degrees of freedom. Null when the regressors are linearly dependent, as with too few breaches or a constant forecast.
 *
 * @param breaches - In time order, of windows that do not overlap.
 * @param forecasts - The value at risk each breach is measured against.
 * @param probability - Of a breach, inside (0, 1).
 * @throws {InvalidInputError} Lengths differ, there are fewer than 2 (lags + 2) + lags outcomes, or an argument is out of range.
 * @see Engle and Manganelli, Journal of Business and Economic Statistics 22 (2004), theorem 4.
 */
export function dynamicQuantile(
  breaches: readonly boolean[],
  forecasts: ArrayLike<number>,
  probability: number,
  lags = 4,
): TestResult | null {
  assertProbability('probability', probability)
  assertFiniteValues('forecasts', forecasts)
  if (!(Number.isInteger(lags) && lags >= 0))
    throw new InvalidInputError({ argument: 'lags', got: lags, limit: 'a whole number of at least 0' })
  if (forecasts.length !== breaches.length)
    throw new InvalidInputError({
      argument: 'forecasts',
      got: `${forecasts.length} values`,
      limit: `${breaches.length}, as many as breaches`,
    })
  const needed = 2 * (lags + 2) + lags
  if (breaches.length < needed)
    throw new InvalidInputError({ argument: 'breaches', got: `${breaches.length} outcomes`, limit: `${needed} or more` })
  const hits = Float64Array.from(breaches, (breach) => (breach ? 1 - probability : -probability))
  const n = hits.length - lags
  const columns = [new Float64Array(n).fill(1), ...Array.from({ length: lags }, (_, k) => hits.subarray(lags - 1 - k, lags - 1 - k + n))]
  const response = hits.subarray(lags)
  const fit = leastSquares([...columns, Float64Array.from({ length: n }, (_, t) => forecasts[lags + t]!)], response)
  if (fit === null) return null
  const explained = response.reduce((sum, hit, t) => sum + (hit - fit.residuals[t]!) * (hit - fit.residuals[t]!), 0)
  const statistic = explained / (probability * (1 - probability))
  return { statistic, pValue: chiSquareSurvival(statistic, lags + 2) }
}
