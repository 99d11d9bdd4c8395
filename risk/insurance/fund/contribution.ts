import { assertAmount, assertBps, type WadUsd } from '../../liquidation/index.ts'
import type { Bps } from '../../types/index.ts'

/**
 * What of a fee goes to the fund: fee x `insurance.contributionRate`, rounded up, so that the odd wei is the fund's.
 *
 * @throws {InvalidInputError} The fee or the rate is outside its domain.
 */
export function contribution(fee: WadUsd, rateBps: Bps): WadUsd {
  assertAmount('fee', fee)
  assertBps('rateBps', rateBps)
  return (fee * BigInt(rateBps) + 9_999n) / 10_000n
}
