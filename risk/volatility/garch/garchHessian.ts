import { type DifferentiableFunction, hessianOfGradient } from '../../math/index.ts'
import { ALPHA, BETA, DEGREES, GAMMA, type GarchLikelihood, type GarchSample, garchLikelihood, MEAN, OMEGA } from './garchLikelihood.ts'

/**
 * Second derivatives of minus the mean log-likelihood by the free parameters; null when the point is too near the end of the domain for
 * differences. Unchecked.
 */
export function garchHessian(sample: GarchSample, at: Float64Array, free: readonly number[]): Float64Array[] | null {
  // The mean moves on the scale of the returns, which is one, the others on their own.
  const scales = free.map((index) => (index === MEAN ? 1 : Math.max(Math.abs(at[index]!), 1e-4)))
  return hessianOfGradient(meanLoss(sample, at, free), pointOf(at, free), scales)
}

/** Gradient of minus the mean log-likelihood by the free parameters; null outside the domain. */
export function garchGradient(sample: GarchSample, at: Float64Array, free: readonly number[]): Float64Array | null {
  const gradient = new Float64Array(free.length)
  return Number.isFinite(meanLoss(sample, at, free)(pointOf(at, free), gradient)) ? gradient : null
}

function pointOf(at: Float64Array, free: readonly number[]): Float64Array {
  return Float64Array.from(free, (index) => at[index]!)
}

/** Minus the mean log-likelihood as a function of the free parameters, the others as in `at`. */
function meanLoss(sample: GarchSample, at: Float64Array, free: readonly number[]): DifferentiableFunction {
  const n = sample.returns.length
  const full = at.slice()
  const likelihood: GarchLikelihood = { logLikelihood: 0, gradient: new Float64Array(at.length) }
  return (point, gradient) => {
    for (let i = 0; i < free.length; i++) full[free[i]!] = point[i]!
    if (!isInside(full)) return Number.POSITIVE_INFINITY
    garchLikelihood(sample, full, likelihood)
    for (let i = 0; i < free.length; i++) gradient[i] = -likelihood.gradient[free[i]!]! / n
    return -likelihood.logLikelihood / n
  }
}

function isInside(at: Float64Array): boolean {
  const [alpha, beta] = [at[ALPHA]!, at[BETA]!]
  return at[OMEGA]! > 0 && alpha >= 0 && alpha + at[GAMMA]! >= 0 && beta >= 0 && beta < 1 && (at.length <= DEGREES || at[DEGREES]! > 2)
}
