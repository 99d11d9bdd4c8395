import { exp, log, logistic } from '../../math/index.ts'
import { ALPHA, BETA, DEGREES, GAMMA, MEAN, OMEGA } from './garchLikelihood.ts'

/** Beyond this size a coordinate stands for a parameter at the end of its domain. */
export const COORDINATE_LIMIT = 30

/**
 * Writes the parameters that unbounded coordinates stand for: the mean, ln omega, ln alpha, the log odds of beta, ln (alpha + gamma), the
 * log odds of 2 / degrees. Four or five coordinates have no asymmetric term when `isAsymmetric` is false; then the last one is that of the
 * degrees.
 */
export function fromCoordinates(coordinates: Float64Array, isAsymmetric: boolean, parameters: Float64Array): void {
  const alpha = exp(coordinates[2]!)
  parameters[MEAN] = coordinates[0]!
  parameters[OMEGA] = exp(coordinates[1]!)
  parameters[ALPHA] = alpha
  parameters[BETA] = logistic(coordinates[3]!)
  parameters[GAMMA] = isAsymmetric ? exp(coordinates[4]!) - alpha : 0
  if (parameters.length > DEGREES) parameters[DEGREES] = 2 / logistic(coordinates[isAsymmetric ? 5 : 4]!)
}

/** The inverse of {@link fromCoordinates}. */
export function toCoordinates(parameters: Float64Array, isAsymmetric: boolean): Float64Array {
  const beta = parameters[BETA]!
  const coordinates = [parameters[MEAN]!, log(parameters[OMEGA]!), log(parameters[ALPHA]!), log(beta / (1 - beta))]
  if (isAsymmetric) coordinates.push(log(parameters[ALPHA]! + parameters[GAMMA]!))
  if (parameters.length > DEGREES) coordinates.push(-log(0.5 * parameters[DEGREES]! - 1))
  return Float64Array.from(coordinates)
}

/** Chain rule: a gradient by parameters becomes one by coordinates. */
export function gradientByCoordinates(parameters: Float64Array, gradient: Float64Array, isAsymmetric: boolean, out: Float64Array): void {
  const alpha = parameters[ALPHA]!
  const beta = parameters[BETA]!
  out[0] = gradient[MEAN]!
  out[1] = parameters[OMEGA]! * gradient[OMEGA]!
  out[2] = alpha * (gradient[ALPHA]! - (isAsymmetric ? gradient[GAMMA]! : 0))
  out[3] = beta * (1 - beta) * gradient[BETA]!
  if (isAsymmetric) out[4] = (alpha + parameters[GAMMA]!) * gradient[GAMMA]!
  if (parameters.length > DEGREES) out[isAsymmetric ? 5 : 4] = (2 - parameters[DEGREES]!) * gradient[DEGREES]!
}
