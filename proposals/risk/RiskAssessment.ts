import type { PortfolioRisk, UnixSeconds, Usd } from '../../risk/types/index.ts'

/** Cover-2: the two largest shortfalls together in the worst scenario, USD. */
export type Cover = {
  /** With what the accounts hold now. */
  readonly asHeld: Usd
  /** After every account has taken out all that its initial margin does not hold back: the most that a looser rule lets out. */
  readonly drawnDown: Usd
}

export type AffectedAccount = {
  readonly account: string
  readonly equity: Usd
  readonly maintenanceBefore: Usd
  readonly maintenanceAfter: Usd
  readonly newlyLiquidatable: boolean
}

/** What the engine asks for, against what is proposed. Stored integers. */
export type RecommendationDistance = {
  readonly scope: string
  readonly id: string
  readonly before: number
  readonly proposed: number
  /** Null when an input of the formula is absent. */
  readonly target: number | null
}

/** One hour of a replayed crash. */
export type CrashTick = {
  readonly time: UnixSeconds
  readonly spot: Usd
  readonly liquidatable: number
  readonly badDebt: Usd
  readonly maintenance: Usd
}

export type CrashReplay = {
  readonly from: UnixSeconds
  readonly to: UnixSeconds
  /** Relative fall of the price within a day, positive. */
  readonly fall: number
  /** Accounts in the replay; a sample in the order of the book. */
  readonly accounts: number
  readonly before: readonly CrashTick[]
  readonly after: readonly CrashTick[]
}

/** Portfolios of one market under the values before and after. */
export type MarketRisk = {
  readonly market: string
  readonly scope: string
  readonly origin: string
  readonly observedAt: UnixSeconds
  /** The accounts or prices are generated rather than observed; parts by name. */
  readonly synthetic: readonly string[]
  readonly before: PortfolioRisk
  readonly after: PortfolioRisk
  readonly newly: { readonly accounts: number; readonly notional: Usd }
  /** Null where no stress scenarios are defined for the market. */
  readonly cover: { readonly before: Cover; readonly after: Cover } | null
  /** Ten at most, most affected first. */
  readonly affected: readonly AffectedAccount[]
  readonly replay: CrashReplay | null
  /** Why there is no replay; empty when there is one. */
  readonly replayMissing: string
}

export type RiskAssessment =
  | { readonly kind: 'assessed'; readonly markets: readonly MarketRisk[]; readonly distances: readonly RecommendationDistance[] }
  /** No value that margin reads is changed. */
  | { readonly kind: 'unaffected'; readonly distances: readonly RecommendationDistance[] }
  /** Margin is changed, and there is nothing to compute its effect from. */
  | { readonly kind: 'missing'; readonly reason: string }
