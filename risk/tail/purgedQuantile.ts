import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues, assertInRange, quantileInPlace, quantileOfSorted } from '../math/index.ts'

/**
 * Quantile (type 7) of the outcomes that are complete: outcome i spans bars i + 1 to i + horizon, so with `knownBars` bars known, only
 * outcomes 0 to knownBars - horizon - 1 may be used.
 *
 * @param outcomes - One per bar, in time order; entries beyond the last complete one are not looked at.
 * @param knownBars - Bars known at the moment of the decision.
 * @param horizon - Bars an outcome looks ahead, at least 0.
 * @param minimum - Complete outcomes without which there is no answer, at least 1.
 * @returns null with fewer than `minimum` complete outcomes.
 * @throws {InvalidInputError} A count is not a whole number in its range, the level is outside [0, 1], or a complete outcome is not finite.
 */
export function purgedQuantile(outcomes: ArrayLike<number>, knownBars: number, horizon: number, level: number, minimum = 1): number | null {
  assertCounts(horizon, minimum, level)
  if (!Number.isInteger(knownBars) || knownBars < 0)
    throw new InvalidInputError({ argument: 'knownBars', got: knownBars, limit: 'a whole number of at least 0' })
  const complete = Math.min(outcomes.length, knownBars - horizon)
  if (complete < minimum) return null
  const sample = Float64Array.from({ length: complete }, (_, i) => outcomes[i]!)
  assertFiniteValues('outcomes', sample)
  return quantileInPlace(sample, level)
}

/**
 * {@link purgedQuantile} at every bar of a history: entry t is what was known when bars 0 to t were. One pass with a sorted store.
 *
 * @returns As many entries as outcomes; null where fewer than `minimum` outcomes were complete.
 * @throws {InvalidInputError} As {@link purgedQuantile}.
 */
export function expandingPurgedQuantiles(outcomes: ArrayLike<number>, horizon: number, level: number, minimum = 1): (number | null)[] {
  assertCounts(horizon, minimum, level)
  if (outcomes.length > 0) assertFiniteValues('outcomes', outcomes)
  const store = new Float64Array(outcomes.length)
  const results: (number | null)[] = []
  for (let t = 0; t < outcomes.length; t++) {
    const complete = t + 1 - horizon
    if (complete >= 1) insertSorted(store, complete - 1, outcomes[complete - 1]!)
    results.push(complete < minimum ? null : quantileOfSorted(store.subarray(0, complete), level))
  }
  return results
}

/** Puts `value` into the first `count` ascending entries of `store`. */
function insertSorted(store: Float64Array, count: number, value: number): void {
  let from = 0
  let to = count
  while (from < to) {
    const middle = (from + to) >>> 1
    if (store[middle]! <= value) from = middle + 1
    else to = middle
  }
  store.copyWithin(from + 1, from, count)
  store[from] = value
}

function assertCounts(horizon: number, minimum: number, level: number): void {
  if (!Number.isInteger(horizon) || horizon < 0)
    throw new InvalidInputError({ argument: 'horizon', got: horizon, limit: 'a whole number of at least 0' })
  if (!Number.isInteger(minimum) || minimum < 1)
    throw new InvalidInputError({ argument: 'minimum', got: minimum, limit: 'a whole number of at least 1' })
  assertInRange('level', level, 0, 1)
}
