import type { Adjustment, Decision, ItemOutcome } from './decision.ts'
import type { ScopeId } from './parameter.ts'
import type { Address, Hash, Hex, UnixSeconds } from './units.ts'

export type RoundSignature = { readonly signer: Address; readonly data: Hex }

/** Stages that an intent passes; each is written before the act it names. */
export type RoundStage = 'decided' | 'signed' | 'sending' | 'sent' | 'mined' | 'failed' | 'superseded'

/** What an engine keeps of one tick of one scope: from decision to receipt. */
export type RoundRecord = {
  readonly schema: 'ballast.round'
  readonly version: 1
  readonly scope: ScopeId
  readonly observedAt: UnixSeconds
  readonly stage: RoundStage
  readonly decision: Decision['kind']
  readonly snapshot: Hash
  readonly state: Hash
  readonly report: Hash | null
  readonly adjustment: Adjustment | null
  readonly digest: Hash | null
  readonly signatures: readonly RoundSignature[]
  readonly transaction: { readonly hash: Hash; readonly nonce: number; readonly block: string | null } | null
  readonly outcomes: readonly ItemOutcome[]
  readonly detail: string
}
