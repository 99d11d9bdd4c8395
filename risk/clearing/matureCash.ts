import { assertSeconds } from '../liquidation/assertExact.ts'
import { assertAmount, type WadUsd } from '../liquidation/index.ts'
import type { Seconds } from '../types/index.ts'
import type { Cash, GroupSums } from './types.ts'

/**
 * Lets profit mature: the share of the warm-up that has passed, times how much of all profit no debt stands against, each rounded down. It repays the account's debt, the rest is principal.
 * What does not mature stays profit; nothing is destroyed.
 *
 * @param elapsed - Seconds since the account last did something.
 * @param warmUp - `cash.warmUp`; 0 lets everything mature that is backed.
 * @throws {InvalidInputError} A time is outside its domain.
 * @see contract-rules A15: h = min(1, (tokens - fund - sum of principal) / sum of profit), which is max(0, 1 - debt / profit). The twin is `maturedOf` of contracts/clearing/Split.
 */
export function matureCash(cash: Cash, group: Pick<GroupSums, 'profit' | 'debt'>, elapsed: Seconds, warmUp: Seconds): Cash {
  assertSeconds('elapsed', elapsed)
  assertSeconds('warmUp', warmUp)
  const matured = maturing(cash.profit, group, elapsed, warmUp)
  const repaid = matured < cash.debt ? matured : cash.debt
  return { principal: cash.principal + matured - repaid, profit: cash.profit - matured, debt: cash.debt - repaid }
}

function maturing(profit: WadUsd, group: Pick<GroupSums, 'profit' | 'debt'>, elapsed: Seconds, warmUp: Seconds): WadUsd {
  assertAmount('profit', profit)
  if (profit === 0n || group.debt >= group.profit) return 0n
  const due = elapsed >= warmUp ? profit : (profit * BigInt(elapsed)) / BigInt(warmUp)
  return (due * (group.profit - group.debt)) / group.profit
}
