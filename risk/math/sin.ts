import { angleParts, LARGEST_ANGLE } from './angleParts.ts'
import { assertInRange } from './assertInRange.ts'

const parts = new Float64Array(2)

/**
 * Sine of an angle in radians. Largest error seen: risk/math/README.md.
 *
 * @throws {InvalidInputError} x is NaN or larger than 1e6 in size.
 */
export function sin(x: number): number {
  assertInRange('x of sin', x, -LARGEST_ANGLE, LARGEST_ANGLE)
  angleParts(x, parts)
  return parts[0]!
}
