import { InvalidInputError } from '../errors/index.ts'
import { assertInRange, compensatedSum, log } from '../math/index.ts'
import { assertLabels } from './assertLabels.ts'

/**
 * Mean of minus the logarithm of the probability that was given to what happened, at least 0.
 *
 * @throws {InvalidInputError} As `brierScore`, or something happened that had been given no probability: that loss is not finite.
 */
export function logLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  assertLabels(labels, probabilities)
  const losses = Float64Array.from({ length: labels.length }, (_, i) => {
    assertInRange(`probabilities[${i}]`, probabilities[i]!, 0, 1)
    const given = labels[i] === 1 ? probabilities[i]! : 1 - probabilities[i]!
    if (given === 0)
      throw new InvalidInputError({
        argument: `probabilities[${i}]`,
        got: probabilities[i],
        limit: `not certain of the other class than label ${labels[i]}`,
      })
    return -log(given)
  })
  return compensatedSum(losses) / losses.length
}
