import type { ParamId, ScopeId } from './parameter.ts'
import type { ParameterValue, UnixSeconds, Usd, Vol } from './units.ts'

/** One expiry of a surface as its signers posted it: raw SVI, k = ln(strike / forward). Its vol by strike stands until the next post. */
export type PostedSlice = {
  readonly expiry: UnixSeconds
  /** When it was seen. Total variance is that of the time left then. */
  readonly asOf: UnixSeconds
  /** Index price then: strikes are measured against its forward until the next post. */
  readonly spot: Usd
  /** Forward over index. */
  readonly forwardRatio: number
  readonly atmVol: Vol
  readonly a: number
  readonly b: number
  readonly rho: number
  readonly m: number
  readonly sigma: number
}

/** One underlying of a margin group on chain. */
export type MarketReading = {
  readonly market: string
  /** The price that flags go by, and when it was seen: a fresh one, else the last that was recorded. */
  readonly price: Usd
  readonly priceTime: UnixSeconds
  /** Contracts held long, which are as many as are held short. */
  readonly openInterest: number
  /** The asset whose haircut counts for the underlying that accounts hold as collateral; null where the group takes none. */
  readonly underlying: ScopeId | null
  /** Posted slices of the expiries that somebody holds, ascending. */
  readonly slices: readonly PostedSlice[]
  /** Expiries that somebody still holds whose price is final, ascending. */
  readonly settlements: readonly { readonly expiry: UnixSeconds; readonly price: Usd }[]
}

/** A parameter of another scope than the snapshot's own that the margin of the group's accounts reads. */
export type GroupValue = {
  readonly scope: ScopeId
  readonly id: ParamId
  /** Target, and where a ramp towards it stands. */
  readonly value: ParameterValue
  readonly effective: ParameterValue
}

/** What the contracts of a margin group say at one block, beside what its accounts hold. */
export type GroupReading = {
  readonly group: ScopeId
  /** What its insurance fund holds. */
  readonly fundUsd: Usd
  /** What the fund should hold by the table of accounts that were shown to it: a lower bound of what the engine measures. */
  readonly shownCoverUsd: Usd
  /** Ascending by name. */
  readonly markets: readonly MarketReading[]
  /** Collateral that is neither cash nor the underlying of a market; ascending by name. */
  readonly assets: readonly { readonly asset: ScopeId; readonly price: Usd }[]
  /** Ascending by scope, then by id. */
  readonly values: readonly GroupValue[]
  /** Accounts in auction, ascending. */
  readonly flagged: readonly string[]
}
