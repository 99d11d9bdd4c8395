import { InvalidInputError } from '../errors/index.ts'
import { logParts } from './logParts.ts'

const parts = new Float64Array(2)

/**
 * Natural logarithm. Largest error seen 0.51 units in the last place, subnormal arguments included.
 *
 * @throws {InvalidInputError} x is not a finite number above zero.
 * @see risk/math/README.md
 */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) throw new InvalidInputError({ argument: 'x of log', got: x, limit: 'finite and above 0' })
  logParts(x, parts)
  return parts[0]!
}
