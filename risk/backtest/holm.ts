import { assertFiniteValues, assertInRange } from '../math/index.ts'
import { assertProbability } from './assertCounts.ts'

/**
 * Which of several tests reject when the chance of a single wrong rejection among all is to stay below `significance`, however the tests
 * depend on each other.
 *
 * @param pValues - In [0, 1].
 * @returns One answer per test, in the order given.
 * @throws {InvalidInputError} A p-value is outside [0, 1], none are given, or `significance` is outside (0, 1).
 * @see Holm, Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(pValues: readonly number[], significance: number): boolean[] {
  assertFiniteValues('pValues', pValues)
  pValues.forEach((p, i) => {
    assertInRange(`pValues[${i}]`, p, 0, 1)
  })
  assertProbability('significance', significance)
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i]! - pValues[j]! || i - j)
  const kept = order.findIndex((i, rank) => pValues[i]! > significance / (order.length - rank))
  const rejected = new Set(kept === -1 ? order : order.slice(0, kept))
  return pValues.map((_, i) => rejected.has(i))
}
