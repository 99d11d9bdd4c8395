import { InvalidInputError } from '../errors/index.ts'
import { assertPairs } from './assertPairs.ts'

/** @throws {InvalidInputError} A label is neither 0 nor 1, lengths differ, none are given, or a score is not finite. */
export function assertLabels(labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  assertPairs('labels', labels, 'scores', scores)
  for (let i = 0; i < labels.length; i++)
    if (labels[i] !== 0 && labels[i] !== 1) throw new InvalidInputError({ argument: `labels[${i}]`, got: labels[i], limit: '0 or 1' })
}
