import { cholesky, solveCholesky } from '../../math/index.ts'
import { garchGradient, garchHessian } from './garchHessian.ts'
import type { GarchSample } from './garchLikelihood.ts'

const STEPS = 12
/** Largest share of a standard error that a step may have where the maximum is said to be reached. */
const SETTLED = 1e-9
/** A step of this size says that the point was no maximum. */
const ASTRAY = 1

/** A maximum, and the second derivatives of minus the mean log-likelihood there. */
export type GarchMaximum = { readonly at: Float64Array; readonly hessian: readonly Float64Array[] }

/**
 * Takes an estimate to the maximum by Newton steps on the free parameters, all with the Hessian of the start, which lies near. Null when the
 * likelihood does not curve down in every direction or the steps do not settle: then the point was not near a maximum. Steps are judged in
 * standard errors, g^T H^-1 g n.
 */
export function polishGarch(sample: GarchSample, start: Float64Array, free: readonly number[]): GarchMaximum | null {
  const around = garchHessian(sample, start, free)
  const lower = around === null ? null : cholesky(around)
  if (lower === null) return null
  const at = start.slice()
  for (let k = 0; k < STEPS; k++) {
    const gradient = garchGradient(sample, at, free)
    if (gradient === null) return null
    const step = solveCholesky(lower, gradient)
    const size = Math.sqrt(Math.max(0, sample.returns.length * step.reduce((sum, value, i) => sum + value * gradient[i]!, 0)))
    if (size <= SETTLED) {
      const hessian = garchHessian(sample, at, free)
      return hessian === null ? null : { at, hessian }
    }
    if (!(size < ASTRAY)) return null
    for (const [i, index] of free.entries()) at[index]! -= step[i]!
  }
  return null
}
