import { assertInRange, assertPositive } from '../math/index.ts'
import type { Seconds, Vol } from '../types/index.ts'

const SECONDS_PER_YEAR = 31_536_000

/**
 * Volatility per year (365 days of trading without a pause) from variance per bar.
 *
 * @throws {InvalidInputError} `variancePerBar` is negative or not finite, or `barSeconds` is not positive.
 */
export function annualise(variancePerBar: number, barSeconds: Seconds): Vol {
  assertInRange('variancePerBar', variancePerBar, 0, Number.MAX_VALUE)
  assertPositive('barSeconds', barSeconds)
  return Math.sqrt(variancePerBar * (SECONDS_PER_YEAR / barSeconds))
}
