import type {
  Address,
  Catalogue,
  Hash,
  LaneSettings,
  ParameterRule,
  ParamId,
  ScopeId,
  UnixSeconds,
  Writer,
} from '../../risk/types/index.ts'
import type { ClearingState } from '../clearing/index.ts'

/** One parameter as stored. */
export type StoredParameter = {
  readonly id: ParamId
  readonly value: number
  /** Value that maintenance margin reads at the time of the reading. */
  readonly effective: number
  readonly rule: ParameterRule
  /** Target of a loosening that stands and waits; null when there is none, or a write has voided it. */
  readonly pending: { readonly target: number; readonly eta: UnixSeconds } | null
  /** A rule that waits for the rule delay; `value` is zero when the live value stays. */
  readonly pendingRule: { readonly rule: ParameterRule; readonly value: number; readonly eta: UnixSeconds } | null
  /** Last write. */
  readonly last: { readonly writer: Writer; readonly time: UnixSeconds; readonly round: number }
}

export type StoredScope = { readonly scope: ScopeId; readonly parameters: readonly StoredParameter[] }

export type StoredLane = { readonly scope: ScopeId; readonly mode: string; readonly settings: LaneSettings; readonly meter: Address }

/** An account that holds a role. */
export type HeldRole = { readonly contract: 'riskParameters' | 'timelock'; readonly role: string; readonly account: Address }

/** Settings of a Governor and its timelock; times in seconds. */
export type GovernorSettings = {
  readonly votingDelay: bigint
  readonly votingPeriod: bigint
  readonly proposalThreshold: bigint
  readonly quorumNumerator: bigint
  /** Null for a Governor without that module. */
  readonly lateQuorumExtension: bigint | null
  readonly timelock: Address
}

/** What an account owns. `asset` is `ETH` or the address of a token. */
export type Balance = { readonly account: Address; readonly asset: string; readonly amount: bigint }

/** Everything that a vote can change, at one block. */
export type ProtocolState = {
  readonly chainId: number
  readonly block: bigint
  readonly blockHash: Hash
  readonly time: UnixSeconds
  readonly ruleDelay: number
  readonly catalogue: Catalogue
  /** In the order of activation. */
  readonly scopes: readonly StoredScope[]
  readonly lanes: readonly StoredLane[]
  readonly mandate: { readonly epoch: number; readonly threshold: number; readonly engines: readonly Address[] }
  readonly guardian: { readonly account: Address; readonly until: UnixSeconds }
  readonly roles: readonly HeldRole[]
  /** Null when the DAO has no Governor of its own. */
  readonly governor: GovernorSettings | null
  readonly timelockDelay: bigint | null
  readonly balances: readonly Balance[]
  /** Null where no clearing was named. */
  readonly clearing: ClearingState | null
}

/** A parameter of a state; undefined when the scope is not active or the id is unknown. */
export function findStored(state: Pick<ProtocolState, 'scopes'>, scope: ScopeId, id: ParamId): StoredParameter | undefined {
  return state.scopes.find((each) => each.scope === scope)?.parameters.find((each) => each.id === id)
}
