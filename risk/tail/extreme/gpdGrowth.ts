import { expm1, log } from '../../math/index.ts'

/**
 * (odds^shape - 1) / shape, its limit ln odds at shape 0: how many scales beyond the threshold lies the loss that one exceedance in `odds`
 * passes. Unchecked; odds above 0, below 1 for a level on this side of the threshold.
 */
export function gpdGrowth(odds: number, shape: number): number {
  const rate = log(odds)
  return Math.abs(shape) < 1e-200 ? rate : expm1(shape * rate) / shape
}
