import type { ClearingVenue, ListedContract } from '../../risk/clearing/index.ts'
import type {
  Catalogue,
  EngineConfiguration,
  Hash,
  LiveParameter,
  MarketSource,
  ScopeId,
  UnixSeconds,
  Usd,
  World,
} from '../../risk/types/index.ts'

/** One market of a run. */
export type DrillMarket = {
  readonly name: string
  readonly source: MarketSource
  /** Steers the market's scope; with the controller off only its assumptions are read. */
  readonly configuration: EngineConfiguration
}

/** Where parameters live: the rules alone, or real contracts. */
export type DrillRules = {
  readonly world: World
  readonly readParameters: (scope: ScopeId, time: UnixSeconds) => Promise<readonly LiveParameter[]>
}

/** What a run needs, and what it is asked to do. */
export type DrillSetup = {
  readonly seed: string
  /** First and last whole hour. */
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  readonly accounts: number
  /** Off: every parameter stays at its default. */
  readonly controller: boolean
  readonly markets: readonly DrillMarket[]
  /** Scope of the margin group. */
  readonly group: ScopeId
  readonly catalogue: Catalogue
  readonly engine: Hash
  readonly rules: DrillRules
  /** Opens the venue for what is listed. */
  readonly openVenue: (contracts: readonly ListedContract[]) => Promise<ClearingVenue>
  /** Expiries that are traded, weeks after the first Friday. */
  readonly weeks: readonly number[]
  readonly makers: number
  /** Bidders of each kind, and what all of them have together, as a share of the traders' deposits. */
  readonly bidders: number
  readonly bidderCapital: number
  /** Cost of a transaction of a bidder in a calm market, USD. */
  readonly gas: Usd
  readonly signal?: AbortSignal
  readonly onHour?: (done: number, total: number) => void
}
