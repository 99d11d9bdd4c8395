import { normalCdf } from '../../math/index.ts'
import { assertReturns } from './assertReturns.ts'
import { bipowerVariation } from './bipowerVariation.ts'
import { realizedVariance } from './realizedVariance.ts'
import { tripowerQuarticity } from './tripowerQuarticity.ts'

/** pi^2 / 4 + pi - 5. */
const SPREAD = 0.608993753862133

/** Realized variance of a span split in two, and how sure it is that there was a jump. */
export type JumpTest = {
  /** Variance of the continuous part, at most the realized variance. */
  readonly continuous: number
  /** Variance added by jumps, at least 0. */
  readonly jump: number
  /** Standard normal when there is no jump; large with one. */
  readonly statistic: number
  /** Probability of a statistic as large without a jump. */
  readonly pValue: number
}

/**
 * Ratio test for jumps: sqrt(n) (1 - BV / RV) / sqrt((pi^2 / 4 + pi - 5) max(1, TQ / BV^2)). A span without any move has no jump.
 *
 * @param returns - n >= 3 log returns within the span; the normal approximation wants dozens.
 * @throws {InvalidInputError} Fewer than three returns, or one is not finite.
 * @see Huang and Tauchen, Journal of Financial Econometrics 3 (2005), section 2; Barndorff-Nielsen and Shephard (2006).
 */
export function jumpTest(returns: ArrayLike<number>): JumpTest {
  assertReturns(returns, 3)
  let largest = 0
  for (let i = 0; i < returns.length; i++) largest = Math.max(largest, Math.abs(returns[i]!))
  if (largest === 0) return { continuous: 0, jump: 0, statistic: 0, pValue: 0.5 }
  // In units of the largest return, so that no power of a small one is lost.
  const scaled = Float64Array.from(returns, (r) => r / largest)
  const total = realizedVariance(scaled)
  const bipower = bipowerVariation(scaled)
  // Without two moves side by side there is no continuous part: the ratio of quarticity to its square is that of a constant volatility.
  const unrest = bipower > 0 ? Math.max(1, tripowerQuarticity(scaled) / bipower / bipower) : 1
  const statistic = (Math.sqrt(returns.length) * (1 - bipower / total)) / Math.sqrt(SPREAD * unrest)
  const continuous = Math.min(bipower, total)
  const unit = largest * largest
  return { continuous: continuous * unit, jump: (total - continuous) * unit, statistic, pValue: normalCdf(-statistic) }
}
