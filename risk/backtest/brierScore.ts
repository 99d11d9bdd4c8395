import { assertInRange } from '../math/index.ts'
import { assertLabels } from './assertLabels.ts'
import { meanSquaredError } from './meanSquaredError.ts'

/**
 * Mean of (label - probability)^2, in [0, 1], the lower the better.
 *
 * @throws {InvalidInputError} A label is neither 0 nor 1, a probability is outside [0, 1], lengths differ, or none are given.
 * @see Brier, Monthly Weather Review 78 (1950).
 */
export function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  assertLabels(labels, probabilities)
  for (let i = 0; i < probabilities.length; i++) assertInRange(`probabilities[${i}]`, probabilities[i]!, 0, 1)
  return meanSquaredError(labels, probabilities)
}
