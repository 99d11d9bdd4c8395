import { assertInRange } from '../math/index.ts'
import type { EngineState } from '../types/index.ts'
import { ewmaDecay, ewmaStep } from './ewma.ts'

/** Three EWMAs of hourly variance and the hours they have seen. */
export type VarianceMix = EngineState['variance']

const decays = { day1: ewmaDecay(24), day7: ewmaDecay(168), day30: ewmaDecay(720) } as const
const weights = { day1: 0.5, day7: 0.3, day30: 0.2 } as const

/** Before the first bar. */
export const emptyVarianceMix: VarianceMix = { day1: 0, day7: 0, day30: 0, hours: 0 }

/**
 * Adds one hour's variance. Half-lives 1, 7 and 30 days. While an average has seen less than its own memory it is the plain mean of what it saw,
 * so that the first bar has no more weight than the others.
 *
 * @param hourly - Variance of the hour, at least 0; see {@link hourlyVariance}.
 * @throws {InvalidInputError} `hourly` or the averages are negative or not finite.
 */
export function addHour(mix: VarianceMix, hourly: number): VarianceMix {
  const hours = mix.hours + 1
  const plain = 1 - 1 / hours
  return {
    day1: ewmaStep(mix.day1, hourly, Math.min(decays.day1, plain)),
    day7: ewmaStep(mix.day7, hourly, Math.min(decays.day7, plain)),
    day30: ewmaStep(mix.day30, hourly, Math.min(decays.day30, plain)),
    hours,
  }
}

/**
 * Volatility of one hour (not annualised): sqrt(0.5 day1 + 0.3 day7 + 0.2 day30). Over H hours it is sqrt(H) times as much.
 *
 * @throws {InvalidInputError} A variance is negative or not finite.
 */
export function sigmaMix({ day1, day7, day30 }: Pick<VarianceMix, 'day1' | 'day7' | 'day30'>): number {
  assertInRange('day1 variance', day1, 0, Number.MAX_VALUE)
  assertInRange('day7 variance', day7, 0, Number.MAX_VALUE)
  assertInRange('day30 variance', day30, 0, Number.MAX_VALUE)
  return Math.sqrt(weights.day1 * day1 + weights.day7 * day7 + weights.day30 * day30)
}
