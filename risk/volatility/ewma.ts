import { assertInRange, assertPositive, pow } from '../math/index.ts'

/**
 * Share of the old value that survives one bar: 2^(-1 / halfLife).
 *
 * @param halfLife - In bars, above 0.
 * @throws {InvalidInputError} `halfLife` is not finite and positive.
 */
export function ewmaDecay(halfLife: number): number {
  assertPositive('halfLife', halfLife)
  return pow(2, -1 / halfLife)
}

/**
 * One step of an exponentially weighted mean: decay x previous + (1 - decay) x next.
 *
 * @param decay - In [0, 1].
 * @throws {InvalidInputError} An argument is outside its range; variances are at least 0.
 */
export function ewmaStep(previous: number, next: number, decay: number): number {
  assertInRange('decay', decay, 0, 1)
  assertInRange('previous variance', previous, 0, Number.MAX_VALUE)
  assertInRange('next variance', next, 0, Number.MAX_VALUE)
  return decay * previous + (1 - decay) * next
}
