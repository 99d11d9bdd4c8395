import { InvalidInputError } from '../../errors/index.ts'
import type { GpdTail } from './GpdTail.ts'
import { gpdVar } from './gpdVar.ts'

/**
 * Expected shortfall beyond {@link gpdVar}: (VaR + scale - shape threshold) / (1 - shape). In the unit of the losses, or null when the
 * shape is 1 or more and the mean is infinite.
 *
 * @throws {InvalidInputError} As {@link gpdVar}.
 * @see McNeil and Frey, Journal of Empirical Finance 7 (2000), (18).
 */
export function gpdShortfall(tail: GpdTail, level: number): number | null {
  const quantile = gpdVar(tail, level)
  const { threshold, scale, shape } = tail
  if (!(shape < 1)) return null
  const shortfall = quantile + (scale + shape * (quantile - threshold)) / (1 - shape)
  if (!Number.isFinite(shortfall))
    throw new InvalidInputError({ argument: 'shape', got: shape, limit: 'far enough below 1 for a finite mean' })
  return shortfall
}
