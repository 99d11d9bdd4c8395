import { InvalidInputError } from '../errors/index.ts'
import { chiSquareSurvival } from '../math/index.ts'
import { bernoulliLogLikelihood } from './bernoulliLogLikelihood.ts'
import type { BreachTransitions } from './breachTransitions.ts'
import type { TestResult } from './TestResult.ts'

/**
 * Independence: likelihood ratio of a chain of order one against outcomes that do not depend on the one before, chi-square with one degree
 * of freedom. 0 when breaches never or always come.
 *
 * @throws {InvalidInputError} A count is not a whole number of at least 0, or all are 0.
 * @see Christoffersen, International Economic Review 39 (1998), section 3.2.
 */
export function christoffersen(transitions: BreachTransitions): TestResult {
  assertTransitions(transitions)
  const { calmCalm, calmBreach, breachCalm, breachBreach } = transitions
  const breaches = calmBreach + breachBreach
  const calms = calmCalm + breachCalm
  const afterCalm = calmCalm + calmBreach
  const afterBreach = breachCalm + breachBreach
  const chain =
    bernoulliLogLikelihood(calmBreach, calmCalm, afterCalm === 0 ? 0 : calmBreach / afterCalm) +
    bernoulliLogLikelihood(breachBreach, breachCalm, afterBreach === 0 ? 0 : breachBreach / afterBreach)
  const statistic = Math.max(0, 2 * (chain - bernoulliLogLikelihood(breaches, calms, breaches / (breaches + calms))))
  return { statistic, pValue: chiSquareSurvival(statistic, 1) }
}

/** @throws {InvalidInputError} A count is not a whole number of at least 0, or all are 0. */
export function assertTransitions(transitions: BreachTransitions): void {
  let total = 0
  for (const [name, count] of Object.entries(transitions)) {
    if (!(Number.isInteger(count) && count >= 0))
      throw new InvalidInputError({ argument: name, got: count, limit: 'a whole number of at least 0' })
    total += count
  }
  if (total === 0) throw new InvalidInputError({ argument: 'transitions', got: 'none', limit: 'one or more' })
}
