import type { Clip, HoldReason, ParamId, Rejection, ScopeId, UnixSeconds, Writer } from '../../../risk/types/index.ts'

/** What happened between two instants, for an auditor. Times in seconds, moves in basis points of the value before. */
export type AuditReport = {
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  readonly changes: readonly ParameterChanges[]
  readonly rounds: RoundTotals
  readonly decisions: DecisionTotals
  readonly interventions: readonly Intervention[]
  readonly responses: readonly MarketResponse[]
  readonly coverage: readonly RangeCoverage[]
}

/** One parameter over the window. */
export type ParameterChanges = {
  readonly scope: ScopeId
  readonly id: ParamId
  /** In force at the start; null before activation. */
  readonly first: number | null
  readonly last: number
  /** Writes by who made them. */
  readonly writers: Readonly<Partial<Record<Writer, number>>>
  readonly tightened: number
  readonly loosened: number
  /** Gross, in bps of the value before each move. */
  readonly tightenedBps: number
  readonly loosenedBps: number
  /** Largest share of its budget that was ever used, in bps; null where the rule has no such budget. */
  readonly tightenBudgetBps: number | null
  readonly loosenBudgetBps: number | null
}

/** What the mandate and the store did with the engines' rounds. */
export type RoundTotals = {
  readonly accepted: number
  /** Rounds that moved nothing: heartbeats. */
  readonly empty: number
  readonly applied: number
  readonly pended: number
  readonly rejected: Readonly<Partial<Record<Rejection, number>>>
}

/** What the engines' own reports say; `read` of `accepted` rounds had theirs at hand. */
export type DecisionTotals = {
  readonly read: number
  readonly proposed: number
  readonly held: Readonly<Partial<Record<HoldReason, number>>>
  readonly clipped: Readonly<Partial<Record<Clip['bound'], number>>>
}

/** Something that people did besides rounds: a vote's write, a veto, an undo, a pause, keys, roles, rules. */
export type Intervention = { readonly time: UnixSeconds; readonly event: string; readonly scope: ScopeId | null; readonly detail: string }

/** An hourly move beyond four standard deviations of the thirty days before, the first within a day, and when the scan range next tightened. */
export type MarketResponse = {
  readonly market: string
  readonly time: UnixSeconds
  /** Relative move of the hour. */
  readonly move: number
  readonly sigmas: number
  /** Until `margin.priceScanRange` was tightened; null when it was not within a day. */
  readonly seconds: number | null
}

/** Days whose move went beyond the scan range in force at their start. */
export type RangeCoverage = {
  readonly market: string
  readonly side: 'long' | 'short'
  readonly days: number
  readonly breaches: number
  readonly largest: number
  /** Probability of at least so many breaches if each day had one with 1 %: exact, one-sided. */
  readonly pValue: number
}
