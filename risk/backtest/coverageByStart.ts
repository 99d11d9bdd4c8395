import { InvalidInputError } from '../errors/index.ts'
import { quantile } from '../math/index.ts'
import { assertProbability } from './assertCounts.ts'
import { type BreachTransitions, breachTransitions } from './breachTransitions.ts'
import { christoffersen } from './christoffersen.ts'
import { conditionalCoverage } from './conditionalCoverage.ts'
import { kupiec } from './kupiec.ts'

/** Tests over the windows that begin at one hour of the horizon. */
export type StartCoverage = {
  readonly start: number
  readonly observations: number
  readonly breaches: number
  readonly coverage: number
  readonly independence: number
  readonly joint: number
}

/** All starts: none of their p-values are independent of each other, so they are summed up by median and share, not pooled. */
export type CoverageByStart = {
  readonly starts: readonly StartCoverage[]
  readonly medianJoint: number
  /** Share of starts whose joint test does not reject. */
  readonly passing: number
}

/**
 * Coverage of windows of `horizon` steps without overlap, tested once for each of the `horizon` ways to lay them. Overlapping windows hold
 * the same loss many times, and no p-value over them is valid.
 *
 * @param breaches - Entry t: whether the window of `horizon` steps that begins at t went beyond its forecast.
 * @param probability - Of a breach, inside (0, 1).
 * @param significance - At which a start counts as failing.
 * @throws {InvalidInputError} An argument is out of range, or there are fewer than two windows of some start.
 */
export function coverageByStart(breaches: readonly boolean[], horizon: number, probability: number, significance = 0.05): CoverageByStart {
  if (!(Number.isInteger(horizon) && horizon >= 1))
    throw new InvalidInputError({ argument: 'horizon', got: horizon, limit: 'a whole number of at least 1' })
  assertProbability('probability', probability)
  assertProbability('significance', significance)
  if (breaches.length < 2 * horizon)
    throw new InvalidInputError({ argument: 'breaches', got: `${breaches.length} windows`, limit: `${2 * horizon} or more` })
  const starts = Array.from({ length: horizon }, (_, start): StartCoverage => {
    const used = breaches.filter((__, t) => t % horizon === start)
    const transitions: BreachTransitions = breachTransitions(used)
    const count = used.filter(Boolean).length
    return {
      start,
      observations: used.length,
      breaches: count,
      coverage: kupiec({ observations: used.length, breaches: count, probability }).pValue,
      independence: christoffersen(transitions).pValue,
      joint: conditionalCoverage(transitions, probability).pValue,
    }
  })
  const joint = starts.map((start) => start.joint)
  return { starts, medianJoint: quantile(joint, 0.5), passing: joint.filter((p) => p >= significance).length / horizon }
}
