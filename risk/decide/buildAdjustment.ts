import type { Adjustment, EngineConfiguration, Evidence, MarketSnapshot, Recommendation } from '../types/index.ts'
import { type Impact, usdToWadUp } from './assessImpact.ts'
import { itemsOf } from './coordinate.ts'

/** The round to sign: next number of the lane, valid from the end of the data window on. No item is a heartbeat. */
export function buildAdjustment(
  { scope, observedAt, chain: { lane } }: MarketSnapshot,
  { validitySeconds }: EngineConfiguration,
  recommendations: readonly Recommendation[],
  { newly }: Impact,
  evidence: Evidence,
): Adjustment {
  return {
    scope,
    epoch: lane.epoch,
    round: lane.round + 1,
    observedAt,
    validUntil: observedAt + validitySeconds,
    items: itemsOf(recommendations),
    impactNotional: usdToWadUp(newly.notional),
    impactAccounts: newly.accounts,
    ...evidence,
  }
}
