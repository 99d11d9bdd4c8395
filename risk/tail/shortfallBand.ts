import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues, compensatedSum, quantile, randomSource } from '../math/index.ts'
import type { Fraction, Usd } from '../types/index.ts'
import { expectedShortfall } from './expectedShortfall.ts'

/** Expected shortfall, the spread of its resampled values, and the middle `confidence` of them. */
export type ShortfallBand = { readonly expectedShortfall: Usd; readonly standardError: Usd; readonly low: Usd; readonly high: Usd }

/**
 * Historical expected shortfall with its sampling error: the scenarios are drawn again with replacement, and the shortfall is taken of each
 * draw. Too narrow when fewer than ten scenarios lie beyond the level.
 *
 * @param pnl - Independent scenarios, length n >= 2, any order; losses are negative.
 * @param level - Inside (0, 1).
 * @param confidence - Inside (0, 1).
 * @param seed - Whole number in [0, 2^32); the same seed gives the same band.
 * @param resamples - From 50 to 100,000.
 * @throws {InvalidInputError} An argument is out of range or not finite.
 * @see Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 13.3.
 */
export function shortfallBand(pnl: ArrayLike<Usd>, level: Fraction, confidence: Fraction, seed: number, resamples = 1000): ShortfallBand {
  assertFiniteValues('pnl', pnl)
  if (pnl.length < 2) throw new InvalidInputError({ argument: 'pnl', got: `${pnl.length} scenarios`, limit: 'two or more' })
  if (!(confidence > 0 && confidence < 1)) throw new InvalidInputError({ argument: 'confidence', got: confidence, limit: 'inside (0, 1)' })
  if (!(Number.isInteger(resamples) && resamples >= 50 && resamples <= 100_000))
    throw new InvalidInputError({ argument: 'resamples', got: resamples, limit: 'a whole number from 50 to 100000' })
  const whole = expectedShortfall(pnl, level)
  const { index } = randomSource(seed)
  // Sorted first, so that the order of the scenarios cannot change a bit of the result.
  const sorted = Float64Array.from(pnl).sort()
  const draw = new Float64Array(sorted.length)
  const values = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < draw.length; i++) draw[i] = sorted[index(draw.length)]!
    return expectedShortfall(draw, level)
  })
  const mean = compensatedSum(values) / resamples
  const spread = compensatedSum(values.map((value) => (value - mean) * (value - mean)))
  const edge = 0.5 * (1 - confidence)
  return {
    expectedShortfall: whole,
    standardError: Math.sqrt(spread / (resamples - 1)),
    low: quantile(values, edge),
    high: quantile(values, 1 - edge),
  }
}
