import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, randomSource } from '../../math/index.ts'
import { type FilteredHistory, filterReturns } from './filterReturns.ts'
import { recursionOf } from './recursionOf.ts'
import type { VarianceFilter } from './VarianceFilter.ts'

/** Simulated totals over the horizon, one per path. */
export type SimulatedReturns =
  | { readonly status: 'ready'; readonly totals: Float64Array }
  | Exclude<FilteredHistory, { status: 'filtered' }>

/** What a simulation needs to know. */
export type SimulationPlan = {
  /** Steps per path, from 1 to 10,000. */
  readonly horizon: number
  /** From 1 to 1e7. */
  readonly paths: number
  /** Whole number in [0, 2^32); the same seed gives the same paths. */
  readonly seed: number
  /** Lowest volatility per step, at least 0. Default 0. */
  readonly floor?: number
}

/**
 * Filtered historical simulation over several steps: each step draws a residual of the history, scales it by the volatility of the path so
 * far, and moves that volatility by the filter. The totals keep the tails and the clustering that scaling one step by the root of time
 * loses.
 *
 * @param returns - In time order.
 * @throws {InvalidInputError} `returns` is empty or not finite, an argument is out of range, or a path passes 1.8e308.
 * @see Barone-Adesi, Giannopoulos and Vosper, Journal of Futures Markets 19 (1999); McNeil and Frey, Journal of Empirical Finance 7 (2000),
 * section 4.
 */
export function simulateFiltered(
  returns: ArrayLike<number>,
  filter: VarianceFilter,
  { horizon, paths, seed, floor = 0 }: SimulationPlan,
): SimulatedReturns {
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= 10_000))
    throw new InvalidInputError({ argument: 'horizon', got: horizon, limit: 'a whole number from 1 to 10000' })
  if (!(Number.isInteger(paths) && paths >= 1 && paths <= 1e7))
    throw new InvalidInputError({ argument: 'paths', got: paths, limit: 'a whole number from 1 to 1e7' })
  assertInRange('floor', floor, 0, 1e150)
  const { index } = randomSource(seed)
  const history = filterReturns(returns, filter)
  if (history.status !== 'filtered') return history
  const { mean, omega, alpha, gamma, beta } = recursionOf(filter)
  const { residuals, nextVol } = history
  const lowest = floor * floor
  const totals = new Float64Array(paths)
  for (let path = 0; path < paths; path++) {
    let variance = nextVol * nextVol
    let total = 0
    for (let step = 0; step < horizon; step++) {
      const e = Math.sqrt(Math.max(variance, lowest)) * residuals[index(residuals.length)]!
      total += mean + e
      variance = omega + (e < 0 ? alpha + gamma : alpha) * e * e + beta * variance
    }
    if (!Number.isFinite(total))
      throw new InvalidInputError({ argument: 'horizon', got: horizon, limit: 'short enough for finite paths of this filter' })
    totals[path] = total
  }
  return { status: 'ready', totals }
}
