import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, assertPositive } from '../../math/index.ts'
import type { GpdTail } from './GpdTail.ts'

/** @throws {InvalidInputError} A figure is out of range, or `level` is not beyond the threshold, of which the tail says nothing. */
export function assertGpdTail({ threshold, scale, shape, exceedances, observations }: GpdTail, level: number): void {
  assertInRange('threshold', threshold, -Number.MAX_VALUE, Number.MAX_VALUE)
  assertPositive('scale', scale)
  assertInRange('shape', shape, -1, 10)
  if (!(Number.isInteger(exceedances) && exceedances >= 1 && exceedances <= observations))
    throw new InvalidInputError({
      argument: 'exceedances',
      got: exceedances,
      limit: `a whole number in [1, ${observations}], the observations`,
    })
  // 1 - 0.95 is a little more than 50 / 1000.
  if (!(level < 1 && 1 - level <= (exceedances / observations) * (1 + 1e-12)))
    throw new InvalidInputError({ argument: 'level', got: level, limit: `in [${1 - exceedances / observations}, 1), beyond the threshold` })
}
