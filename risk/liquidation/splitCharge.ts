import type { Bps } from '../types/index.ts'
import { assertAmount, assertBps } from './assertExact.ts'
import { mulDivDown } from './mulDiv.ts'
import type { WadUsd } from './types.ts'

/**
 * Divides a charge between the bidder and the insurance fund: the bidder's share rounded down, the fund has the rest, so that nothing is lost.
 *
 * @throws {InvalidInputError} The charge or the share is outside its domain.
 */
export function splitCharge(charge: WadUsd, liquidatorShareBps: Bps): { readonly liquidator: WadUsd; readonly fund: WadUsd } {
  assertAmount('charge', charge)
  assertBps('liquidatorShareBps', liquidatorShareBps)
  const liquidator = mulDivDown(charge, BigInt(liquidatorShareBps), 10_000n)
  return { liquidator, fund: charge - liquidator }
}
