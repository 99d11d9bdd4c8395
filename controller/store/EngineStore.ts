import type { Address, Hash, Hex, RoundRecord, RoundStage, ScopeId, Store, UnixSeconds } from '../../risk/types/index.ts'

/** Stages of an intent: stored before the act, then what became of it. */
export type IntentStage = 'open' | 'mined' | 'failed' | 'superseded'

/** What is about to be sent. One key, one effect: a restart finds it here and does not do it twice. */
export type Intent = {
  /** For example `round:market:ETH:17` or `loosen:market:ETH:margin.priceScanRange:42`. */
  readonly key: string
  readonly stage: IntentStage
  readonly to: Address
  readonly data: Hex
  /** Chain time after which sending is pointless; seconds. */
  readonly validUntil: UnixSeconds
  readonly detail: string
}

/** One signed transaction of an intent. Stored before it is broadcast, so that a restart can send the same bytes again. */
export type Attempt = {
  readonly hash: Hash
  readonly intent: string
  readonly chainId: number
  readonly sender: Address
  readonly nonce: number
  /** Wei per gas. */
  readonly maxFee: bigint
  /** Wei per gas. */
  readonly priorityFee: bigint
  readonly raw: Hex
}

/** Until when a signed digest could still be accepted, and the chain time now. */
export type ClaimValidity = { readonly validUntil: UnixSeconds; readonly now: UnixSeconds }

/** The {@link Store} port with what the submitter and the engine keep besides. */
export type EngineStore = Store & {
  readonly path: string
  /** As in the port; a claim whose digest can no longer be accepted (`validUntil` before `now`) gives way to a new one. */
  readonly claimRound: (scope: ScopeId, round: number, digest: Hash, validity?: ClaimValidity) => void
  readonly claim: (scope: ScopeId, round: number) => { readonly digest: Hash; readonly validUntil: UnixSeconds } | undefined
  /** The latest record of a scope in one of the stages. */
  readonly lastRoundIn: (scope: ScopeId, stages: readonly RoundStage[]) => RoundRecord | undefined
  readonly saveIntent: (intent: Intent) => void
  readonly intent: (key: string) => Intent | undefined
  readonly openIntents: () => readonly Intent[]
  readonly saveAttempt: (attempt: Attempt) => void
  /** Oldest first. */
  readonly attempts: (intent: string) => readonly Attempt[]
  /** All attempts with one nonce, whatever their intent. */
  readonly attemptsAt: (chainId: number, sender: Address, nonce: number) => readonly Attempt[]
  /** All writes of `work` reach the disk together, or none does. */
  readonly atomically: <Result>(work: () => Result) => Result
}
