import { InvalidInputError } from '../errors/index.ts'
import { assertProbability } from './assertCounts.ts'
import { binomialCdf } from './binomialCdf.ts'

/** Breaches among the windows that began with a trigger, and the rates that such a count does not refute from below and above. */
export type TriggeredBreachRate =
  | {
      readonly status: 'measured'
      readonly rate: number
      readonly low: number
      readonly high: number
      readonly triggers: number
      readonly breaches: number
    }
  | { readonly status: 'noTriggers' }

/**
 * How often a forecast was passed in the windows that matter: those that begin when a liquidation is triggered, after an adverse move and
 * in the middle of a cluster, where the rate over all windows says little. The interval is exact for independent windows (Clopper and
 * Pearson); triggers close to each other make it too narrow.
 *
 * @param breaches - Whether each window went beyond its forecast.
 * @param triggers - Whether it began with a trigger; one per window.
 * @param confidence - Of the interval, inside (0, 1).
 * @throws {InvalidInputError} Lengths differ, no windows are given, or `confidence` is outside (0, 1).
 * @see Clopper and Pearson, Biometrika 26 (1934).
 */
export function triggeredBreachRate(breaches: readonly boolean[], triggers: readonly boolean[], confidence = 0.95): TriggeredBreachRate {
  assertProbability('confidence', confidence)
  if (breaches.length === 0) throw new InvalidInputError({ argument: 'breaches', got: 'empty', limit: 'one or more windows' })
  if (triggers.length !== breaches.length)
    throw new InvalidInputError({
      argument: 'triggers',
      got: `${triggers.length} windows`,
      limit: `${breaches.length}, as many as breaches`,
    })
  const count = triggers.filter(Boolean).length
  if (count === 0) return { status: 'noTriggers' }
  const hits = breaches.filter((breach, t) => breach && triggers[t]).length
  const missed = 0.5 * (1 - confidence)
  return {
    status: 'measured',
    rate: hits / count,
    // The rate at which so many breaches or more, and so few or fewer, have half of what the interval may miss.
    low: hits === 0 ? 0 : rateWhere((p) => binomialCdf(hits - 1, count, p).upper < missed),
    high: hits === count ? 1 : rateWhere((p) => binomialCdf(hits, count, p).lower > missed),
    triggers: count,
    breaches: hits,
  }
}

/** The end of the rates from 0 up for which `isBelow` holds. */
function rateWhere(isBelow: (rate: number) => boolean): number {
  let low = 0
  let high = 1
  for (let step = 0; step < 60; step++) {
    const middle = 0.5 * (low + high)
    if (isBelow(middle)) low = middle
    else high = middle
  }
  return 0.5 * (low + high)
}
