import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues, compensatedSum, selectSmallest } from '../math/index.ts'
import type { Fraction, Usd } from '../types/index.ts'

/**
 * Mean loss beyond the `level` quantile of scenario profits: the worst n (1 - level) scenarios, the last of them in part.
 *
 * @param pnl - Profit per scenario in USD, length n >= 1, any order; losses are negative.
 * @param level - Tail level inside (0, 1), for example 0.975.
 * @returns Expected shortfall in USD; positive is a loss.
 * @throws {InvalidInputError} `pnl` is empty or not finite, or `level` is outside (0, 1).
 * @see Acerbi and Tasche, Journal of Banking and Finance 26 (2002).
 */
export function expectedShortfall(pnl: ArrayLike<Usd>, level: Fraction): Usd {
  assertFiniteValues('pnl', pnl)
  if (!(level > 0 && level < 1)) throw new InvalidInputError({ argument: 'level', got: level, limit: 'inside (0, 1)' })
  const sample = Float64Array.from(pnl)
  // 1000 x (1 - 0.975) is 25.000000000000021: the scenario that rounding adds has a weight of 2e-14.
  const mass = sample.length * (1 - level)
  const whole = Math.floor(mass)
  if (whole === 0) return -worst(sample)
  if (whole === sample.length) return -compensatedSum(sample.sort()) / sample.length
  selectSmallest(sample, whole)
  // Sorted before they are added, so that the order of the scenarios cannot change a bit of the result.
  const tail = compensatedSum(sample.subarray(0, whole).sort())
  return -(tail + (mass - whole) * sample[whole]!) / mass
}

function worst(sample: Float64Array): number {
  return sample.reduce((least, value) => Math.min(least, value))
}
