import { InvalidInputError } from '../errors/index.ts'
import { scaleByPowerOfTwo } from './powersOfTwo.ts'
import { EXP_STEP_HIGH, EXP_STEP_LOW, EXP_STEPS, expHigh, expLow } from './tables.ts'

/** ln of the largest double, rounded down. */
export const EXP_CEILING = 709.782712893384
/** Below this exp rounds to zero. */
const EXP_FLOOR = -745.2
const STEPS_PER_UNIT = 92.33248261893449 // 64 / ln 2

/**
 * e^x. Largest error seen 0.52 units in the last place; results below 2.2e-308 lose bits gradually and end at 0.
 *
 * @throws {InvalidInputError} x is NaN or above 709.782712893384, where the result would overflow.
 * @see risk/math/README.md
 */
export function exp(x: number): number {
  if (!(x <= EXP_CEILING)) throw new InvalidInputError({ argument: 'x of exp', got: x, limit: `at most ${EXP_CEILING}` })
  return expOfSum(x, 0)
}

/**
 * e^(high + low) for |low| well below |high|'s last place times 2^20; the caller has seen to it that `high` is at most EXP_CEILING.
 * With n = round(64 x / ln 2): e^x = 2^(n / 64) e^r, |r| <= ln 2 / 128, and e^r by its series.
 */
export function expOfSum(high: number, low: number): number {
  if (high < EXP_FLOOR) return 0
  const n = Math.floor(high * STEPS_PER_UNIT + 0.5)
  const r = high - n * EXP_STEP_HIGH - (n * EXP_STEP_LOW - low)
  const j = n & (EXP_STEPS - 1)
  const growth = r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))))
  const head = expHigh[j]!
  return scaleByPowerOfTwo(head + (expLow[j]! + head * growth), (n - j) / EXP_STEPS)
}
