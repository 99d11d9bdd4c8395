import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues, quantileInPlace } from '../math/index.ts'
import type { Fraction, Usd } from '../types/index.ts'

/**
 * Value at risk: the `level` quantile (type 7) of scenario losses.
 *
 * @param pnl - Profit per scenario in USD, length n >= 1, any order; losses are negative.
 * @param level - Inside (0, 1).
 * @returns USD; positive is a loss. Never above the expected shortfall of the same level.
 * @throws {InvalidInputError} `pnl` is empty or not finite, or `level` is outside (0, 1).
 */
export function historicalVar(pnl: ArrayLike<Usd>, level: Fraction): Usd {
  assertFiniteValues('pnl', pnl)
  if (!(level > 0 && level < 1)) throw new InvalidInputError({ argument: 'level', got: level, limit: 'inside (0, 1)' })
  return quantileInPlace(
    Float64Array.from(pnl, (profit) => -profit),
    level,
  )
}
