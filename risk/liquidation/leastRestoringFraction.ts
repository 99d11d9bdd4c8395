import type { Bps } from '../types/index.ts'
import { assertBps } from './assertExact.ts'
import { restorationTarget } from './partialSize.ts'
import type { AccountState, WadFraction } from './types.ts'

const WAD = 10n ** 18n
/** 1e-6 of the account: finer than any lot. */
const RESOLUTION = WAD / 1_000_000n

/**
 * The least share to take for a requirement that is not of degree one: bisection between 0 and the cap to 1e-6, rounded up to what restores. Below the cap because
 * liquidity charges shrink faster than the position.
 *
 * @param cap - From {@link partialSize}; a slice of it restores.
 * @param after - Account after a slice of the given share, its requirement computed in full. Being restored must not be lost by taking more.
 * @returns The cap itself when even that does not restore.
 * @throws {InvalidInputError} The buffer is outside its domain.
 */
export function leastRestoringFraction(cap: WadFraction, after: (fraction: WadFraction) => AccountState, bufferBps: Bps): WadFraction {
  assertBps('bufferBps', bufferBps)
  const restores = (fraction: WadFraction): boolean => {
    const { equity, maintenance } = after(fraction)
    return equity >= restorationTarget(maintenance, bufferBps)
  }
  let [short, enough] = [0n, cap]
  while (enough - short > RESOLUTION) {
    const middle = (short + enough) / 2n
    if (restores(middle)) enough = middle
    else short = middle
  }
  return enough
}
