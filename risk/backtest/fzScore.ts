import { compensatedSum, log } from '../math/index.ts'
import { assertTailForecasts, type TailForecasts } from './assertTailForecasts.ts'

/**
 * Mean score of value at risk and expected shortfall together, the lower the better; a right model has the lowest expected score. The
 * zero-degree member of Fissler and Ziegel's family: with v and e the measures as (negative) profits and a the tail probability, 1[y <= v]
 * (y - v) / (a e) + v / e + ln(-e) - 1.
 *
 * @throws {InvalidInputError} Lengths differ, the level is outside (0, 1), a number is not finite, or an expected shortfall is not positive
 * or below its value at risk.
 * @see Patton, Ziegel and Chen, Journal of Econometrics 211 (2019), (6).
 */
export function fzScore(forecasts: TailForecasts): number {
  assertTailForecasts(forecasts)
  const { profits, valueAtRisk, expectedShortfall, level } = forecasts
  const scores = Float64Array.from({ length: profits.length }, (_, t) => {
    const shortfall = expectedShortfall[t]!
    const beyond = Math.max(0, -valueAtRisk[t]! - profits[t]!)
    return beyond / ((1 - level) * shortfall) + valueAtRisk[t]! / shortfall + log(shortfall) - 1
  })
  return compensatedSum(scores) / scores.length
}
