import type { GroupReading } from './group.ts'
import type {
  Bar,
  ClearingObservation,
  FundingObservation,
  ImpliedVolObservation,
  LiquidityObservation,
  OpenInterestObservation,
  Provenance,
} from './market.ts'
import type { LaneState, LiveParameter, ScopeId } from './parameter.ts'
import type { Hash, UnixSeconds, Usd, Vol } from './units.ts'

/**
 * All that a tick saw and that is new since the tick before. Canonical JSON (RFC 8785), content-addressed by keccak256.
 * What changes rarely (`book`) or is large (`priorState`) is named by hash and stored once.
 */
export type MarketSnapshot = {
  readonly schema: 'ballast.snapshot'
  /** 2 when the accounts are those of a deployed clearing; then `group` is there and `book` has the same version. */
  readonly version: 1 | 2
  readonly market: string
  readonly scope: ScopeId
  /** End of the data window; strictly rising. Seconds. */
  readonly observedAt: UnixSeconds
  /** Hash of the engine state before this tick. */
  readonly priorState: Hash
  readonly provenance: Provenance
  /** Bars that became known since the prior tick, ascending, no overlap. */
  readonly bars: readonly Bar[]
  readonly liquidity: readonly LiquidityObservation[]
  readonly impliedVol: readonly ImpliedVolObservation[]
  readonly clearing: readonly ClearingObservation[]
  /** Absent where no venue's derivatives are observed. */
  readonly openInterest?: readonly OpenInterestObservation[]
  readonly funding?: readonly FundingObservation[]
  /** Index price used to mark portfolios. */
  readonly spot: Usd
  /** Flat implied volatility used to mark portfolios. */
  readonly markVol: Vol
  readonly book: Hash
  /** Version 2: what the margin group's contracts said at the block of `chain`. */
  readonly group?: GroupReading
  /** Chain state read at one block. */
  readonly chain: {
    readonly chainId: number
    readonly block: string
    readonly time: UnixSeconds
    readonly lane: LaneState
    /** Every parameter of the scope, ids ascending. */
    readonly parameters: readonly LiveParameter[]
  }
}
