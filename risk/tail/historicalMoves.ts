import { InvalidInputError } from '../errors/index.ts'
import { assertPositive } from '../math/index.ts'
import type { Fraction, Usd } from '../types/index.ts'

/**
 * Relative moves over `horizon` bars, overlapping: closes[i + horizon] / closes[i] - 1.
 *
 * @param closes - In time order.
 * @param horizon - Whole number of bars, at least 1.
 * @returns closes.length - horizon moves; none when the history is no longer than the horizon.
 * @throws {InvalidInputError} `horizon` is not a whole number of at least 1, or a close is not finite and positive.
 */
export function historicalMoves(closes: ArrayLike<Usd>, horizon: number): Float64Array {
  if (!Number.isInteger(horizon) || horizon < 1)
    throw new InvalidInputError({ argument: 'horizon', got: horizon, limit: 'a whole number of at least 1' })
  for (let i = 0; i < closes.length; i++) assertPositive(`closes[${i}]`, closes[i]!)
  return Float64Array.from(
    { length: Math.max(0, closes.length - horizon) },
    (_, i): Fraction => (closes[i + horizon]! - closes[i]!) / closes[i]!,
  )
}
