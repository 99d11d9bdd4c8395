import { assertSeconds } from '../liquidation/assertExact.ts'
import { assertAmount, type WadUsd } from '../liquidation/index.ts'
import type { Seconds } from '../types/index.ts'
import type { Cash, GroupSums } from './types.ts'

/**
 * Lets profit mature: the share of the warm-up that has passed, times how much of all profit is backed by tokens, rounded down. The rest stays profit; nothing is destroyed.
 *
 * @param elapsed - Seconds since the account was last brought up to date.
 * @param warmUp - `cash.warmUp`; 0 lets everything mature that is backed.
 * @throws {InvalidInputError} A time is outside its domain.
 * @see contract-rules A15: h = min(1, (tokens - fund - sum of principal) / sum of profit).
 */
export function matureCash(cash: Cash, sums: Omit<GroupSums, 'halted'>, elapsed: Seconds, warmUp: Seconds): Cash {
  assertSeconds('elapsed', elapsed)
  assertSeconds('warmUp', warmUp)
  const matured = maturing(cash.profit, sums, elapsed, warmUp)
  return { ...cash, principal: cash.principal + matured, profit: cash.profit - matured }
}

function maturing(profit: WadUsd, sums: Omit<GroupSums, 'halted'>, elapsed: Seconds, warmUp: Seconds): WadUsd {
  assertAmount('profit', profit)
  const free = sums.tokens - sums.fund - sums.principal
  if (profit === 0n || free <= 0n) return 0n
  const backed = free < sums.profit ? free : sums.profit
  const [share, whole] = elapsed >= warmUp ? [1n, 1n] : [BigInt(elapsed), BigInt(warmUp)]
  return (profit * backed * share) / (sums.profit * whole)
}
