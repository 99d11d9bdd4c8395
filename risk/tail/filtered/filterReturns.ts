import { InvalidInputError } from '../../errors/index.ts'
import { assertFiniteValues, compensatedSum } from '../../math/index.ts'
import { recursionOf } from './recursionOf.ts'
import type { VarianceFilter } from './VarianceFilter.ts'

/** Returns that only start the recursion; their residuals are not used. */
const WARM_UP = 20
/** Fewest residuals that make a distribution. */
const NEEDED = 50

/** A history in units of its own changing volatility. */
export type FilteredHistory =
  | {
      readonly status: 'filtered'
      /** (return - mean) / volatility known one step before it, in time order, without the first 20. */
      readonly residuals: Float64Array
      readonly mean: number
      /** Volatility of the next return, per step. */
      readonly nextVol: number
      /** Volatility of each residual's return. */
      readonly vols: Float64Array
    }
  | { readonly status: 'tooFewReturns'; readonly residuals: number; readonly needed: number }

/**
 * Standardises returns by a variance filter. The recursion starts at the mean squared deviation of the first 20 returns, which it then
 * leaves out: no residual is measured by a volatility that saw it. A return whose volatility was zero, as after an outage with flat prices,
 * has no residual and is left out too.
 *
 * @param returns - In time order.
 * @throws {InvalidInputError} `returns` is empty or not finite, a parameter of the filter is out of range, or variances pass 1.8e308.
 * @see Barone-Adesi, Giannopoulos and Vosper, Journal of Futures Markets 19 (1999); Hull and White, Journal of Risk 1 (1998).
 */
export function filterReturns(returns: ArrayLike<number>, filter: VarianceFilter): FilteredHistory {
  assertFiniteValues('returns', returns)
  const { mean, omega, alpha, gamma, beta } = recursionOf(filter)
  if (returns.length < WARM_UP + NEEDED)
    return { status: 'tooFewReturns', residuals: Math.max(0, returns.length - WARM_UP), needed: NEEDED }
  const first = Float64Array.from({ length: WARM_UP }, (_, t) => (returns[t]! - mean) * (returns[t]! - mean))
  let variance = compensatedSum(first) / WARM_UP
  const residuals: number[] = []
  const vols: number[] = []
  for (let t = WARM_UP; t < returns.length; t++) {
    const e = returns[t]! - mean
    const vol = Math.sqrt(variance)
    if (vol > 0) {
      residuals.push(e / vol)
      vols.push(vol)
    }
    variance = omega + (e < 0 ? alpha + gamma : alpha) * e * e + beta * variance
    if (!Number.isFinite(variance))
      throw new InvalidInputError({ argument: `returns[${t}]`, got: returns[t], limit: 'of a size whose square is finite' })
  }
  if (residuals.length < NEEDED) return { status: 'tooFewReturns', residuals: residuals.length, needed: NEEDED }
  return {
    status: 'filtered',
    residuals: Float64Array.from(residuals),
    mean,
    nextVol: Math.sqrt(variance),
    vols: Float64Array.from(vols),
  }
}
