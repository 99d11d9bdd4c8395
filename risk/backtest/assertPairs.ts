import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues } from '../math/index.ts'

/** @throws {InvalidInputError} Either is empty or holds a value that is not finite, or the lengths differ. */
export function assertPairs(first: string, a: ArrayLike<number>, second: string, b: ArrayLike<number>): void {
  assertFiniteValues(first, a)
  assertFiniteValues(second, b)
  if (a.length !== b.length)
    throw new InvalidInputError({ argument: second, got: `${b.length} values`, limit: `${a.length}, as many as ${first}` })
}
