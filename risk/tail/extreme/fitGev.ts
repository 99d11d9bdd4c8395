import { assertFiniteValues, compensatedSum, exp, hessianOfGradient, invertPositiveDefinite, log, minimise } from '../../math/index.ts'
import { gevExponent } from './gevExponent.ts'

const NEEDED = 20
const MAX_ITERATIONS = 100
const TOLERANCE = 1e-9
/** Below this shape the estimate does not have its usual errors (Smith 1985). */
const IRREGULAR = -0.5

/** Distribution of block maxima: exp(-(1 + shape (x - location) / scale)^(-1 / shape)); Gumbel's at shape 0. */
export type Gev = { readonly location: number; readonly scale: number; readonly shape: number }

/**
 * Outcome of a fit. `irregular`: the likelihood is largest at a shape at or below -0.5, where standard errors do not exist. `notConverged`:
 * no maximum was found; block maxima with a shape below -1 have none.
 */
export type GevFit =
  | ({ readonly status: 'fitted'; readonly logLikelihood: number; readonly standardErrors: Gev } & Gev)
  | ({ readonly status: 'irregular'; readonly logLikelihood: number } & Gev)
  | { readonly status: 'notConverged'; readonly iterations: number }
  | { readonly status: 'tooFewMaxima'; readonly maxima: number; readonly needed: number }
  | { readonly status: 'constantMaxima' }

/**
 * Fits the generalised extreme value distribution to block maxima by maximum likelihood: quasi-Newton steps in location, ln scale and shape
 * from the moments of Gumbel's distribution. Standard errors from the Hessian.
 *
 * @param maxima - One per block, for example the worst loss of each month; 20 or more, or the status says that they are too few.
 * @throws {InvalidInputError} `maxima` is empty or holds a value that is not finite.
 * @see Coles, An Introduction to Statistical Modeling of Extreme Values (2001), section 3.3.2.
 */
export function fitGev(maxima: ArrayLike<number>): GevFit {
  assertFiniteValues('maxima', maxima)
  const n = maxima.length
  if (n < NEEDED) return { status: 'tooFewMaxima', maxima: n, needed: NEEDED }
  const centre = compensatedSum(maxima) / n
  const centred = Float64Array.from(maxima, (x) => x - centre)
  const widest = centred.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  if (!(widest > 1e-150 && widest > 1e-14 * Math.abs(centre))) return { status: 'constantMaxima' }
  const x = centred.map((value) => value / widest)
  const deviation = Math.sqrt(compensatedSum(x.map((value) => value * value)) / n)

  // Gumbel's moments: scale = deviation sqrt 6 / pi, location = mean - 0.5772 scale.
  const unit = 0.7796968012336761 * deviation
  const scaled = x.map((value) => value / unit)
  const found = minimise((at, gradient) => negativeMean(scaled, at, gradient), [-0.5772156649015329, 0, 0.1], {
    tolerance: TOLERANCE,
    maxIterations: MAX_ITERATIONS,
  })
  const [location, logScale, shape] = [found.at[0]!, found.at[1]!, found.at[2]!]
  const step = widest * unit
  const scale = exp(logScale)
  const gev = { location: centre + step * location, scale: step * scale, shape }
  const isLoose = found.gradient.some((slope) => Math.abs(slope) > 1e-6)
  if (isLoose) return { status: 'notConverged', iterations: found.iterations }
  const logLikelihood = -n * (found.value + log(step))
  if (shape <= IRREGULAR) return { status: 'irregular', logLikelihood, ...gev }
  const hessian = hessianOfGradient((at, gradient) => negativeMean(scaled, at, gradient), found.at, [1, 1, 1])
  const covariance = hessian === null ? null : invertPositiveDefinite(hessian)
  if (covariance === null) return { status: 'notConverged', iterations: found.iterations }
  const error = (i: number): number => Math.sqrt(covariance[i]![i]! / n)
  return {
    status: 'fitted',
    logLikelihood,
    ...gev,
    standardErrors: { location: step * error(0), scale: gev.scale * error(1), shape: error(2) },
  }
}

/** Minus the mean log density, ln scale + (1 + shape) w + e^-w, over location, ln scale and shape. */
function negativeMean(maxima: Float64Array, at: Float64Array, gradient: Float64Array): number {
  const [location, logScale, shape] = [at[0]!, at[1]!, at[2]!]
  if (!(Math.abs(logScale) < 50 && shape > -1 && shape < 5)) return Number.POSITIVE_INFINITY
  const scale = exp(logScale)
  let sum = 0
  let byLocation = 0
  let byLogScale = 0
  let byShape = 0
  for (let i = 0; i < maxima.length; i++) {
    const z = (maxima[i]! - location) / scale
    const w = gevExponent(z, shape)
    if (w === null || w.value < -600) return Number.POSITIVE_INFINITY
    const hazard = exp(-w.value)
    const slope = 1 + shape - hazard
    sum += (1 + shape) * w.value + hazard
    byLocation -= slope * w.byZ
    byLogScale -= slope * w.byZ * z
    byShape += w.value + slope * w.byShape
  }
  const n = maxima.length
  gradient[0] = byLocation / scale / n
  gradient[1] = 1 + byLogScale / n
  gradient[2] = byShape / n
  return logScale + sum / n
}
