import { assertInRange } from '../../math/index.ts'
import { assertGarchParameters } from './assertGarchParameters.ts'
import type { GarchParameters } from './GarchParameters.ts'

/**
 * Variance of the next return after one return was seen.
 *
 * @param variance - Of the return seen, at least 0.
 * @param observed - The return.
 * @throws {InvalidInputError} A parameter is out of range, `variance` is negative, or a number is not finite.
 */
export function garchStep(parameters: GarchParameters, variance: number, observed: number): number {
  assertGarchParameters(parameters)
  assertInRange('variance', variance, 0, Number.MAX_VALUE)
  assertInRange('observed', observed, -Number.MAX_VALUE, Number.MAX_VALUE)
  return nextVariance(parameters, variance, observed - parameters.mean)
}

/** {@link garchStep} of a residual, unchecked. */
export function nextVariance({ omega, alpha, gamma, beta }: GarchParameters, variance: number, residual: number): number {
  return omega + (residual < 0 ? alpha + gamma : alpha) * residual * residual + beta * variance
}
