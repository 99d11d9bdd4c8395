import { assertFiniteValues } from '../../math/index.ts'
import { assertGarchParameters } from './assertGarchParameters.ts'
import type { GarchParameters } from './GarchParameters.ts'
import { nextVariance } from './garchStep.ts'

/** Conditional variance of each return, known one step before it, and of the return that comes next. */
export type GarchVariances = { readonly variances: Float64Array; readonly next: number }

/**
 * Runs the recursion over a history. Before the first return, variance and squared residual are taken as the mean squared residual, and
 * half of the squared residual as a fall's.
 *
 * @param returns - One or more, in time order.
 * @throws {InvalidInputError} A parameter is out of range, or a return is not finite.
 * @see Fiorentini, Calzolari and Panattoni, Journal of Applied Econometrics 11 (1996): presample rule.
 */
export function garchVariances(returns: ArrayLike<number>, parameters: GarchParameters): GarchVariances {
  assertGarchParameters(parameters)
  assertFiniteValues('returns', returns)
  const { mean, omega, alpha, gamma, beta } = parameters
  let squares = 0
  for (let t = 0; t < returns.length; t++) squares += (returns[t]! - mean) * (returns[t]! - mean)
  let variance = omega + (alpha + 0.5 * gamma + beta) * (squares / returns.length)
  const variances = new Float64Array(returns.length)
  for (let t = 0; t < returns.length; t++) {
    variances[t] = variance
    variance = nextVariance(parameters, variance, returns[t]! - mean)
  }
  return { variances, next: variance }
}
