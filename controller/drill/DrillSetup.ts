import type { ClearingVenue, ListedContract } from '../../risk/clearing/index.ts'
import type { EngineConfiguration, Fraction, LiveParameter, MarketSource, ScopeId, UnixSeconds, Usd } from '../../risk/types/index.ts'

/** One market of a run. */
export type DrillMarket = {
  readonly name: string
  readonly source: MarketSource
  /** Steers the market's scope; with the controller off only its assumptions are read. */
  readonly configuration: EngineConfiguration
}

/** How often accounts are marked. Engines tick every hour whatever it is. */
export type DrillPace = {
  /** Instants of an hour at which prices are marked and auctions run. */
  readonly stepsPerHour: 1 | 2 | 3 | 6
  /** Hours whose prices stay within `move` of the last marks are passed over, up to `hours` in a row; null passes over none. */
  readonly quiet: { readonly move: Fraction; readonly hours: number } | null
  /** Whether the block in which bids would land is marked when there are none. */
  readonly emptyLandings: boolean
}

/** What a run needs, and what it is asked to do. */
export type DrillSetup = {
  readonly seed: string
  /** First and last whole hour. */
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  readonly accounts: number
  /** Whether the engines move anything: what the record of the run says. */
  readonly controller: boolean
  readonly markets: readonly DrillMarket[]
  /** Scope of the margin group. */
  readonly group: ScopeId
  /** Where parameters live: the rules alone, or real contracts. */
  readonly readParameters: (scope: ScopeId, time: UnixSeconds) => Promise<readonly LiveParameter[]>
  /** The controller, whatever it runs in: a tick of it, and how many parameters that moved. */
  readonly openEngines: (venue: ClearingVenue) => (observedAt: UnixSeconds) => Promise<number>
  readonly pace: DrillPace
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
