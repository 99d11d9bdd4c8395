import type { UnixSeconds, Usd } from './units.ts'

export type OptionType = 'call' | 'put'
/** European option on the index, settled in cash. */
export type VanillaOption = {
  readonly kind: 'option'
  readonly id: string
  readonly type: OptionType
  readonly strike: Usd
  readonly expiry: UnixSeconds
}
/** European option on the index, settled in the underlying: one contract pays max(0, +/-(S - K)) / S coins. */
export type InverseOption = {
  readonly kind: 'inverseOption'
  readonly id: string
  readonly type: OptionType
  readonly strike: Usd
  readonly expiry: UnixSeconds
}
/** European digital on the index: beyond the strike one contract pays one dollar (`cash`) or one unit of the underlying (`asset`), at it nothing. */
export type DigitalOption = {
  readonly kind: 'digital'
  readonly id: string
  readonly type: OptionType
  readonly pays: 'cash' | 'asset'
  readonly strike: Usd
  readonly expiry: UnixSeconds
}
/** Dated future on the index, settled in cash. */
export type DatedFuture = { readonly kind: 'future'; readonly id: string; readonly expiry: UnixSeconds }
/** Perpetual future on the index: no expiry, held to it by funding. */
export type PerpetualFuture = { readonly kind: 'perpetual'; readonly id: string }

/** Tagged union; a new instrument is one more member and one more pricing module in the registry. */
export type Instrument = VanillaOption | InverseOption | DigitalOption | DatedFuture | PerpetualFuture

export type Position = {
  /** Index into `Book.instruments`. */
  readonly instrument: number
  /** Contracts of one unit of the underlying; negative is short. */
  readonly quantity: number
}

/** One margin account. */
export type Portfolio = {
  readonly account: string
  /** Cash of the account in USD; may be negative. */
  readonly cash: Usd
  /** Units of the underlying held as collateral. */
  readonly collateral: number
  /** Other collateral assets, each named once. */
  readonly assets?: readonly { readonly asset: string; readonly amount: number }[]
  /** Deposits less withdrawals in USD, where the source keeps them: gains beyond them back new risk only in part. */
  readonly principal?: Usd
  /** Instruments ascending. */
  readonly positions: readonly Position[]
}

/** What accounts hold in an underlying beside the book's own. */
export type BookElsewhere = {
  readonly market: string
  readonly instruments: readonly Instrument[]
  /** Accounts that hold something here, in the order of the book's. */
  readonly holdings: readonly Pick<Portfolio, 'account' | 'collateral' | 'positions'>[]
}

/** All accounts of a market. A document of its own: snapshots name it by hash, since it changes rarely. */
export type Book = {
  readonly schema: 'ballast.book'
  /**
   * 2 for all accounts of a deployed margin group, as its ledger holds them: expired instruments are still there until they are settled, and cash is less what futures
   * cost, so that these are worth their whole price.
   */
  readonly version: 1 | 2
  readonly market: string
  readonly instruments: readonly Instrument[]
  readonly portfolios: readonly Portfolio[]
  /** Version 2: the group's other underlyings, ascending by name. */
  readonly elsewhere?: readonly BookElsewhere[]
}
