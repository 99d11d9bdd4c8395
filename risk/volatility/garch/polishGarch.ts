import { cholesky, solveCholesky } from '../../math/index.ts'
import { garchHessian } from './garchHessian.ts'
import type { GarchSample } from './garchLikelihood.ts'

const STEPS = 6
/** Largest share of a standard error that a Newton step may have where the maximum is said to be reached. */
const SETTLED = 1e-9
/** A step of this size says that the point was no maximum. */
const ASTRAY = 1

/**
 * Takes an estimate to the maximum by Newton steps on the free parameters. Null when the likelihood does not curve down in every direction
 * or the steps do not settle: then the point was not near a maximum. Steps are judged in standard errors, g^T H^-1 g n.
 */
export function polishGarch(sample: GarchSample, start: Float64Array, free: readonly number[]): Float64Array | null {
  let at = start
  for (let k = 0; k < STEPS; k++) {
    const shape = garchHessian(sample, at, free)
    const lower = shape === null ? null : cholesky(shape.hessian)
    if (shape === null || lower === null) return null
    const step = solveCholesky(lower, shape.gradient)
    const size = Math.sqrt(Math.max(0, sample.returns.length * step.reduce((sum, value, i) => sum + value * shape.gradient[i]!, 0)))
    if (size <= SETTLED) return at
    if (!(size < ASTRAY)) return null
    const next = at.slice()
    for (const [i, index] of free.entries()) next[index]! -= step[i]!
    at = next
  }
  return null
}
