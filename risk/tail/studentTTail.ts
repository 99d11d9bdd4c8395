import { InvalidInputError } from '../errors/index.ts'
import { assertInRange, studentTPdf, studentTQuantile } from '../math/index.ts'
import type { TailMeasures } from './normalTail.ts'

/**
 * Both measures of a profit mean + scale T with Student's T: with q its quantile of the level and g its density, -mean + scale q and
 * -mean + scale g(q) / (1 - level) (degrees + q^2) / (degrees - 1).
 *
 * @param mean - Of the profit.
 * @param scale - At least 0; the deviation is scale sqrt(degrees / (degrees - 2)), where there is one.
 * @param degrees - In (1, 1e8]; at 1 the mean does not exist.
 * @param level - In [1e-140, 1).
 * @throws {InvalidInputError} An argument is out of range or not finite.
 * @see McNeil, Frey and Embrechts, Quantitative Risk Management (2015), (2.25).
 */
export function studentTTail(mean: number, scale: number, degrees: number, level: number): TailMeasures {
  assertInRange('mean', mean, -1e300, 1e300)
  assertInRange('scale', scale, 0, 1e140)
  if (!(degrees > 1 && degrees <= 1e8)) throw new InvalidInputError({ argument: 'degrees', got: degrees, limit: 'in (1, 1e8]' })
  if (!(level >= 1e-140 && level < 1)) throw new InvalidInputError({ argument: 'level', got: level, limit: 'in [1e-140, 1)' })
  const q = studentTQuantile(level, degrees)
  const beyond = (studentTPdf(q, degrees) / (1 - level)) * ((degrees + q * q) / (degrees - 1))
  return { valueAtRisk: scale * q - mean, expectedShortfall: scale * beyond - mean }
}
