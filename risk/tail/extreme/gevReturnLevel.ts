import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, assertPositive, log1p } from '../../math/index.ts'
import type { Gev } from './fitGev.ts'
import { gpdGrowth } from './gpdGrowth.ts'

/**
 * Level that one block maximum in `period` passes: location + scale [(-ln(1 - 1 / period))^-shape - 1] / shape.
 *
 * @param period - In blocks, above 1.
 * @throws {InvalidInputError} A figure is out of range or not finite, or the result passes 1.8e308.
 * @see Coles, An Introduction to Statistical Modeling of Extreme Values (2001), (3.4).
 */
export function gevReturnLevel({ location, scale, shape }: Gev, period: number): number {
  assertInRange('location', location, -Number.MAX_VALUE, Number.MAX_VALUE)
  assertPositive('scale', scale)
  assertInRange('shape', shape, -10, 10)
  if (!(period > 1 && period <= 1e12)) throw new InvalidInputError({ argument: 'period', got: period, limit: 'above 1, at most 1e12' })
  const hazard = -log1p(-1 / period)
  // For short periods the hazard is above 1 and the level below the location: growth by odds below 1.
  const level = location + scale * gpdGrowth(1 / hazard, shape)
  if (!Number.isFinite(level)) throw new InvalidInputError({ argument: 'scale', got: scale, limit: 'small enough for a finite level' })
  return level
}
