import { exp, log } from '../../math/index.ts'
import { ALPHA, BETA, DEGREES, GAMMA, MEAN, OMEGA } from './garchLikelihood.ts'

/** Keeps the degrees of freedom below a million, where Student's t is the normal and its derivative by them drowns in rounding. */
const SMALLEST_SQUARE = 2e-6
/** Largest size of each coordinate, in the order of {@link fromCoordinates}, and of that of the degrees. */
const limits = [100, 30, 10, 1e4, 10] as const
const LIMIT_OF_DEGREES = 1000

/**
 * Writes the parameters that unbounded coordinates stand for: the mean, ln omega, and a, b, g, w with alpha = a^2, beta = b^2 / (1 + b^2),
 * alpha + gamma = g^2, degrees = 2 + 2 / w^2. Squares make the end of a domain an ordinary minimum at coordinate 0, which a search reaches as
 * fast as any other. There is no g without the asymmetric term, and no w with normal innovations.
 */
export function fromCoordinates(coordinates: Float64Array, isAsymmetric: boolean, parameters: Float64Array): void {
  const alpha = coordinates[2]! * coordinates[2]!
  const odds = coordinates[3]! * coordinates[3]!
  parameters[MEAN] = coordinates[0]!
  parameters[OMEGA] = exp(coordinates[1]!)
  parameters[ALPHA] = alpha
  parameters[BETA] = odds / (1 + odds)
  parameters[GAMMA] = isAsymmetric ? coordinates[4]! * coordinates[4]! - alpha : 0
  if (parameters.length > DEGREES) {
    const w = coordinates[coordinates.length - 1]!
    parameters[DEGREES] = 2 + 2 / (w * w + SMALLEST_SQUARE)
  }
}

/** Coordinates, none of them negative but the first two, of parameters inside the domain. */
export function toCoordinates(parameters: Float64Array, isAsymmetric: boolean): Float64Array {
  const beta = parameters[BETA]!
  const coordinates = [parameters[MEAN]!, log(parameters[OMEGA]!), Math.sqrt(parameters[ALPHA]!), Math.sqrt(beta / (1 - beta))]
  if (isAsymmetric) coordinates.push(Math.sqrt(parameters[ALPHA]! + parameters[GAMMA]!))
  if (parameters.length > DEGREES) coordinates.push(Math.sqrt(Math.max(0, 2 / (parameters[DEGREES]! - 2) - SMALLEST_SQUARE)))
  return Float64Array.from(coordinates)
}

/** Chain rule: a gradient by parameters becomes one by coordinates. */
export function gradientByCoordinates(
  coordinates: Float64Array,
  parameters: Float64Array,
  gradient: Float64Array,
  isAsymmetric: boolean,
  out: Float64Array,
): void {
  const b = coordinates[3]!
  const rest = 1 - parameters[BETA]!
  out[0] = gradient[MEAN]!
  out[1] = parameters[OMEGA]! * gradient[OMEGA]!
  out[2] = 2 * coordinates[2]! * (gradient[ALPHA]! - (isAsymmetric ? gradient[GAMMA]! : 0))
  out[3] = 2 * b * rest * rest * gradient[BETA]!
  if (isAsymmetric) out[4] = 2 * coordinates[4]! * gradient[GAMMA]!
  if (parameters.length > DEGREES) {
    const spare = parameters[DEGREES]! - 2
    out[coordinates.length - 1] = -coordinates[coordinates.length - 1]! * spare * spare * gradient[DEGREES]!
  }
}

/** Whether a search may look at these coordinates. */
export function areInside(coordinates: Float64Array, isAsymmetric: boolean): boolean {
  const ofVariance = isAsymmetric ? 5 : 4
  for (let i = 0; i < coordinates.length; i++)
    if (!(Math.abs(coordinates[i]!) <= (i < ofVariance ? limits[i]! : LIMIT_OF_DEGREES))) return false
  return true
}
