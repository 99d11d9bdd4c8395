import type { Adjustment, ItemOutcome } from './decision.ts'
import type { Book } from './instrument.ts'
import type {
  Bar,
  ClearingObservation,
  FundingObservation,
  ImpliedVolObservation,
  LiquidityObservation,
  OpenInterestObservation,
  Provenance,
} from './market.ts'
import type { LaneState, LiveParameter, ParamId, ScopeId } from './parameter.ts'
import type { RoundRecord, RoundSignature } from './round.ts'
import type { Address, Hash, Hex, UnixSeconds, Usd, Vol } from './units.ts'

/** What a market source knows at `time` that it did not know at `since`. */
export type MarketObservation = {
  readonly provenance: Provenance
  readonly bars: readonly Bar[]
  readonly liquidity: readonly LiquidityObservation[]
  readonly impliedVol: readonly ImpliedVolObservation[]
  readonly clearing: readonly ClearingObservation[]
  readonly openInterest?: readonly OpenInterestObservation[]
  readonly funding?: readonly FundingObservation[]
  readonly spot: Usd
  readonly markVol: Vol
}

export type MarketSource = {
  /** Bars known before `time`, ascending, for the genesis state. */
  readonly fetchSeed: (time: UnixSeconds) => Promise<readonly Bar[]>
  /** Everything with `since < knownAt <= time`. Throws {StaleFeedError} or {UnavailableError}; never invents. */
  readonly fetchObservation: (since: UnixSeconds, time: UnixSeconds, signal?: AbortSignal) => Promise<MarketObservation>
}

export type PortfolioSource = { readonly fetchBook: (time: UnixSeconds, spot: Usd, signal?: AbortSignal) => Promise<Book> }

/** State of one scope at one block. */
export type ScopeReading = {
  readonly chainId: number
  readonly block: bigint
  readonly time: UnixSeconds
  readonly lane: LaneState
  readonly parameters: readonly LiveParameter[]
}

export type ChainReader = {
  readonly readScope: (scope: ScopeId, block?: bigint) => Promise<ScopeReading>
  /** Chain time of the latest block. */
  readonly readTime: () => Promise<UnixSeconds>
}

/** Result of a mined round. */
export type Receipt = { readonly hash: Hash; readonly block: bigint; readonly outcomes: readonly ItemOutcome[] }

export type ChainWriter = {
  readonly submitRound: (adjustment: Adjustment, signatures: readonly RoundSignature[], cosign: RoundSignature | null) => Promise<Receipt>
  readonly executeLoosening: (scope: ScopeId, id: ParamId) => Promise<Receipt>
}

/** Holds a key. Signs an EIP-712 digest of a round, and transactions through its account. */
export type Signer = { readonly address: Address; readonly signDigest: (digest: Hash) => Promise<Hex> }

/** Content-addressed documents: canonical JSON by keccak256. `put` is idempotent. */
export type DocumentStore = {
  readonly put: (canonical: string) => Hash
  readonly get: (hash: Hash) => string | undefined
  readonly has: (hash: Hash) => boolean
}

/** Durable memory of an engine. Every write is on disk when it returns. */
export type Store = DocumentStore & {
  readonly saveRound: (record: RoundRecord) => void
  readonly round: (scope: ScopeId, observedAt: UnixSeconds) => RoundRecord | undefined
  readonly lastRound: (scope: ScopeId) => RoundRecord | undefined
  /** Ascending by observedAt. */
  readonly rounds: (scope: ScopeId, from: UnixSeconds, to: UnixSeconds) => readonly RoundRecord[]
  /** Records that this engine signed `digest` for (scope, round); throws {EquivocationError} when another digest is there. */
  readonly claimRound: (scope: ScopeId, round: number, digest: Hash) => void
  readonly close: () => void
}

export type Clock = { readonly now: () => UnixSeconds; readonly sleep: (seconds: number, signal?: AbortSignal) => Promise<void> }

/**
 * Where the decisions of a replay land: the rules alone, or real contracts. The driver owns event time; a world whose clock is behind `time` moves it
 * there first, and none is ever asked for an earlier time than before.
 */
export type World = {
  /** The scope as it stands at `time`. */
  readonly readScope: (scope: ScopeId, time: UnixSeconds) => Promise<ScopeReading>
  /** Submits a decided round at `time` and says what became of each item, in the order of the items. */
  readonly apply: (adjustment: Adjustment, time: UnixSeconds) => Promise<readonly ItemOutcome[]>
  /** Executes every pending loosening of the scope that is due at `time`; one that the rules refuse stays where it is. */
  readonly executeDue: (scope: ScopeId, time: UnixSeconds) => Promise<readonly ItemOutcome[]>
}
