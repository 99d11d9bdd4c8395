import { InvalidInputError } from '../../errors/index.ts'
import { assertFiniteValues } from '../../math/index.ts'

/** @throws {InvalidInputError} There are fewer than `least` returns, or one is not finite. */
export function assertReturns(returns: ArrayLike<number>, least: number): void {
  assertFiniteValues('returns', returns)
  if (returns.length < least)
    throw new InvalidInputError({ argument: 'returns', got: `${returns.length} returns`, limit: `${least} or more` })
}
