import { InvalidInputError } from '../errors/index.ts'
import { expOfMinusHalfSquare } from './expOfMinusHalfSquare.ts'
import { scaledErfc } from './scaledErfc.ts'

/**
 * Standard normal distribution function. Relative error below 1e-14 down to x = -37; 0 below -39.
 *
 * N(-y) = erfc(y / sqrt 2) / 2; the upper half is 1 - N(-x).
 * @throws {InvalidInputError} x is not finite.
 */
export function normalCdf(x: number): number {
  if (!Number.isFinite(x)) throw new InvalidInputError({ argument: 'x of normalCdf', got: x, limit: 'finite' })
  const y = Math.abs(x)
  const tail = 0.5 * expOfMinusHalfSquare(y) * scaledErfc(y * Math.SQRT1_2)
  return x <= 0 ? tail : 1 - tail
}
