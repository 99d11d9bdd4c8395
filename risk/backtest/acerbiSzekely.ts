import { InvalidInputError } from '../errors/index.ts'
import { compensatedSum } from '../math/index.ts'
import { assertTailForecasts, type TailForecasts } from './assertTailForecasts.ts'

/**
 * Losses beyond value at risk, in units of what expected shortfall promised, less one: 0 for a right model, positive when losses were
 * larger or more frequent, -1 without a breach. Around 0.7 is the 5 % critical value for a year of days over a wide range of tails.
 *
 * @throws {InvalidInputError} Lengths differ, the level is outside (0, 1), a number is not finite, or an expected shortfall is not positive
 * or below its value at risk.
 * @see Acerbi and Szekely, Risk 27 (2014), test 2, with the sign turned.
 */
export function acerbiSzekely(forecasts: TailForecasts): number {
  assertTailForecasts(forecasts)
  const { profits, valueAtRisk, expectedShortfall, level } = forecasts
  const n = profits.length
  const shares = Float64Array.from({ length: n }, (_, t) => (-profits[t]! > valueAtRisk[t]! ? -profits[t]! / expectedShortfall[t]! : 0))
  const statistic = compensatedSum(shares) / (n * (1 - level)) - 1
  if (!Number.isFinite(statistic))
    throw new InvalidInputError({ argument: 'profits', got: 'values', limit: 'of a size that ratios to expectedShortfall can hold' })
  return statistic
}
