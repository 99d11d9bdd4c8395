import { InvalidInputError } from '../errors/index.ts'
import { compensatedSum, exp, log } from '../math/index.ts'
import type { Bar, Fraction } from '../types/index.ts'
import { assertPrice } from './assertMagnitude.ts'

type Range = Pick<Bar, 'high' | 'low'>

/** Estimate of one pair of periods with its parts. */
export type CorwinSchultzEstimate = { readonly spread: Fraction; readonly alpha: number; readonly beta: number; readonly gamma: number }

const DENOMINATOR = 3 - 2 * Math.sqrt(2)

/**
 * High-low spread of two successive periods: beta = sum of ln(H/L)^2 of each, gamma = ln(H/L)^2 of both together,
 * alpha = (sqrt(2 beta) - sqrt(beta)) / (3 - 2 sqrt 2) - sqrt(gamma / (3 - 2 sqrt 2)), spread = 2 (e^alpha - 1) / (1 + e^alpha).
 * A pair whose common range is wide against its parts gives a negative figure, which is kept.
 *
 * @returns Fraction of the price, above -2 and below 2.
 * @throws {InvalidInputError} A high or low is no price, or a high is below its low.
 * @see Corwin and Schultz, Journal of Finance 67 (2012), equations 14 and 18.
 */
export function corwinSchultz(first: Range, second: Range): CorwinSchultzEstimate {
  assertRange('first', first)
  assertRange('second', second)
  return estimate(first, second)
}

/**
 * Mean of {@link corwinSchultz} over all pairs of neighbouring bars, each negative estimate counted as zero, as the authors recommend. Bars that do not touch
 * (a gap in time) form no pair; a bar that opened outside the range before it is shifted by the gap first (their overnight adjustment).
 *
 * @param bars - Ascending in time, at least two.
 * @returns `unavailable` when no two bars touch.
 * @throws {InvalidInputError} There are fewer than two, one is out of order or no bar.
 * @see Corwin and Schultz (2012), sections II.B and II.C.
 */
export function corwinSchultzOfBars(
  bars: readonly Pick<Bar, 'start' | 'end' | 'high' | 'low' | 'close'>[],
):
  | { readonly kind: 'measured'; readonly spread: Fraction; readonly pairs: number; readonly negative: number }
  | { readonly kind: 'unavailable'; readonly reason: 'noAdjacentBars' } {
  if (bars.length < 2) throw new InvalidInputError({ argument: 'bars', got: `${bars.length} bars`, limit: 'at least 2' })
  const spreads: number[] = []
  bars.forEach((bar, i) => {
    assertRange(`bars[${i}]`, bar)
    assertPrice(`bars[${i}].close`, bar.close)
    const before = bars[i - 1]
    if (before === undefined) return
    if (!(bar.start >= before.end))
      throw new InvalidInputError({ argument: `bars[${i}].start`, got: bar.start, limit: `at or after ${before.end}, the end before` })
    if (bar.start === before.end) spreads.push(estimate(before, withoutGap(bar, before.close)).spread)
  })
  if (spreads.length === 0) return { kind: 'unavailable', reason: 'noAdjacentBars' }
  const spread = compensatedSum(spreads.map((each) => Math.max(0, each))) / spreads.length
  return { kind: 'measured', spread, pairs: spreads.length, negative: spreads.filter((each) => each < 0).length }
}

function estimate(first: Range, second: Range): CorwinSchultzEstimate {
  const beta = square(log(first.high / first.low)) + square(log(second.high / second.low))
  const gamma = square(log(Math.max(first.high, second.high) / Math.min(first.low, second.low)))
  const alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / DENOMINATOR - Math.sqrt(gamma / DENOMINATOR)
  return { spread: hyperbolicSpread(alpha), alpha, beta, gamma }
}

/** 2 tanh(alpha / 2), written so that no exponential overflows. */
function hyperbolicSpread(alpha: number): Fraction {
  const decay = exp(-Math.abs(alpha))
  return (Math.sign(alpha) * 2 * (1 - decay)) / (1 + decay)
}

function withoutGap({ high, low }: Range, closeBefore: number): Range {
  if (low > closeBefore) return { high: high - (low - closeBefore), low: closeBefore }
  if (high < closeBefore) return { high: closeBefore, low: low + (closeBefore - high) }
  return { high, low }
}

function assertRange(argument: string, { high, low }: Range): void {
  assertPrice(`${argument}.high`, high)
  assertPrice(`${argument}.low`, low)
  if (high < low) throw new InvalidInputError({ argument: `${argument}.high`, got: high, limit: `at least the low, ${low}` })
}

function square(x: number): number {
  return x * x
}
