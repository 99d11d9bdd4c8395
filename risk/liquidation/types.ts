import type { Bps, Seconds } from '../types/index.ts'

/** USD with 18 decimals. */
export type WadUsd = bigint

/** A fraction with 18 decimals: 1e18 is the whole. */
export type WadFraction = bigint

/** An account as the margin rule sees it. */
export type AccountState = {
  /** Cash, collateral after its haircut, and positions at mark; negative when the account is bankrupt. */
  readonly equity: WadUsd
  /** Maintenance requirement, at least 0. */
  readonly maintenance: WadUsd
}

/** The values an auction keeps from the moment it was flagged, whatever governance moves meanwhile (contract-rules A3). */
export type LiquidationTerms = {
  /** `liquidation.fee`, of the delta-equivalent notional. */
  readonly feeBps: Bps
  /** Most of the released maintenance that may be charged: phi of contract-rules A14, at most 5,000. */
  readonly maintenanceShareBps: Bps
  /** `liquidation.liquidatorShare`: what of the charge the bidder keeps; the fund has the rest. */
  readonly liquidatorShareBps: Bps
  /** `liquidation.buffer`: how far above maintenance a slice restores the account. */
  readonly bufferBps: Bps
  /** The charge rises from nothing to the fee cap in this time while the account is solvent. */
  readonly solventSeconds: Seconds
  /** What the fund adds rises from nothing to the maintenance requirement in this time once it is bankrupt. */
  readonly insolventSeconds: Seconds
}
