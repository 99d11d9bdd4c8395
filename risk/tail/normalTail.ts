import { InvalidInputError } from '../errors/index.ts'
import { assertInRange, normalPdf, normalQuantile } from '../math/index.ts'

/** Value at risk and expected shortfall of one level, in one unit; positive is a loss. */
export type TailMeasures = { readonly valueAtRisk: number; readonly expectedShortfall: number }

/**
 * Both measures of a normal profit: -mean + deviation q and -mean + deviation phi(q) / (1 - level), q the normal quantile of the level.
 *
 * @param mean - Of the profit.
 * @param deviation - At least 0.
 * @param level - Inside (0, 1).
 * @throws {InvalidInputError} An argument is out of range or not finite.
 * @see McNeil, Frey and Embrechts, Quantitative Risk Management (2015), examples 2.11 and 2.14.
 */
export function normalTail(mean: number, deviation: number, level: number): TailMeasures {
  assertInRange('mean', mean, -1e300, 1e300)
  assertInRange('deviation', deviation, 0, 1e300)
  if (!(level > 0 && level < 1)) throw new InvalidInputError({ argument: 'level', got: level, limit: 'inside (0, 1)' })
  const q = normalQuantile(level)
  return { valueAtRisk: deviation * q - mean, expectedShortfall: (deviation * normalPdf(q)) / (1 - level) - mean }
}
