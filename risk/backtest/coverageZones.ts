import { assertCounts } from './assertCounts.ts'
import { binomialCdf } from './binomialCdf.ts'

/** Green up to `lastGreen` breaches, red from `firstRed` on, yellow between. */
export type CoverageZones = { readonly lastGreen: number; readonly firstRed: number }

/**
 * The Basel Committee's zones: yellow begins at the first count whose cumulative probability under a right model reaches 95 %, red at the
 * first that reaches 99.99 %. For 250 days at 1 %: 5 and 10.
 *
 * @param days - Outcomes judged, a whole number of at least 1.
 * @param probability - Of a breach, inside (0, 1).
 * @throws {InvalidInputError} An argument is out of range.
 * @see Basel Committee, Supervisory framework for the use of backtesting (1996), table 2.
 */
export function baselZones(days: number, probability: number): CoverageZones {
  assertCounts({ observations: days, breaches: 0, probability })
  return { lastGreen: firstReaching(0.95, days, probability) - 1, firstRed: firstReaching(0.9999, days, probability) }
}

/**
 * Zones of markets that never close, for a year or part of one: green as long as fewer breaches have less than 95 % of the probability, so
 * that a right model is green at least that often; red where a right model gets with less than 0.2 %. For 365 days at 1 %: green to 7, red
 * from 11.
 *
 * @throws {InvalidInputError} An argument is out of range.
 */
export function calendarZones(days: number, probability: number): CoverageZones {
  assertCounts({ observations: days, breaches: 0, probability })
  return { lastGreen: firstReaching(0.95, days, probability), firstRed: firstReaching(0.998, days, probability) + 1 }
}

/** Smallest count with cumulative probability of at least `level`. */
function firstReaching(level: number, days: number, probability: number): number {
  let below = -1
  let reached = days
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2)
    if (binomialCdf(middle, days, probability).lower >= level) reached = middle
    else below = middle
  }
  return reached
}
