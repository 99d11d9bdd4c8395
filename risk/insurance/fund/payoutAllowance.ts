import { assertAmount, assertBps, type WadUsd } from '../../liquidation/index.ts'
import type { Bps } from '../../types/index.ts'

/**
 * What the fund may still pay to bidders in this window: rate x (balance at its start) - paid, rounded down, never more than there is. The balance at the start is
 * what there is now plus what was paid; contributions of the window count at once, which only ever adds their share.
 *
 * @param balance - What the fund holds now.
 * @param paidInWindow - What it paid since the window began.
 * @param rateBps - Share that may leave within a window.
 * @throws {InvalidInputError} An argument is outside its domain.
 * @see contract-rules A14: payments to bidders are limited, or an own liquidator harvests the fund.
 */
export function payoutAllowance(balance: WadUsd, paidInWindow: WadUsd, rateBps: Bps): WadUsd {
  assertAmount('balance', balance)
  assertAmount('paidInWindow', paidInWindow)
  assertBps('rateBps', rateBps)
  const limit = ((balance + paidInWindow) * BigInt(rateBps)) / 10_000n
  const left = limit > paidInWindow ? limit - paidInWindow : 0n
  return left < balance ? left : balance
}
