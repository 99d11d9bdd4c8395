import type { PublicClient } from 'viem'
import type { Domain } from '../../chain/typed-data/index.ts'
import type { Decided, DecideInput } from '../../risk/decide/index.ts'
import type {
  Address,
  Adjustment,
  Catalogue,
  Clock,
  Decision,
  Deployment,
  DocumentStore,
  EngineConfiguration,
  EngineState,
  Hash,
  MarketSnapshot,
  MarketSource,
  PortfolioSource,
  RoundSignature,
  ScopeId,
  Seconds,
  UnixSeconds,
} from '../../risk/types/index.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Log } from '../log/createLog.ts'
import type { EngineKey } from '../signers/EngineKey.ts'
import type { AcceptedRound } from '../sources/acceptedRounds.ts'
import type { ChainSource } from '../sources/chainSource.ts'
import type { ClearingSource } from '../sources/clearingSource.ts'
import type { EngineStore } from '../store/EngineStore.ts'
import type { SubmitterContext } from '../submitter/submitIntent.ts'
import type { Mailbox } from './Mailbox.ts'
import type { StewardNeed } from './needsSteward.ts'
import type { Peers } from './Peers.ts'

/** The pure decision function, as `risk/decide` has it. */
export type Decide = (input: DecideInput) => Pick<Decided, 'decision' | 'nextState' | 'report'>

/** What every round of one market must have in common. */
export type EngineIdentity = {
  readonly scope: ScopeId
  readonly configuration: EngineConfiguration
  readonly catalogue: Catalogue
  /** Engine build hash. */
  readonly build: Hash
  /** Why this engine must not sign, or null. */
  readonly mismatch: Error | null
}

export type EngineTiming = {
  /** How long each engine in turn waits for a round of the one before. */
  readonly proposerTimeoutSeconds: Seconds
  /** How long a fully signed round waits for its proposer before anyone sends it. */
  readonly submitterTimeoutSeconds: Seconds
  /** How long a round waits for a steward's signature; it never waits beyond its validity. */
  readonly cosignTimeoutSeconds: Seconds
  readonly pollSeconds: Seconds
}

/** A state and the hash of its canonical form. */
export type NamedState = { readonly hash: Hash; readonly state: EngineState }

/** A snapshot, and all that follows from it. */
export type Evaluation = {
  readonly snapshot: MarketSnapshot
  readonly snapshotHash: Hash
  readonly decision: Decision
  readonly next: NamedState
  readonly reportHash: Hash | null
  /** Null for a halt. */
  readonly round: { readonly adjustment: Adjustment; readonly digest: Hash } | null
}

/** A fully signed round that this engine holds back until a steward has signed it, too. */
export type WaitingRound = {
  readonly adjustment: Adjustment
  readonly digest: Hash
  readonly signatures: readonly RoundSignature[]
  readonly need: StewardNeed
  /** When this engine stops waiting, on the clock of {@link EngineContext.elapsed}. */
  readonly giveUpAt: number
}

/** Rounds that the mandate accepted in the engine's scope, from a block on, ascending. */
export type ReadAccepted = (fromBlock: bigint) => Promise<readonly AcceptedRound[]>

/** Everything a step of the loop may use. */
export type EngineContext = {
  readonly identity: EngineIdentity
  readonly timing: EngineTiming
  /** False: observe, decide and record, but neither sign for others nor send. */
  readonly send: boolean
  /** All engines in their configured order, this one included. */
  readonly engines: readonly Address[]
  /** Signatures that the mandate asks for. */
  readonly threshold: number
  readonly key: EngineKey
  readonly domain: Domain
  readonly deployment: Deployment
  readonly client: PublicClient
  readonly market: MarketSource
  /** Accounts where no clearing is deployed. */
  readonly portfolios: PortfolioSource
  /** Accounts of the deployed clearing; null where there is none. */
  readonly clearing: ClearingSource | null
  readonly chain: ChainSource
  readonly readAccepted: ReadAccepted
  readonly submitter: SubmitterContext
  readonly store: EngineStore
  readonly peers: Peers
  readonly mailbox: Mailbox
  /** Rounds that wait for a steward's signature here, by digest. */
  readonly waiting: Map<Hash, WaitingRound>
  /** Called when a round waits for a steward's signature. */
  readonly onCosignNeeded: (scope: ScopeId, observedAt: UnixSeconds, digest: Hash) => void
  readonly decide: Decide
  readonly genesisState: (seed: Awaited<ReturnType<MarketSource['fetchSeed']>>, market: string, documents: DocumentStore) => EngineState
  /** Runs one at a time whatever changes the engine's state or claims a round. */
  readonly exclusive: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Evaluations of this tick and the one before, by snapshot. */
  readonly evaluations: Map<Hash, Evaluation>
  readonly clock: Clock
  readonly elapsed: () => number
  readonly log: Log
  readonly metrics: Metrics
  readonly signal: AbortSignal
}

/** What became of a tick, for the log, the status page and a replay's progress. */
export type TickSummary = {
  readonly observedAt: UnixSeconds
  readonly outcome: 'accepted' | 'halted' | 'missed' | 'dryRun'
  readonly round: number | null
  readonly decision: Decision['kind'] | null
  readonly digest: Hash | null
  readonly snapshot: Hash | null
  readonly proposer: boolean
  readonly signatures: readonly RoundSignature[]
  readonly detail: string
}
