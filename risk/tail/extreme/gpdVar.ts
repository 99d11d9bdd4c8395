import { InvalidInputError } from '../../errors/index.ts'
import { assertGpdTail } from './assertGpdTail.ts'
import type { GpdTail } from './GpdTail.ts'
import { gpdGrowth } from './gpdGrowth.ts'

/**
 * Value at risk: threshold + (scale / shape) [(exceedances / observations / (1 - level))^shape - 1]. In the unit of the losses.
 *
 * @param level - At or beyond the threshold's, below 1.
 * @throws {InvalidInputError} A figure of the tail is out of range, the level is inside the threshold, or the result passes 1.8e308.
 * @see McNeil and Frey, Journal of Empirical Finance 7 (2000), (13).
 */
export function gpdVar(tail: GpdTail, level: number): number {
  assertGpdTail(tail, level)
  const value = tail.threshold + tail.scale * gpdGrowth(tail.exceedances / tail.observations / (1 - level), tail.shape)
  if (!Number.isFinite(value))
    throw new InvalidInputError({ argument: 'scale', got: tail.scale, limit: 'small enough for a finite quantile' })
  return value
}
