import type {
  Book,
  DocumentStore,
  EngineConfiguration,
  EngineState,
  MarketSnapshot,
  MarketSource,
  PortfolioSource,
  RiskReport,
  UnixSeconds,
} from '../../risk/types/index.ts'

/** What an engine stored about one market, from which the effect of a proposal on portfolios is computed. */
export type RiskEvidence = {
  /** Where it comes from, for people. */
  readonly origin: string
  readonly snapshot: MarketSnapshot
  readonly book: Book
  readonly state: EngineState
  readonly configuration: EngineConfiguration
  /** Resolves the series of the state. */
  readonly documents: DocumentStore
  /** The engine's report of the same tick: what it recommends. Null when the tick had none. */
  readonly report: RiskReport | null
  /** The engine's own sources, to replay a crash from; null when they are not on this machine. */
  readonly sources: { readonly market: MarketSource; readonly portfolios: PortfolioSource } | null
}

/** Largest fall of the price within a day among the bars that an engine knows. */
export type Crash = { readonly from: UnixSeconds; readonly to: UnixSeconds; readonly fall: number }
