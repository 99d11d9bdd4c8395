import { invertPositiveDefinite } from '../../math/index.ts'
import { type GarchLikelihood, type GarchSample, garchLikelihood } from './garchLikelihood.ts'
import type { GarchMaximum } from './polishGarch.ts'

/** Standard errors by position of the parameters; 0 where a parameter is not free. */
export type PositionalErrors = { readonly hessian: Float64Array; readonly robust: Float64Array }

/**
 * Standard errors at a maximum: square roots of the diagonal of H^-1 / n, and of H^-1 S H^-1 / n with S the mean outer product of the
 * observations' gradients, which stays right when the innovations are not those of the likelihood. Null when H is not positive definite.
 *
 * @see Bollerslev and Wooldridge, Econometric Reviews 11 (1992), (2.9).
 */
export function garchErrors(sample: GarchSample, { at, hessian: shape }: GarchMaximum, free: readonly number[]): PositionalErrors | null {
  const inverse = invertPositiveDefinite(shape)
  if (inverse === null) return null
  const n = sample.returns.length
  const outer = outerProducts(sample, at, free)
  const hessian = new Float64Array(at.length)
  const robust = new Float64Array(at.length)
  for (const [i, index] of free.entries()) {
    const row = inverse[i]!
    hessian[index] = Math.sqrt(row[i]! / n)
    let sum = 0
    for (let j = 0; j < free.length; j++) for (let k = 0; k < free.length; k++) sum += row[j]! * outer[j]![k]! * row[k]!
    robust[index] = Math.sqrt(sum / n)
  }
  return { hessian, robust }
}

/** Mean of s s^T over the observations, s the gradient of one observation's log-likelihood. */
function outerProducts(sample: GarchSample, at: Float64Array, free: readonly number[]): Float64Array[] {
  const n = sample.returns.length
  const size = at.length
  const scores = new Float64Array(n * size)
  const likelihood: GarchLikelihood = { logLikelihood: 0, gradient: new Float64Array(size), scores }
  garchLikelihood(sample, at, likelihood)
  const outer = free.map(() => new Float64Array(free.length))
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < free.length; i++) {
      const row = outer[i]!
      const s = scores[t * size + free[i]!]! / n
      for (let j = 0; j < free.length; j++) row[j]! += s * scores[t * size + free[j]!]!
    }
  }
  return outer
}
