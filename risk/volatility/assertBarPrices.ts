import { InvalidInputError } from '../errors/index.ts'
import { assertPositive } from '../math/index.ts'
import type { Bar } from '../types/index.ts'

/** @throws {InvalidInputError} A price is not finite and positive, or high and low do not enclose open and close. */
export function assertBarPrices({ open, high, low, close }: Pick<Bar, 'open' | 'high' | 'low' | 'close'>): void {
  assertPositive('bar.open', open)
  assertPositive('bar.high', high)
  assertPositive('bar.low', low)
  assertPositive('bar.close', close)
  if (high < Math.max(open, close))
    throw new InvalidInputError({ argument: 'bar.high', got: high, limit: `at least open and close, ${Math.max(open, close)}` })
  if (low > Math.min(open, close))
    throw new InvalidInputError({ argument: 'bar.low', got: low, limit: `at most open and close, ${Math.min(open, close)}` })
}
