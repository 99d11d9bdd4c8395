import { leastSquares, neweyWest, normalCdf } from '../math/index.ts'
import { assertPairs } from './assertPairs.ts'
import type { TestResult } from './TestResult.ts'

/**
 * Whether two forecasts differ in accuracy: mean difference of their losses over its Newey-West error, standard normal if they do not;
 * positive when the second is better. The p-value is two-sided. Null when the differences do not vary.
 *
 * @param losses - Of the first forecast, one per outcome in time order.
 * @param others - Of the second.
 * @param lags - Over which differences may depend on each other; forecasts h steps ahead need h - 1.
 * @throws {InvalidInputError} Lengths differ, a loss is not finite, or `lags` is not a whole number below the number of losses.
 * @see Diebold and Mariano, Journal of Business and Economic Statistics 13 (1995).
 */
export function dieboldMariano(losses: ArrayLike<number>, others: ArrayLike<number>, lags: number): TestResult | null {
  assertPairs('losses', losses, 'others', others)
  const constant = new Float64Array(losses.length).fill(1)
  const fit = leastSquares(
    [constant],
    Float64Array.from(constant, (_, t) => losses[t]! - others[t]!),
  )!
  const error = neweyWest([constant], fit, lags)[0]!
  if (!(error > 0)) return null
  const statistic = fit.coefficients[0]! / error
  return { statistic, pValue: 2 * normalCdf(-Math.abs(statistic)) }
}
