import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { Fraction, Seconds, UnixSeconds, Usd } from '../../types/index.ts'

/** Balance of the fund at one instant. */
export type FundPoint = { readonly time: UnixSeconds; readonly balance: Usd }

/** The deepest fall of a balance from an earlier high. */
export type FundDrawdown = {
  readonly amount: Usd
  /** Of the high; 1 when the fund was emptied. */
  readonly share: Fraction
  readonly highAt: UnixSeconds
  readonly lowAt: UnixSeconds
  /** Time from the low until the balance was at the high again; null when it has not been since. */
  readonly recovery: Seconds | null
  /** Longest time below an earlier high, the present one included. */
  readonly longestBelowHigh: Seconds
}

/**
 * Largest drawdown of the fund over a path, by amount; the first of equals.
 *
 * @param path - One point or more, times strictly ascending, balances at least 0.
 * @throws {InvalidInputError} The path is empty, out of order, or a balance is negative or not finite.
 */
export function fundDrawdown(path: readonly FundPoint[]): FundDrawdown {
  const first = path[0]
  if (first === undefined) throw new InvalidInputError({ argument: 'path', got: 'empty', limit: 'one point or more' })
  path.forEach(({ time, balance }, i) => {
    assertInRange(`path[${i}].balance`, balance, 0, 1e18)
    const before = path[i - 1]
    if (!Number.isFinite(time) || (before !== undefined && !(time > before.time)))
      throw new InvalidInputError({
        argument: `path[${i}].time`,
        got: time,
        limit: before === undefined ? 'finite' : `after ${before.time}`,
      })
  })
  let high = first
  let deepest = { amount: 0, high: first, low: first }
  let longestBelowHigh = 0
  for (const point of path) {
    if (point.balance >= high.balance) high = point
    else longestBelowHigh = Math.max(longestBelowHigh, point.time - high.time)
    const amount = high.balance - point.balance
    if (amount > deepest.amount) deepest = { amount, high, low: point }
  }
  const back = path.find(({ time, balance }) => time >= deepest.low.time && balance >= deepest.high.balance)
  return {
    amount: deepest.amount,
    share: deepest.amount === 0 ? 0 : deepest.amount / deepest.high.balance,
    highAt: deepest.high.time,
    lowAt: deepest.low.time,
    recovery: back === undefined ? null : back.time - deepest.low.time,
    longestBelowHigh,
  }
}
