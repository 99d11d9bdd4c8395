import type { Bps } from '../types/index.ts'
import { assertAmount, assertBps, assertSigned } from './assertExact.ts'
import { restorationTarget } from './partialSize.ts'
import type { AccountState, WadUsd } from './types.ts'

/** What a slice did to the account, by its requirement computed again. */
export type SliceVerdict =
  /** Still below maintenance and buffer by `missing`: the auction goes on. */
  | { readonly kind: 'short'; readonly missing: WadUsd }
  /** At or above it by `excess`, which is no more than the tolerance: the auction ends. */
  | { readonly kind: 'restored'; readonly excess: WadUsd }
  /** More was taken than restoring needed. */
  | { readonly kind: 'excessive'; readonly excess: WadUsd }

/**
 * Compares an account after a slice with maintenance and buffer.
 *
 * @param tolerance - Largest excess that still counts as restored: rounding, and with liquidity charges what the closed form over-sizes.
 * @throws {InvalidInputError} An amount is outside its domain.
 */
export function judgeSlice({ equity, maintenance }: AccountState, bufferBps: Bps, tolerance: WadUsd): SliceVerdict {
  assertSigned('equity', equity)
  assertAmount('maintenance', maintenance)
  assertAmount('tolerance', tolerance)
  assertBps('bufferBps', bufferBps)
  const excess = equity - restorationTarget(maintenance, bufferBps)
  if (excess < 0n) return { kind: 'short', missing: -excess }
  return { kind: excess <= tolerance ? 'restored' : 'excessive', excess }
}
