import { InvalidInputError } from '../errors/index.ts'
import { assertPositive, compensatedSum, log, log1p } from '../math/index.ts'
import { assertPairs } from './assertPairs.ts'

/**
 * Mean of x - ln x - 1 with x = realized / forecast: 0 for perfect forecasts, and the ranking of forecasts stays right when the realized
 * variances are noisy but unbiased. Too low a forecast costs more than too high a one.
 *
 * @param realized - Variances, above 0.
 * @param forecast - One for each, above 0.
 * @throws {InvalidInputError} Lengths differ, or a variance is not finite and positive.
 * @see Patton, Journal of Econometrics 160 (2011), (24), normalised.
 */
export function qlike(realized: ArrayLike<number>, forecast: ArrayLike<number>): number {
  assertPairs('realized', realized, 'forecast', forecast)
  const losses = Float64Array.from({ length: realized.length }, (_, t) => {
    assertPositive(`realized[${t}]`, realized[t]!)
    assertPositive(`forecast[${t}]`, forecast[t]!)
    return lossOf(realized[t]!, forecast[t]!)
  })
  const mean = compensatedSum(losses) / losses.length
  if (!Number.isFinite(mean))
    throw new InvalidInputError({ argument: 'forecast', got: 'values', limit: 'of a size that ratios to realized can hold' })
  return mean
}

/** Near one the ratio's distance from it decides, which is known without cancellation. */
function lossOf(realized: number, forecast: number): number {
  const excess = (realized - forecast) / forecast
  const loss = Math.abs(excess) < 0.5 ? excess - log1p(excess) : excess - (log(realized) - log(forecast))
  return Math.max(0, loss)
}
