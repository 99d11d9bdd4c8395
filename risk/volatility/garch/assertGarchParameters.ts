import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, assertPositive } from '../../math/index.ts'
import type { GarchParameters } from './GarchParameters.ts'

/** @throws {InvalidInputError} A parameter is outside the range its type states. */
export function assertGarchParameters({ mean, omega, alpha, gamma, beta }: GarchParameters): void {
  assertInRange('mean', mean, -Number.MAX_VALUE, Number.MAX_VALUE)
  assertPositive('omega', omega)
  assertInRange('alpha', alpha, 0, Number.MAX_VALUE)
  assertInRange('gamma', gamma, -alpha, Number.MAX_VALUE)
  if (!(beta >= 0 && beta < 1)) throw new InvalidInputError({ argument: 'beta', got: beta, limit: 'in [0, 1)' })
}
