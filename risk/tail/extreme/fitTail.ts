import { InvalidInputError } from '../../errors/index.ts'
import { assertFiniteValues } from '../../math/index.ts'
import { defaultShapeLimits, fitGpd, type GpdFit, type ShapeLimits } from './fitGpd.ts'
import type { GpdTail } from './GpdTail.ts'
import { gpdDistance } from './gpdDistance.ts'

/**
 * A fitted tail and how it was found: see {@link GpdFit}. `distance` is the largest gap between the fitted and the seen distribution of
 * exceedances.
 */
export type TailFit =
  | {
      readonly status: 'fitted'
      readonly tail: GpdTail
      readonly distance: number
      readonly standardErrors: { readonly shape: number; readonly scale: number }
    }
  | { readonly status: 'atLimit' | 'byMoments'; readonly tail: GpdTail; readonly distance: number }
  | { readonly status: 'tooFewExceedances'; readonly exceedances: number; readonly needed: number }

/** Shares of the losses that stay below the thresholds tried. */
const levels = [0.9, 0.905, 0.91, 0.915, 0.92, 0.925, 0.93, 0.935, 0.94, 0.945, 0.95] as const

/**
 * Generalised Pareto tail of losses. The threshold is the given one, or else chosen among eleven between the 90 and 95 % quantiles: the one
 * whose fit lies closest to the exceedances (Kolmogorov distance), so that a lower threshold with more data wins unless the tail bends.
 *
 * @param losses - Any order and sign; the tail is that of large positive ones.
 * @param threshold - In the unit of the losses; omit to choose.
 * @throws {InvalidInputError} A loss or the threshold is not finite, none are given, or the limits are not ascending within [-0.9, 2].
 * @see Pickands, Annals of Statistics 3 (1975); Clauset, Shalizi and Newman, SIAM Review 51 (2009), section 3.3 (choice by distance).
 */
export function fitTail(
  losses: ArrayLike<number>,
  { threshold, limits = defaultShapeLimits }: { readonly threshold?: number; readonly limits?: ShapeLimits } = {},
): TailFit {
  assertFiniteValues('losses', losses)
  const sorted = Float64Array.from(losses).sort()
  if (threshold !== undefined) {
    if (!Number.isFinite(threshold)) throw new InvalidInputError({ argument: 'threshold', got: threshold, limit: 'finite' })
    return above(sorted, threshold, limits)
  }
  const thresholds = new Set(levels.map((level) => sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)]!))
  let best: TailFit | undefined
  for (const candidate of thresholds) {
    const fit = above(sorted, candidate, limits)
    if (best === undefined || rank(fit) < rank(best)) best = fit
  }
  return best!
}

/** Distance, or infinity without a fit. */
function rank(fit: TailFit): number {
  return fit.status === 'tooFewExceedances' ? Number.POSITIVE_INFINITY : fit.distance
}

function above(sorted: Float64Array, threshold: number, limits: ShapeLimits): TailFit {
  const beyond = sorted.subarray(firstAbove(sorted, threshold)).map((loss) => loss - threshold)
  if (beyond.length === 0) return { status: 'tooFewExceedances', exceedances: 0, needed: 20 }
  const fit: GpdFit = fitGpd(beyond, limits)
  if (fit.status === 'tooFewExceedances') return fit
  const tail = { threshold, scale: fit.scale, shape: fit.shape, exceedances: beyond.length, observations: sorted.length }
  const distance = gpdDistance(beyond, fit.scale, fit.shape)
  return fit.status === 'fitted'
    ? { status: 'fitted', tail, distance, standardErrors: fit.standardErrors }
    : { status: fit.status, tail, distance }
}

/** Index of the first entry above `threshold` in ascending values. */
function firstAbove(sorted: Float64Array, threshold: number): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (sorted[middle]! <= threshold) from = middle + 1
    else to = middle
  }
  return from
}
