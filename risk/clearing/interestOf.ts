import { assertSeconds } from '../liquidation/assertExact.ts'
import { assertAmount, type WadUsd } from '../liquidation/index.ts'
import type { Bps, Seconds } from '../types/index.ts'

const SCALE = 365n * 86_400n * 10_000n

/**
 * Interest in whole units, charged ahead: what of the last unit is not used up counts against the next charge, so that nobody owes less than rate x time, and charging often costs no more.
 *
 * @param debt - What is owed.
 * @param prepaid - Of the last unit, in 2^-32 of it, below one.
 * @param elapsed - Since it was last charged.
 * @param rate - `cash.debtRate`, a year of 365 days.
 * @returns `units` to add to the debt, and what is prepaid afterwards.
 * @throws {InvalidInputError} The debt or the time is outside its domain.
 * @see contract-rules B11. The twin is `interestOf` of contracts/clearing/Split, to the unit.
 */
export function interestOf(
  debt: WadUsd,
  prepaid: bigint,
  elapsed: Seconds,
  rate: Bps,
): { readonly units: WadUsd; readonly prepaid: bigint } {
  assertAmount('debt', debt)
  assertSeconds('elapsed', elapsed)
  const due = ((debt << 32n) * BigInt(elapsed) * BigInt(rate) + SCALE - 1n) / SCALE
  if (due <= prepaid) return { units: 0n, prepaid: prepaid - due }
  const units = (due - prepaid + (1n << 32n) - 1n) >> 32n
  return { units, prepaid: prepaid + (units << 32n) - due }
}
