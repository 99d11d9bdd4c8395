import { assertFiniteValues, compensatedSum, log } from '../../math/index.ts'
import type { GarchErrors, GarchEstimate, GarchFit, GarchInnovations, GarchModel } from './GarchFit.ts'
import { garchErrors } from './garchErrors.ts'
import { ALPHA, BETA, DEGREES, GAMMA, type GarchLikelihood, type GarchSample, garchLikelihood, MEAN, OMEGA } from './garchLikelihood.ts'
import { garchVariances } from './garchVariances.ts'
import { polishGarch } from './polishGarch.ts'
import { type GarchSearch, searchGarch } from './searchGarch.ts'

const NEEDED = 100

/**
 * Maximum likelihood estimate of a GARCH(1,1) model with constant mean.
 *
 * The returns are centred and scaled, the log-likelihood is maximised by quasi-Newton steps in unbounded coordinates from
 * several starting points, and Newton steps on the parameters themselves take the estimate to the last digits. Persistence is not held below one.
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
  const n = returns.length
  const describe = (at: Float64Array, iterations: number): GarchEstimate => {
    const likelihood: GarchLikelihood = { logLikelihood: 0, gradient: new Float64Array(size) }
    garchLikelihood(sample, at, likelihood)
    const { degrees, ...parameters } = toNatural(at, centre, scale)
    return {
      parameters,
      degrees,
      logLikelihood: likelihood.logLikelihood - n * log(scale),
      iterations,
      ...garchVariances(returns, parameters),
    }
  }
  const settle = ({ parameters, iterations }: GarchSearch): GarchFit | null => {
    const boundary = boundaryOf(parameters, isAsymmetric)
    if (boundary.length > 0) return { status: 'atBoundary', boundary, ...describe(parameters, iterations) }
    const polished = polishGarch(sample, parameters, free)
    const errors = polished === null ? null : garchErrors(sample, polished, free)
    if (polished === null || errors === null) return null
    const standardErrors = { hessian: toNatural(errors.hessian, 0, scale), robust: toNatural(errors.robust, 0, scale) }
    return { status: 'fitted', ...describe(polished.at, iterations), standardErrors }
  }

  const { found, refine } = searchGarch(sample, isAsymmetric, innovations === 'studentT')
  const fit = settle(found)
  if (fit !== null) return fit
  // Near the end of a domain Newton's steps fail: the search itself goes on until it is there, or has a maximum that it is sure of.
  const refined = refine()
  return settle(refined) ?? { status: 'notConverged', iterations: refined.iterations, gradient: refined.slope }
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
