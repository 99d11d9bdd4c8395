import { chiSquareSurvival } from '../math/index.ts'
import { assertProbability } from './assertCounts.ts'
import type { BreachTransitions } from './breachTransitions.ts'
import { assertTransitions, christoffersen } from './christoffersen.ts'
import { kupiec } from './kupiec.ts'
import type { TestResult } from './TestResult.ts'

/**
 * Right share of breaches and independence jointly: the sum of both statistics over the same transitions, chi-square with two degrees of freedom.
 *
 * @throws {InvalidInputError} A count or the probability is out of range.
 * @see Christoffersen, International Economic Review 39 (1998), section 3.3.
 */
export function conditionalCoverage(transitions: BreachTransitions, probability: number): TestResult {
  assertTransitions(transitions)
  assertProbability('probability', probability)
  const { calmCalm, calmBreach, breachCalm, breachBreach } = transitions
  const breaches = calmBreach + breachBreach
  const coverage = kupiec({ observations: breaches + calmCalm + breachCalm, breaches, probability })
  const statistic = coverage.statistic + christoffersen(transitions).statistic
  return { statistic, pValue: chiSquareSurvival(statistic, 2) }
}
