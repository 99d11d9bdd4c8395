import type { Address, ScopeId, UnixSeconds } from '../../risk/types/index.ts'

/** Sources of a market's price, as listed. */
export type ListedFeed = {
  readonly market: ScopeId
  /** Heartbeat in seconds. */
  readonly sources: readonly { readonly aggregator: Address; readonly decimals: number; readonly heartbeat: number }[]
  readonly quorum: number
  readonly maxDeviationBps: number
  /** Last observation, or the anchor before the first; USD, wad. */
  readonly last: bigint
}

/** Limits of a market's surface by field of `SurfaceLimits`: bps, `referenceVol` wad. */
export type ListedLimits = { readonly market: ScopeId; readonly limits: Readonly<Record<string, string>> }

/** A market by its number; `group` is null until it is admitted. Grids as their four numbers, millionths of ln. */
export type ListedMarket = {
  readonly number: number
  readonly scope: ScopeId
  readonly group: ScopeId | null
  readonly grids: readonly string[]
}

export type ListedChain = {
  readonly id: number
  readonly market: number
  readonly expiry: UnixSeconds
  readonly kind: number
  /** USD, wad. */
  readonly tick: bigint
  /** Strikes in ticks. */
  readonly multiples: readonly number[]
}

export type ListedCollateral = { readonly token: Address; readonly market: number; readonly asset: ScopeId; readonly feed: ScopeId }

export type OpenGroup = {
  readonly group: ScopeId
  readonly cash: Address
  readonly halted: boolean
  readonly collaterals: readonly ListedCollateral[]
}

/** Everything in clearing that a vote can change, at one block. */
export type ClearingState = {
  readonly feeds: readonly ListedFeed[]
  /** Uptime feed of the roll-up's sequencer and seconds of grace; null where none was set. */
  readonly sequencer: { readonly feed: Address; readonly grace: number } | null
  readonly surface: { readonly epoch: number; readonly threshold: number; readonly signers: readonly Address[] }
  readonly limits: readonly ListedLimits[]
  readonly markets: readonly ListedMarket[]
  readonly chains: readonly ListedChain[]
  readonly groups: readonly OpenGroup[]
  /** Final settlement prices; USD, wad. */
  readonly settlements: readonly { readonly market: ScopeId; readonly expiry: UnixSeconds; readonly price: bigint }[]
}
