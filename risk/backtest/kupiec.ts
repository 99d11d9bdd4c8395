import { chiSquareSurvival } from '../math/index.ts'
import { assertCounts, type BreachCount } from './assertCounts.ts'
import { bernoulliLogLikelihood } from './bernoulliLogLikelihood.ts'
import type { TestResult } from './TestResult.ts'

/**
 * Proportion of failures: likelihood ratio of the observed share of breaches against the stated probability, chi-square with one degree of
 * freedom. Two-sided: a model that is too prudent is rejected too; `excessBreaches` is not.
 *
 * @throws {InvalidInputError} A count or the probability is out of range.
 * @see Kupiec, Journal of Derivatives 3 (1995), (6).
 */
export function kupiec(count: BreachCount): TestResult {
  assertCounts(count)
  const { observations, breaches, probability } = count
  const misses = observations - breaches
  const ratio = bernoulliLogLikelihood(breaches, misses, breaches / observations) - bernoulliLogLikelihood(breaches, misses, probability)
  const statistic = Math.max(0, 2 * ratio)
  return { statistic, pValue: chiSquareSurvival(statistic, 1) }
}
