import type { HoldReason, ParameterUnit, ParamId, Reason, ScopeId, UnixSeconds, Writer } from '../../risk/types/index.ts'
import type { StaticComparison } from './StaticComparison.ts'
import type { Step } from './Step.ts'

/** A value in force from `time` on. */
export type HistoryPoint = { readonly time: UnixSeconds; readonly value: number; readonly writer: Writer; readonly reason: Reason }

/** A term of the policy formula. */
export type ExplainedTerm = { readonly name: string; readonly value: number; readonly unit: string }

/** What became of one target on its way to a stored value. */
export type ExplainedClip = { readonly bound: string; readonly from: number; readonly to: number; readonly limit: number }

/** Everything behind one value at one time. */
export type Explanation = {
  readonly schema: 'ballast.explanation'
  readonly version: 1
  readonly market: string
  readonly scope: ScopeId
  readonly id: ParamId
  readonly unit: ParameterUnit
  readonly description: string
  /** The instant asked for. */
  readonly at: UnixSeconds
  readonly value: number
  readonly previous: number | null
  readonly floor: number
  readonly ceiling: number
  readonly entry: {
    readonly index: number
    readonly time: UnixSeconds
    readonly writer: Writer
    readonly reason: Reason
    readonly round: number
  }
  /** Block and transaction that wrote it. */
  readonly transaction: { readonly hash: string; readonly block: string }
  /** Formula of the policy with its terms, and what cut the target down; null for a value that no engine proposed. */
  readonly policy: {
    readonly observedAt: UnixSeconds
    readonly target: number | null
    readonly proposed: number
    readonly terms: readonly ExplainedTerm[]
    readonly clips: readonly ExplainedClip[]
    readonly flags: readonly string[]
    readonly held: HoldReason | null
  } | null
  /** Parts of the input that are generated, not observed. */
  readonly synthetic: readonly string[]
  readonly steps: readonly Step[]
  readonly verified: boolean
  /** Values around the instant, for the picture. */
  readonly history: readonly HistoryPoint[]
  readonly closes: readonly { readonly time: UnixSeconds; readonly close: number }[]
  readonly against: StaticComparison | null
}
