import type { LaneMode, LaneSettings, ParameterRule, Reason, Rejection, UnixSeconds, Writer } from '../../risk/types/index.ts'
import type { LaneCause, ProposalState } from '../ids/index.ts'

// Rows as the index answers them. Accounts are CAIP-10, numbers of 256 bits are decimal text, times are seconds.

/** How far the index is, and whether to believe it. */
export type IndexStatus = {
  readonly chain: string
  readonly token: string | null
  readonly block: number | null
  readonly blockHash: string | null
  readonly time: UnixSeconds | null
  readonly headBlock: number | null
  readonly lagBlocks: number | null
  readonly links: number
  readonly historyHead: string
  readonly ready: boolean
  /** Why it is not ready; empty when it is. */
  readonly reasons: readonly string[]
  readonly rollbacks: number
  readonly deepestRollback: number
  readonly rebuilds: number
}

type Origin = { readonly position: number; readonly block: number; readonly time: UnixSeconds; readonly transaction: string }
type InScope = Origin & { readonly scope: string }
type OfParameter = InScope & { readonly parameter: string }
type Call = { readonly target: string; readonly value: string; readonly data: string }

/** Rows by list; the names are those of the index's schema, which says what each field means. */
export type IndexRows = {
  readonly scopes: InScope & {
    readonly caller: string
    readonly predecessor: string | null
    readonly predecessorHead: string | null
    readonly predecessorLinks: number | null
  }
  readonly parameters: OfParameter & {
    readonly value: number | null
    readonly writer: Writer | null
    readonly reason: Reason | null
    readonly round: number | null
    readonly changes: number
    readonly changedAt: UnixSeconds | null
    readonly changedBlock: number | null
    readonly rule: ParameterRule
    readonly ruleSince: UnixSeconds
    readonly pendingRule: ParameterRule | null
    readonly pendingRuleValue: number | null
    readonly pendingRuleEta: UnixSeconds | null
    readonly vetoedUntil: UnixSeconds
  }
  readonly parameterChanges: OfParameter & {
    readonly link: number
    readonly number: number
    readonly previous: number
    readonly value: number
    readonly writer: Writer
    readonly reason: Reason
    readonly round: number
    readonly caller: string
  }
  readonly ruleChanges: OfParameter & {
    readonly link: number
    readonly kind: 'set' | 'pended' | 'cancelled'
    readonly rule: ParameterRule | null
    readonly value: number | null
    readonly eta: UnixSeconds | null
    readonly caller: string | null
  }
  readonly loosenings: OfParameter & {
    readonly link: number
    readonly round: number
    readonly epoch: number
    readonly current: number
    readonly target: number
    readonly createdAt: UnixSeconds
    readonly eta: UnixSeconds
    readonly expiry: UnixSeconds
    readonly status: 'pending' | 'executed' | 'vetoed' | 'voided' | 'replaced' | 'overwritten' | 'revoked' | 'expired'
    readonly closedAt: UnixSeconds | null
    readonly closedBy: string | null
  }
  readonly vetoes: OfParameter & {
    readonly link: number
    readonly voter: string
    readonly createdAt: UnixSeconds
    readonly votes: string
    readonly total: string
    readonly threshold: string
  }
  readonly roundItems: OfParameter & {
    readonly link: number
    readonly number: number
    readonly emergency: boolean
    readonly kind: 'applied' | 'pended' | 'shadowed' | 'rejected'
    readonly current: number
    readonly proposed: string
    readonly code: Rejection | null
    readonly limit: string | null
  }
  readonly lanes: InScope & {
    readonly mode: LaneMode
    readonly settings: LaneSettings
    readonly round: number
    readonly observedAt: UnixSeconds
    readonly heartbeatAt: UnixSeconds
    readonly heldUntil: UnixSeconds
    readonly meter: string | null
  }
  readonly laneChanges: InScope & {
    readonly link: number
    readonly kind: 'opened' | 'mode' | 'settings' | 'held' | 'meter'
    readonly previous: LaneMode | null
    readonly mode: LaneMode | null
    readonly cause: LaneCause | null
    readonly by: string | null
    readonly settings: LaneSettings | null
    readonly until: UnixSeconds | null
    readonly meter: string | null
  }
  readonly engineSets: Origin & {
    readonly link: number
    readonly epoch: number
    readonly threshold: number
    readonly engines: readonly string[]
    readonly revokedBy: string | null
  }
  readonly rounds: InScope & {
    readonly link: number
    readonly round: number
    readonly epoch: number
    readonly observedAt: UnixSeconds
    readonly outcome: 'held' | 'shadowed' | 'applied' | 'pended' | 'mixed' | 'rejected'
    readonly applied: number
    readonly pended: number
    readonly rejected: number
    readonly vetoed: number
    readonly impactNotional: string
    readonly impactAccounts: number
    readonly digest: string
    readonly snapshot: string
    readonly engine: string
    readonly configuration: string
    readonly report: string
    readonly submitter: string
    readonly cosigner: string | null
  }
  readonly stewardActions: InScope & {
    readonly link: number
    readonly kind: 'tighten' | 'undo' | 'restrict'
    readonly parameter: string | null
    readonly nonce: number | null
    readonly entry: number | null
    readonly steward: string | null
    readonly guardian: string | null
    readonly impactNotional: string | null
    readonly impactAccounts: number | null
    readonly applied: number | null
    readonly rejected: number | null
  }
  readonly guardianTerms: Origin & {
    readonly link: number
    readonly guardian: string
    readonly until: UnixSeconds
    readonly inForce: boolean
  }
  readonly proposals: Origin & {
    readonly proposal: string
    readonly proposer: string
    readonly calls: readonly Call[]
    readonly description: string
    readonly state: ProposalState
    readonly voteStart: UnixSeconds
    readonly voteEnd: UnixSeconds
    readonly extended: boolean
    readonly quorum: string | null
    readonly against: string
    readonly for: string
    readonly abstain: string
    readonly eta: UnixSeconds | null
    readonly operation: string | null
    readonly endedAt: UnixSeconds | null
  }
  readonly votes: Origin & {
    readonly proposal: string
    readonly voter: string
    readonly support: 'against' | 'for' | 'abstain'
    readonly weight: string
    readonly reason: string
    readonly parameters: string | null
  }
  readonly delegations: Origin & { readonly delegator: string; readonly delegate: string; readonly since: UnixSeconds }
  readonly delegates: Origin & { readonly delegate: string; readonly votes: string; readonly changedAt: UnixSeconds }
  readonly operations: Origin & {
    readonly operation: string
    readonly calls: readonly Call[]
    readonly predecessor: string
    readonly salt: string
    readonly scheduledAt: UnixSeconds
    readonly readyAt: UnixSeconds
    readonly status: 'waiting' | 'ready' | 'done' | 'cancelled'
    readonly endedAt: UnixSeconds | null
  }
  readonly roles: Origin & {
    readonly contract: string
    readonly role: string
    readonly roleHash: string
    readonly holder: string
    readonly held: boolean
    readonly changedAt: UnixSeconds
  }
  readonly roleChanges: Origin & {
    readonly contract: string
    readonly role: string
    readonly roleHash: string
    readonly holder: string
    readonly granted: boolean
    readonly caller: string
  }
}

export type IndexList = keyof IndexRows
