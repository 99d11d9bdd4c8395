import { InvalidInputError } from '../errors/index.ts'
import { logParts, sumError } from './logParts.ts'

const parts = new Float64Array(2)

/**
 * ln(1 + x), exact in the small: log1p(1e-20) is 1e-20.
 *
 * 1 + x is rounded to u; what the rounding lost comes back as lost / u.
 * @throws {InvalidInputError} x is not a finite number above -1.
 */
export function log1p(x: number): number {
  if (!(x > -1 && x < Number.POSITIVE_INFINITY))
    throw new InvalidInputError({ argument: 'x of log1p', got: x, limit: 'finite and above -1' })
  const u = 1 + x
  logParts(u, parts)
  return parts[0]! + (parts[1]! + sumError(1, x, u) / u)
}
