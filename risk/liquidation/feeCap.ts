import { assertAmount, assertBps, assertSigned } from './assertExact.ts'
import { mulDivDown } from './mulDiv.ts'
import type { AccountState, LiquidationTerms, WadUsd } from './types.ts'

/** Largest share of the released maintenance that any terms may charge (contract-rules A14). */
const SHARE_CEILING = 5_000

/** Most that liquidating the whole account may cost it, and which of the three limits set that. A slice may cost its share. */
export type FeeCap = { readonly cap: WadUsd; readonly boundBy: 'rate' | 'maintenance' | 'equity' }

/**
 * min(fee x delta-equivalent notional, phi x maintenance, equity), every product rounded down; nothing for a bankrupt account. A rate on notional alone can
 * exceed what a hedged book holds: a box has much notional and almost no margin, and its liquidation would make the deficit.
 *
 * @param deltaNotional - Sum over positions of |delta x quantity| x spot. Gross, since a net figure would pay nobody to take a hedged book.
 * @throws {InvalidInputError} An amount or a share is outside its domain.
 * @see contract-rules A14, risk-policy B7.
 */
export function feeCap(
  { equity, maintenance }: AccountState,
  deltaNotional: WadUsd,
  { feeBps, maintenanceShareBps }: Pick<LiquidationTerms, 'feeBps' | 'maintenanceShareBps'>,
): FeeCap {
  assertSigned('equity', equity)
  assertAmount('maintenance', maintenance)
  assertAmount('deltaNotional', deltaNotional)
  assertBps('feeBps', feeBps)
  assertBps('maintenanceShareBps', maintenanceShareBps, SHARE_CEILING)
  const byRate = mulDivDown(deltaNotional, BigInt(feeBps), 10_000n)
  const byMaintenance = mulDivDown(maintenance, BigInt(maintenanceShareBps), 10_000n)
  const byEquity = equity > 0n ? equity : 0n
  if (byRate <= byMaintenance && byRate <= byEquity) return { cap: byRate, boundBy: 'rate' }
  return byMaintenance <= byEquity ? { cap: byMaintenance, boundBy: 'maintenance' } : { cap: byEquity, boundBy: 'equity' }
}
