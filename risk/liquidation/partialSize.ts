import { InvalidInputError } from '../errors/index.ts'
import type { Bps } from '../types/index.ts'
import { assertAmount, assertBps, assertSigned } from './assertExact.ts'
import { mulDivUp } from './mulDiv.ts'
import type { AccountState, WadFraction, WadUsd } from './types.ts'

const WAD = 10n ** 18n
/** Most that rounding the remaining requirement up can add to its target: one wei of maintenance, at most doubled, and one of the target. */
const ROUNDING = 3n
/** Largest buffer a rule may hold: as much again as the margin. */
const BUFFER_CEILING = 10_000

/** How much of an account may be taken. */
export type PartialSize =
  /** At or above maintenance and buffer: nothing. */
  | { readonly kind: 'none' }
  /** The most that bidders may take together, inside (0, 1). */
  | { readonly kind: 'partial'; readonly fraction: WadFraction }
  /** All of it: it cannot be restored, or what would remain is dust. */
  | { readonly kind: 'whole'; readonly reason: 'notRestorable' | 'dust' }

/**
 * The cap on a slice in closed form. Taking the share f of all positions and collateral at mark costs the account f x charge and releases f x maintenance, so
 * equity - f charge = (1 - f) maintenance (1 + buffer) at
 *
 *   f = (target - equity) / (target - charge), target = maintenance (1 + buffer).
 *
 * Target and f are rounded up, with three wei for the requirement of the remainder, so that a slice of the whole cap restores to the wei. It is exact for a requirement of degree one;
 * liquidity charges fall faster than the size, so with them it is a cap and the requirement is computed again after the slice.
 *
 * @param charge - What liquidating the whole account costs it now, at most its fee cap.
 * @param dust - An account whose remainder would have less maintenance than this is taken whole.
 * @throws {InvalidInputError} An amount is outside its domain, or `charge` is not below the target, so that no slice can restore.
 * @see contract-rules B12; risk-policy B7: the denominator stays above 0 with charge <= 40 % of maintenance.
 */
export function partialSize({ equity, maintenance }: AccountState, charge: WadUsd, bufferBps: Bps, dust: WadUsd): PartialSize {
  assertSigned('equity', equity)
  assertAmount('maintenance', maintenance)
  assertAmount('charge', charge)
  assertBps('bufferBps', bufferBps, BUFFER_CEILING)
  assertAmount('dust', dust)
  const target = restorationTarget(maintenance, bufferBps)
  if (equity >= target) return { kind: 'none' }
  if (charge >= target && maintenance > 0n)
    throw new InvalidInputError({ argument: 'charge', got: charge, limit: `below maintenance and buffer, ${target}` })
  if (equity <= charge) return { kind: 'whole', reason: 'notRestorable' }
  const fraction = mulDivUp(target - equity + ROUNDING, WAD, target - charge)
  if (fraction >= WAD) return { kind: 'whole', reason: 'notRestorable' }
  const left = ((WAD - fraction) * maintenance) / WAD
  return left < dust ? { kind: 'whole', reason: 'dust' } : { kind: 'partial', fraction }
}

/** maintenance x (1 + buffer), rounded up: from here on an account is no longer sold. */
export function restorationTarget(maintenance: WadUsd, bufferBps: Bps): WadUsd {
  return mulDivUp(maintenance, 10_000n + BigInt(bufferBps), 10_000n)
}
