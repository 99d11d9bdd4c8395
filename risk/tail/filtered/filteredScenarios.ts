import { assertInRange } from '../../math/index.ts'
import { type FilteredHistory, filterReturns } from './filterReturns.ts'
import type { VarianceFilter } from './VarianceFilter.ts'

/** Scenarios of the next return. `vol` is what they are scaled by, the floor when `isFloored`. */
export type FilteredScenarios =
  | { readonly status: 'ready'; readonly scenarios: Float64Array; readonly vol: number; readonly isFloored: boolean }
  | Exclude<FilteredHistory, { status: 'filtered' }>

/**
 * Filtered historical simulation of the next return: every residual of the history at today's volatility, mean + max(vol, floor) x
 * residual. The floor (long-run or stressed) keeps a calm spell from making the next day look harmless; it scales the forecast only, never
 * the residuals.
 *
 * @param returns - In time order.
 * @param floor - Lowest volatility per step, at least 0.
 * @throws {InvalidInputError} `returns` is empty or not finite, or a parameter of the filter or the floor is out of range.
 * @see Barone-Adesi, Giannopoulos and Vosper, Journal of Futures Markets 19 (1999); Gurrola-Perez and Murphy, Bank of England working paper
 * 525 (2015).
 */
export function filteredScenarios(returns: ArrayLike<number>, filter: VarianceFilter, floor = 0): FilteredScenarios {
  assertInRange('floor', floor, 0, 1e150)
  const history = filterReturns(returns, filter)
  if (history.status !== 'filtered') return history
  const vol = Math.max(history.nextVol, floor)
  return { status: 'ready', scenarios: history.residuals.map((z) => history.mean + vol * z), vol, isFloored: floor > history.nextVol }
}
