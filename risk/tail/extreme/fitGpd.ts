import { InvalidInputError } from '../../errors/index.ts'
import { assertFiniteValues, expm1, log, maximiseOnInterval } from '../../math/index.ts'
import { type GpdSample, gpdSample, logSum } from './GpdSample.ts'
import { gpdLogLikelihood } from './gpdLogLikelihood.ts'
import { gpdMoments } from './gpdMoments.ts'

/** Fewest exceedances for weighted moments, and for maximum likelihood, whose estimates spread too much below. */
const [NEEDED, NEEDED_FOR_LIKELIHOOD] = [20, 50] as const
/** Ends of the search in ln(1 + shape largest / scale), and points of its grid. */
const [LOWEST, HIGHEST, POINTS] = [-6, 16, 45] as const

/** Shapes that a fit may return. Outside (-0.5, 0.5) the errors of the estimate, or the variance of the losses, do not exist. */
export type ShapeLimits = readonly [number, number]
export const defaultShapeLimits: ShapeLimits = [-0.5, 0.5]

/** Shape and scale of a fit; `standardErrors` are asymptotic. */
export type GpdEstimate = { readonly shape: number; readonly scale: number; readonly exceedances: number; readonly logLikelihood: number }

/**
 * Outcome of a fit:
 * - `fitted`: the maximum of the likelihood.
 * - `atLimit`: the likelihood rises beyond the limits of the shape; the shape is the limit and the scale the most likely one with it.
 * - `byMoments`: too few exceedances for maximum likelihood; probability-weighted moments, the shape within the limits.
 * - `tooFewExceedances`: no fit.
 */
export type GpdFit =
  | ({ readonly status: 'fitted'; readonly standardErrors: { readonly shape: number; readonly scale: number } } & GpdEstimate)
  | ({ readonly status: 'atLimit' } & GpdEstimate)
  | ({ readonly status: 'byMoments' } & GpdEstimate)
  | { readonly status: 'tooFewExceedances'; readonly exceedances: number; readonly needed: number }

/**
 * Fits a generalised Pareto distribution to losses less their threshold. The likelihood is maximised along its profile in shape / scale,
 * where the shape is the mean of ln(1 + shape y / scale): one search on a line, which cannot fail to converge.
 *
 * @param exceedances - Losses beyond the threshold less the threshold, above 0.
 * @throws {InvalidInputError} An exceedance is not finite and positive, none are given, or the limits are not ascending within [-0.9, 2].
 * @see Grimshaw, Technometrics 35 (1993) (profile); Smith, Annals of Statistics 15 (1987) (errors).
 */
export function fitGpd(exceedances: ArrayLike<number>, limits: ShapeLimits = defaultShapeLimits): GpdFit {
  assertInputs(exceedances, limits)
  const n = exceedances.length
  if (n < NEEDED) return { status: 'tooFewExceedances', exceedances: n, needed: NEEDED }
  const sample = gpdSample(exceedances)
  const { values, unit } = sample

  const describe = (shape: number, scale: number): GpdEstimate => ({
    shape,
    scale: scale * unit,
    exceedances: n,
    logLikelihood: gpdLogLikelihood(sample, scale, shape) - n * log(unit),
  })
  if (n < NEEDED_FOR_LIKELIHOOD) {
    const moments = gpdMoments(values)
    const shape = Math.max(limits[0], Math.min(limits[1], moments.shape))
    const isInside = shape === moments.shape && gpdLogLikelihood(sample, moments.scale, shape) > Number.NEGATIVE_INFINITY
    return { status: 'byMoments', ...describe(shape, isInside ? moments.scale : scaleOfShape(values, shape)) }
  }

  const { shape, scale } = mostLikely(sample)
  const isBelow = shape < limits[0]
  if (isBelow || shape > limits[1]) {
    const limit = isBelow ? limits[0] : limits[1]
    return { status: 'atLimit', ...describe(limit, scaleOfShape(values, limit)) }
  }
  const estimate = describe(shape, scale)
  const standardErrors = { shape: (1 + shape) / Math.sqrt(n), scale: estimate.scale * Math.sqrt((2 * (1 + shape)) / n) }
  return { status: 'fitted', ...estimate, standardErrors }
}

/** Maximum over shapes above -0.9, searched on a line: with ratio = shape / scale given, scale is the mean of ln(1 + ratio y) / ratio. */
function mostLikely(sample: GpdSample): { readonly shape: number; readonly scale: number } {
  const along = (u: number): { readonly shape: number; readonly scale: number } => {
    const ratio = expm1(u)
    const scale = logSum(sample, ratio) / sample.values.length
    return { shape: ratio * scale, scale }
  }
  const profile = (u: number): number => {
    const { shape, scale } = along(u)
    return shape > -0.9 ? -log(scale) - shape - 1 : Number.NEGATIVE_INFINITY
  }
  return along(maximiseOnInterval(profile, LOWEST, HIGHEST, POINTS).at)
}

/** Most likely scale with a given shape above -1: the root of the mean of (1 + shape) y / (scale + shape y) = 1, which falls in the scale. */
function scaleOfShape(y: Float64Array, shape: number): number {
  const n = y.length
  const excess = (scale: number): number => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += ((1 + shape) * y[i]!) / (scale + shape * y[i]!)
    return sum / n - 1
  }
  // The largest exceedance is 1: below it the distribution would end before it.
  let low = Math.max(0, -shape)
  let high = low + 2 * (1 + Math.abs(shape))
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const middle = 0.5 * (low + high)
    if (middle > low && excess(middle) > 0) low = middle
    else high = middle
  }
  return high
}

function assertInputs(exceedances: ArrayLike<number>, [lowest, highest]: ShapeLimits): void {
  assertFiniteValues('exceedances', exceedances)
  for (let i = 0; i < exceedances.length; i++)
    if (!(exceedances[i]! > 0)) throw new InvalidInputError({ argument: `exceedances[${i}]`, got: exceedances[i], limit: 'above 0' })
  if (!(lowest >= -0.9 && lowest < highest && highest <= 2))
    throw new InvalidInputError({ argument: 'limits', got: `[${lowest}, ${highest}]`, limit: 'ascending within [-0.9, 2]' })
}
