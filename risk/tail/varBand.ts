import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues, incompleteBeta } from '../math/index.ts'
import type { Fraction, Usd } from '../types/index.ts'
import { historicalVar } from './historicalVar.ts'

/**
 * Value at risk between two scenarios' losses; an end that the sample is too small to bound is null. `confidence` is the probability that
 * the interval holds the true value.
 */
export type VarBand = { readonly valueAtRisk: Usd; readonly low: Usd | null; readonly high: Usd | null; readonly confidence: Fraction }

/**
 * Historical value at risk with an interval that holds for every distribution: the number of losses beyond the true quantile is binomial,
 * so two order statistics enclose it with a known probability. Each side is left out with at most half of 1 - confidence.
 *
 * @param pnl - Independent scenarios, length n >= 1, any order; losses are negative.
 * @param level - Inside (0, 1).
 * @param confidence - Wanted, inside (0, 1).
 * @returns The confidence reached is at least the one wanted when both ends are there.
 * @throws {InvalidInputError} `pnl` is empty or not finite, or a level is outside (0, 1).
 * @see David and Nagaraja, Order Statistics (2003), section 7.1.
 */
export function varBand(pnl: ArrayLike<Usd>, level: Fraction, confidence: Fraction): VarBand {
  assertFiniteValues('pnl', pnl)
  if (!(level > 0 && level < 1)) throw new InvalidInputError({ argument: 'level', got: level, limit: 'inside (0, 1)' })
  if (!(confidence > 0 && confidence < 1)) throw new InvalidInputError({ argument: 'confidence', got: confidence, limit: 'inside (0, 1)' })
  const losses = Float64Array.from(pnl, (profit) => -profit).sort()
  const n = losses.length
  const missed = 0.5 * (1 - confidence)
  // P(X_(k) above the quantile) = P(fewer than k losses at or below it) = 1 - I_level(k, n - k + 1) falls as the rank k falls.
  const missBelow = (k: number): number => incompleteBeta(k, n - k + 1, level).upper
  const missAbove = (k: number): number => incompleteBeta(k, n - k + 1, level).lower
  const lowRank = lastWhere(n, (k) => missBelow(k) <= missed)
  const highRank = firstWhere(n, (k) => missAbove(k) <= missed)
  return {
    valueAtRisk: historicalVar(pnl, level),
    low: lowRank === 0 ? null : losses[lowRank - 1]!,
    high: highRank > n ? null : losses[highRank - 1]!,
    confidence: 1 - (lowRank === 0 ? 0 : missBelow(lowRank)) - (highRank > n ? 0 : missAbove(highRank)),
  }
}

/** Largest rank in [1, n] with a property that holds up to some rank; 0 if for none. */
function lastWhere(n: number, holds: (rank: number) => boolean): number {
  let inside = 0
  let outside = n + 1
  while (outside - inside > 1) {
    const middle = (inside + outside) >>> 1
    if (holds(middle)) inside = middle
    else outside = middle
  }
  return inside
}

/** Smallest rank in [1, n] with a property that holds from some rank on; n + 1 if for none. */
function firstWhere(n: number, holds: (rank: number) => boolean): number {
  return lastWhere(n, (rank) => !holds(rank)) + 1
}
