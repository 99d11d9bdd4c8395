import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues } from '../math/index.ts'
import type { Fraction, Usd } from '../types/index.ts'
import { expectedShortfall } from './expectedShortfall.ts'

/** Expected shortfall of the worst window, and where it lies: entries start to end - 1. */
export type StressedShortfall = { readonly expectedShortfall: Usd; readonly start: number; readonly end: number }

/**
 * Largest expected shortfall that any window of the history gives today's positions: the calibration of a stressed period.
 *
 * @param pnl - Profit of today's positions under each move of the history, in time order; losses are negative.
 * @param level - Inside (0, 1).
 * @param length - Scenarios per window, from 1 to the number of scenarios.
 * @param step - Scenarios between the windows tried, at least 1; the last possible window is always tried.
 * @throws {InvalidInputError} `pnl` is empty or not finite, or a number is out of range.
 * @see Basel Committee, Minimum capital requirements for market risk (2019), MAR33.7.
 */
export function stressedShortfall(pnl: ArrayLike<Usd>, level: Fraction, length: number, step = 1): StressedShortfall {
  assertFiniteValues('pnl', pnl)
  if (!(Number.isInteger(length) && length >= 1 && length <= pnl.length))
    throw new InvalidInputError({ argument: 'length', got: length, limit: `a whole number in [1, ${pnl.length}]` })
  if (!(Number.isInteger(step) && step >= 1))
    throw new InvalidInputError({ argument: 'step', got: step, limit: 'a whole number of at least 1' })
  const history = Float64Array.from(pnl)
  const last = history.length - length
  let worst = { expectedShortfall: expectedShortfall(history.subarray(last), level), start: last, end: history.length }
  for (let start = 0; start < last; start += step) {
    const shortfall = expectedShortfall(history.subarray(start, start + length), level)
    if (shortfall > worst.expectedShortfall) worst = { expectedShortfall: shortfall, start, end: start + length }
  }
  return worst
}
