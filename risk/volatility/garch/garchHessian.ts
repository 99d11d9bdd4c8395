import { hessianOfGradient } from '../../math/index.ts'
import { ALPHA, BETA, DEGREES, GAMMA, type GarchLikelihood, type GarchSample, garchLikelihood, OMEGA } from './garchLikelihood.ts'

/** Minus the mean log-likelihood over the free parameters around a point: gradient and second derivatives. */
export type LocalShape = { readonly gradient: Float64Array; readonly hessian: readonly Float64Array[] }

/** Gradient and Hessian at `at`, an inner point of the domain; null when the point is too near its edge for differences. Unchecked. */
export function garchHessian(sample: GarchSample, at: Float64Array, free: readonly number[]): LocalShape | null {
  const n = sample.returns.length
  const full = at.slice()
  const likelihood: GarchLikelihood = { logLikelihood: 0, gradient: new Float64Array(at.length) }
  const evaluate = (point: Float64Array, gradient: Float64Array): number => {
    for (let i = 0; i < free.length; i++) full[free[i]!] = point[i]!
    if (!isInside(full)) return Number.POSITIVE_INFINITY
    garchLikelihood(sample, full, likelihood)
    for (let i = 0; i < free.length; i++) gradient[i] = -likelihood.gradient[free[i]!]! / n
    return -likelihood.logLikelihood / n
  }
  const point = Float64Array.from(free, (index) => at[index]!)
  const gradient = new Float64Array(free.length)
  if (!Number.isFinite(evaluate(point, gradient))) return null
  // The mean moves on the scale of the returns, which is one, the others on their own.
  const scales = free.map((index) => (index === 0 ? 1 : Math.max(Math.abs(at[index]!), 1e-4)))
  const hessian = hessianOfGradient(evaluate, point, scales)
  return hessian === null ? null : { gradient, hessian }
}

function isInside(at: Float64Array): boolean {
  const [alpha, beta] = [at[ALPHA]!, at[BETA]!]
  return at[OMEGA]! > 0 && alpha >= 0 && alpha + at[GAMMA]! >= 0 && beta >= 0 && beta < 1 && (at.length <= DEGREES || at[DEGREES]! > 2)
}
