import type { SurfaceSlice } from '../../risk/margin/ladder/index.ts'
import type { ParameterValue, ParamId, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import type { HeldLots } from './unpackHoldings.ts'

/** One account of a group at a block, after every tear-up, settlement and write-off that it has not booked itself. USD with 18 decimals. */
export type AccountState = {
  readonly account: bigint
  /** Principal and profit less debt. */
  readonly cash: bigint
  /** Contracts x reference of the futures held: they are worth their price less this. */
  readonly futuresCost: bigint
  /** Deposits less withdrawals at the value they had. */
  readonly contributed: bigint
  readonly positions: readonly HeldLots[]
  /** By place in the group's list, in the token's units. */
  readonly collateral: readonly bigint[]
  readonly flagged: boolean
}

/** A chain that somebody holds. */
export type HeldChain = {
  readonly chain: number
  readonly market: ScopeId
  readonly expiry: UnixSeconds
  readonly kind: 'vanilla' | 'digital'
  /** USD with 18 decimals, ascending. */
  readonly strikes: readonly bigint[]
  /** USD with 18 decimals; null until it is final. */
  readonly settlement: bigint | null
  /** Null where none was posted. */
  readonly slice: SurfaceSlice | null
}

/** A price as the margin rule takes it for flags: a fresh one, else the last one recorded; zero when there is neither. */
export type FlagPrice = { readonly price: bigint; readonly time: UnixSeconds }

/** A market of the group in which somebody holds something. */
export type HeldMarket = FlagPrice & { readonly market: ScopeId; readonly openInterestLots: bigint }

/** Collateral that the group lists, in its order. */
export type ListedCollateral = {
  readonly decimals: number
  /** The market whose underlying it is; null for an asset without one. */
  readonly market: ScopeId | null
  readonly asset: ScopeId
  readonly feed: ScopeId
}

/** A margin group at one block. */
export type GroupState = {
  readonly accounts: readonly AccountState[]
  readonly chains: readonly HeldChain[]
  readonly markets: readonly HeldMarket[]
  readonly collaterals: readonly ListedCollateral[]
  /** Prices of collateral that is no market's underlying, by feed. */
  readonly prices: ReadonlyMap<ScopeId, FlagPrice>
  readonly values: readonly {
    readonly scope: ScopeId
    readonly id: ParamId
    readonly value: ParameterValue
    readonly effective: ParameterValue
  }[]
  /** USD with 18 decimals. */
  readonly fund: bigint
  readonly shownCover: bigint
}
