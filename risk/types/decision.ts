import type { Item, ParamId, Rejection, ScopeId } from './parameter.ts'
import type { Hash, ParameterValue, UnixSeconds, Usd } from './units.ts'

/** One named term of a policy formula, so that a reader can follow target from inputs. */
export type Term = { readonly name: string; readonly value: number; readonly unit: string }

/** Why a target did not become a proposal, or was cut down. Applied in this order. */
export type Clip = {
  readonly bound:
    | 'floor'
    | 'ceiling'
    | 'hysteresis'
    | 'tightenStep'
    | 'loosenStep'
    | 'tightenBudget'
    | 'loosenBudget'
    | 'cooldown'
    | 'pending'
    | 'mode'
    | 'vetoed'
    | 'joint'
    | 'group'
  readonly from: ParameterValue
  readonly to: ParameterValue
  /** The limit that bound, in the unit of the parameter, in bps or in seconds, as the bound says. */
  readonly limit: number
}

export type HoldReason =
  | 'inputUnavailable'
  | 'hysteresis'
  | 'cooldown'
  | 'budget'
  | 'pending'
  | 'mode'
  | 'vetoed'
  | 'joint'
  | 'group'
  | 'governance'
  | 'atBound'
  | 'stale'

/** What policy wants of one parameter, and what the rule leaves of it. */
export type Recommendation = {
  readonly id: ParamId
  readonly value: ParameterValue
  /** What the formula asks for before any clip; null when an input is absent. */
  readonly target: ParameterValue | null
  readonly terms: readonly Term[]
  readonly clips: readonly Clip[]
  readonly proposed: ParameterValue
  readonly outcome:
    | { readonly kind: 'move'; readonly direction: 'tighten' | 'loosen' }
    | { readonly kind: 'hold'; readonly reason: HoldReason }
  /** `shortHistory` when a quantile had less data than its rule asks for. */
  readonly flags: readonly string[]
}

/** What the portfolios look like under one set of parameters. */
export type PortfolioRisk = {
  readonly accounts: number
  readonly equity: Usd
  readonly maintenance: Usd
  readonly initial: Usd
  readonly liquidatable: number
  readonly liquidatableNotional: Usd
  /** Sum over accounts of max(0, -equity). */
  readonly badDebt: Usd
  /** Mean loss beyond the 97.5 % quantile over historical scenarios of the whole book, USD, positive is a loss; null with too short a history. */
  readonly expectedShortfall: Usd | null
}

/** Everything the engine computed in one tick. */
export type RiskReport = {
  readonly schema: 'ballast.report'
  readonly version: 1
  readonly market: string
  readonly scope: ScopeId
  readonly observedAt: UnixSeconds
  readonly snapshot: Hash
  readonly configuration: Hash
  readonly signals: readonly Term[]
  readonly before: PortfolioRisk
  readonly after: PortfolioRisk
  /** Newly liquidatable through the proposed values. */
  readonly impact: { readonly accounts: number; readonly notional: Usd }
  readonly recommendations: readonly Recommendation[]
}

/** The signed round. `impactNotional` is USD with 18 decimals. */
export type Adjustment = {
  readonly scope: ScopeId
  readonly epoch: number
  readonly round: number
  readonly observedAt: UnixSeconds
  readonly validUntil: UnixSeconds
  readonly items: readonly Item[]
  readonly impactNotional: bigint
  readonly impactAccounts: number
  readonly snapshot: Hash
  readonly engine: Hash
  readonly configuration: Hash
  readonly report: Hash
}

/** Hashes that bind a round to what it was computed from. */
export type Evidence = { readonly snapshot: Hash; readonly configuration: Hash; readonly engine: Hash; readonly report: Hash }

export type HaltReason = 'staleData' | 'badBar' | 'laneClosed' | 'laneExpired' | 'lanePaused' | 'engineMismatch'

/** Outcome of a tick. A hold still goes on chain as an empty round: it is the heartbeat. */
export type Decision =
  | { readonly kind: 'hold'; readonly adjustment: Adjustment }
  | { readonly kind: 'adjust'; readonly adjustment: Adjustment }
  | { readonly kind: 'halt'; readonly reason: HaltReason; readonly detail: string }

/** What became of one item on chain. */
export type ItemOutcome =
  | { readonly kind: 'applied'; readonly id: ParamId; readonly previous: ParameterValue; readonly value: ParameterValue }
  | {
      readonly kind: 'pended'
      readonly id: ParamId
      readonly previous: ParameterValue
      readonly target: ParameterValue
      readonly eta: UnixSeconds
    }
  | { readonly kind: 'shadowed'; readonly id: ParamId; readonly previous: ParameterValue; readonly value: ParameterValue }
  | {
      readonly kind: 'rejected'
      readonly id: ParamId
      readonly current: ParameterValue
      readonly proposed: ParameterValue
      readonly code: Rejection
      readonly limit: number
    }
