import { assertCounts, type BreachCount } from './assertCounts.ts'
import { binomialCdf } from './binomialCdf.ts'

/**
 * One-sided exact test for a charge that may be prudent but not too low: probability of at least so many breaches if each comes with the
 * stated probability.
 *
 * @throws {InvalidInputError} A count or the probability is out of range.
 */
export function excessBreaches(count: BreachCount): number {
  assertCounts(count)
  const { observations, breaches, probability } = count
  return breaches === 0 ? 1 : binomialCdf(breaches - 1, observations, probability).upper
}
