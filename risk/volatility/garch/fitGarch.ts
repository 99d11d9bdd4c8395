import { assertFiniteValues, compensatedSum, log, minimise } from '../../math/index.ts'
import type { GarchErrors, GarchEstimate, GarchFit, GarchInnovations, GarchModel } from './GarchFit.ts'
import { COORDINATE_LIMIT, fromCoordinates, gradientByCoordinates, toCoordinates } from './garchCoordinates.ts'
import { garchErrors } from './garchErrors.ts'
import { ALPHA, BETA, DEGREES, GAMMA, type GarchLikelihood, type GarchSample, garchLikelihood, MEAN, OMEGA } from './garchLikelihood.ts'
import { garchVariances } from './garchVariances.ts'
import { polishGarch } from './polishGarch.ts'

const NEEDED = 100
const MAX_ITERATIONS = 300
/** Of the gradient of the mean log-likelihood. */
const TOLERANCE = 1e-9
/** Starting points [alpha, beta]; the best by likelihood is taken. */
const starts = [
  [0.05, 0.9],
  [0.1, 0.8],
  [0.02, 0.97],
  [0.2, 0.6],
  [0.15, 0.3],
] as const
const START_DEGREES = 8

/**
 * Maximum likelihood estimate of a GARCH(1,1) model with constant mean.
 *
 * The returns are centred and scaled, the log-likelihood is maximised by quasi-Newton steps in unbounded coordinates from the best of five
 * starting points, and Newton steps on the parameters themselves take the estimate to the last digits. Persistence is not held below one.
 * Before the first return the variance is the mean squared residual.
 *
 * @param returns - In time order, of any unit; at least 100, or the status says that they are too few.
 * @throws {InvalidInputError} `returns` is empty or holds a value that is not finite.
 * @see Bollerslev, Journal of Econometrics 31 (1986); Glosten, Jagannathan and Runkle, Journal of Finance 48 (1993); Bollerslev and
 * Wooldridge, Econometric Reviews 11 (1992).
 */
export function fitGarch(
  returns: ArrayLike<number>,
  { model = 'garch', innovations = 'normal' }: { readonly model?: GarchModel; readonly innovations?: GarchInnovations } = {},
): GarchFit {
  assertFiniteValues('returns', returns)
  if (returns.length < NEEDED) return { status: 'tooFewReturns', returns: returns.length, needed: NEEDED }
  const scaling = scalingOf(returns)
  if (scaling === null) return { status: 'constantReturns' }
  const { centre, scale, sample } = scaling

  const isAsymmetric = model === 'gjr'
  const size = innovations === 'studentT' ? DEGREES + 1 : DEGREES
  const free = [MEAN, OMEGA, ALPHA, BETA, ...(isAsymmetric ? [GAMMA] : []), ...(innovations === 'studentT' ? [DEGREES] : [])]
  const parameters = new Float64Array(size)
  const likelihood: GarchLikelihood = { logLikelihood: 0, gradient: new Float64Array(size) }
  const n = returns.length

  const found = minimise(
    (coordinates, gradient) => {
      for (let i = 0; i < coordinates.length; i++) if (!(Math.abs(coordinates[i]!) <= COORDINATE_LIMIT)) return Number.POSITIVE_INFINITY
      fromCoordinates(coordinates, isAsymmetric, parameters)
      if (!(parameters[BETA]! < 1)) return Number.POSITIVE_INFINITY
      garchLikelihood(sample, parameters, likelihood)
      gradientByCoordinates(parameters, likelihood.gradient, isAsymmetric, gradient)
      for (let i = 0; i < gradient.length; i++) gradient[i]! /= -n
      return -likelihood.logLikelihood / n
    },
    toCoordinates(bestStart(sample, size), isAsymmetric),
    { tolerance: TOLERANCE, maxIterations: MAX_ITERATIONS },
  )
  fromCoordinates(found.at, isAsymmetric, parameters)

  const boundary = boundaryOf(parameters, isAsymmetric)
  const describe = (at: Float64Array): GarchEstimate => {
    garchLikelihood(sample, at, likelihood)
    const natural = toNatural(at, centre, scale)
    const { degrees, ...ofVariance } = natural
    return {
      parameters: ofVariance,
      degrees,
      logLikelihood: likelihood.logLikelihood - n * log(scale),
      iterations: found.iterations,
      ...garchVariances(returns, ofVariance),
    }
  }
  if (boundary.length > 0) return { status: 'atBoundary', boundary, ...describe(parameters) }
  const polished = polishGarch(sample, parameters, free)
  const errors = polished === null ? null : garchErrors(sample, polished, free)
  if (polished === null || errors === null) {
    const gradient = found.gradient.reduce((largest, slope) => Math.max(largest, Math.abs(slope)), 0)
    return { status: 'notConverged', iterations: found.iterations, gradient }
  }
  return {
    status: 'fitted',
    ...describe(polished),
    standardErrors: { hessian: toNatural(errors.hessian, 0, scale), robust: toNatural(errors.robust, 0, scale) },
  }
}

/** The returns with mean 0 and variance 1; null when they do not vary. */
function scalingOf(returns: ArrayLike<number>): { readonly centre: number; readonly scale: number; readonly sample: GarchSample } | null {
  const n = returns.length
  const centre = compensatedSum(returns) / n
  const centred = Float64Array.from(returns, (value) => value - centre)
  const widest = centred.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  if (!(widest > 1e-150 && widest > 1e-14 * Math.abs(centre))) return null
  const scale = widest * Math.sqrt(compensatedSum(centred.map((value) => (value / widest) * (value / widest))) / n)
  const scaled = centred.map((value) => value / scale)
  return {
    centre,
    scale,
    sample: { returns: scaled, sum: compensatedSum(scaled), squares: compensatedSum(scaled.map((value) => value * value)) },
  }
}

function bestStart(sample: GarchSample, size: number): Float64Array {
  const likelihood: GarchLikelihood = { logLikelihood: 0, gradient: new Float64Array(size) }
  let best = new Float64Array(size)
  let highest = Number.NEGATIVE_INFINITY
  for (const [alpha, beta] of starts) {
    const at = Float64Array.of(0, 1 - alpha - beta, alpha, beta, 0, START_DEGREES).subarray(0, size)
    garchLikelihood(sample, at, likelihood)
    if (likelihood.logLikelihood > highest) {
      highest = likelihood.logLikelihood
      best = at
    }
  }
  return best
}

/** Parameters of scaled returns at the end of their domain. */
function boundaryOf(at: Float64Array, isAsymmetric: boolean): (keyof GarchErrors)[] {
  const alpha = at[ALPHA]!
  const beta = at[BETA]!
  const found: (keyof GarchErrors)[] = []
  if (at[OMEGA]! < 1e-8) found.push('omega')
  if (alpha < 1e-6) found.push('alpha')
  if (beta < 1e-6 || beta > 1 - 1e-6) found.push('beta')
  if (isAsymmetric && alpha + at[GAMMA]! < 1e-6) found.push('gamma')
  if (at.length > DEGREES && (at[DEGREES]! < 2.001 || at[DEGREES]! > 1000)) found.push('degrees')
  return found
}

function toNatural(at: Float64Array, centre: number, scale: number): GarchErrors {
  return {
    mean: centre + scale * at[MEAN]!,
    omega: scale * scale * at[OMEGA]!,
    alpha: at[ALPHA]!,
    gamma: at[GAMMA]!,
    beta: at[BETA]!,
    degrees: at[DEGREES] ?? null,
  }
}
