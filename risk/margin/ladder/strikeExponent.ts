import { InvalidInputError } from '../../errors/index.ts'
import type { ListedChain } from './listedChain.ts'
import { NODE_CEILING } from './words.ts'

/** A digital dollar has 8,192 units. */
const DIGITAL_EXPONENT = -13
const LEAST_EXPONENT = -60
const WAD = 10n ** 18n

/**
 * Exponent of a strike's entry, which holds its put: the smallest whose unit, taken 32,767 times, is at least the strike. A put is worth at most its strike, so no
 * later post outgrows it (contract rules B14). The twin is `LadderLayout.vanillaExponent`.
 *
 * @param strike - USD with 18 decimals, in [1, 2^128).
 * @throws {InvalidInputError} The strike is outside its range.
 */
export function strikeExponent(kind: ListedChain['kind'], strike: bigint): number {
  if (strike < 1n || strike >> 128n !== 0n)
    throw new InvalidInputError({ argument: 'strike', got: String(strike), limit: 'from 1 to below 2^128' })
  if (kind === 'digital') return DIGITAL_EXPONENT
  const ceiling = BigInt(NODE_CEILING) * WAD
  let exponent = LEAST_EXPONENT
  while (ceiling << BigInt(exponent - LEAST_EXPONENT) < strike << BigInt(-LEAST_EXPONENT)) exponent++
  return exponent
}
