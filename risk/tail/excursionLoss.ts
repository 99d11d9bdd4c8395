import { InvalidInputError } from '../errors/index.ts'
import { assertPositive } from '../math/index.ts'
import type { Bar, Fraction, Usd } from '../types/index.ts'

/** Worst loss of a unit position within a horizon, as a fraction of its entry price; at least 0. */
export type ExcursionLoss = { readonly long: Fraction; readonly short: Fraction }

/**
 * What a position of one unit could have lost at the worst instant of `path`: lows count for the long, highs for the short.
 *
 * @param entry - Price at which the position was taken.
 * @param path - The bars of the horizon, one or more.
 * @throws {InvalidInputError} `entry` or a price is not finite and positive, or `path` is empty.
 */
export function excursionLoss(entry: Usd, path: readonly Pick<Bar, 'high' | 'low'>[]): ExcursionLoss {
  assertPositive('entry', entry)
  if (path.length === 0) throw new InvalidInputError({ argument: 'path', got: 'empty', limit: 'one or more bars' })
  let low = entry
  let high = entry
  path.forEach((bar, i) => {
    assertPositive(`path[${i}].low`, bar.low)
    assertPositive(`path[${i}].high`, bar.high)
    low = Math.min(low, bar.low)
    high = Math.max(high, bar.high)
  })
  return { long: (entry - low) / entry, short: (high - entry) / entry }
}

/**
 * {@link excursionLoss} of positions opened at each close and held over the next `horizon` bars. Entry i of both series belongs to bars[i] and is known
 * when bars[i + horizon] is; the last `horizon` bars have none.
 *
 * @param bars - Ascending in time.
 * @param horizon - Whole number of bars, at least 1.
 * @throws {InvalidInputError} `horizon` is not a whole number of at least 1, bars are out of order, or a price is not finite and positive.
 */
export function excursionLosses(
  bars: readonly Pick<Bar, 'end' | 'high' | 'low' | 'close'>[],
  horizon: number,
): { readonly long: Float64Array; readonly short: Float64Array } {
  if (!Number.isInteger(horizon) || horizon < 1)
    throw new InvalidInputError({ argument: 'horizon', got: horizon, limit: 'a whole number of at least 1' })
  bars.forEach((bar, i) => {
    assertPositive(`bars[${i}].low`, bar.low)
    assertPositive(`bars[${i}].high`, bar.high)
    assertPositive(`bars[${i}].close`, bar.close)
    const before = i > 0 ? bars[i - 1]!.end : Number.NEGATIVE_INFINITY
    if (!(bar.end > before)) throw new InvalidInputError({ argument: `bars[${i}].end`, got: bar.end, limit: `after ${before}` })
  })
  const count = Math.max(0, bars.length - horizon)
  const long = new Float64Array(count)
  const short = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const entry = bars[i]!.close
    let low = entry
    let high = entry
    for (let j = i + 1; j <= i + horizon; j++) {
      low = Math.min(low, bars[j]!.low)
      high = Math.max(high, bars[j]!.high)
    }
    long[i] = (entry - low) / entry
    short[i] = (high - entry) / entry
  }
  return { long, short }
}
