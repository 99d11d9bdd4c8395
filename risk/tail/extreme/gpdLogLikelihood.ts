import { log } from '../../math/index.ts'
import { type GpdSample, logSum } from './GpdSample.ts'

/**
 * Log-likelihood of a sample in its own unit under a generalised Pareto distribution: - n ln scale - (1 + shape) sum of ln(1 + shape y /
 * scale) / shape. Minus infinity where an exceedance lies beyond the end of the distribution. Unchecked; scale above 0.
 */
export function gpdLogLikelihood(sample: GpdSample, scale: number, shape: number): number {
  const ratio = shape / scale
  if (!(ratio > -1)) return Number.NEGATIVE_INFINITY
  return -sample.values.length * log(scale) - ((1 + shape) * logSum(sample, ratio)) / scale
}
