import type { Fraction, Usd, Vol, Years } from '../../types/index.ts'

/**
 * What one contract is. `call`, `put`: European on the forward of its expiry. `linear`: the discounted forward itself, which also stands for collateral in
 * the underlying. `given`: anything else, priced elsewhere; its profits are handed in with `giveRow`.
 */
export type KernelInstrument =
  | { readonly kind: 'call' | 'put'; readonly strike: Usd; readonly expiry: number }
  | { readonly kind: 'linear'; readonly expiry: number }
  | { readonly kind: 'given' }

/** One state of the market. */
export type KernelScenario = {
  /** Relative move of every forward, above -1. */
  readonly move: Fraction
  /** Which vol state holds: a row of `volFactors` and `volShifts` of the quotes. */
  readonly volRow: number
  /** Share of the profit that counts, in [0, 10]; 1 unless damped. */
  readonly weight: number
}

/**
 * Positions of all accounts side by side (compressed rows): account a holds `instruments[p]` in `quantities[p]` for p from offsets[a] to offsets[a + 1] - 1.
 * A quantity is contracts, negative when short; no account holds an instrument twice.
 */
export type ColumnarBook = {
  /** One more than there are accounts, not descending, from 0 to the number of positions. */
  readonly offsets: Uint32Array
  readonly instruments: Uint32Array
  readonly quantities: Float64Array
}

/** What a venue is made of; all but the quotes, which change all the time. */
export type VenueTerms = {
  readonly instruments: readonly KernelInstrument[]
  /** Number of expiries, which instruments name by place. */
  readonly expiries: number
  readonly scenarios: readonly KernelScenario[]
  /** Number of vol states. */
  readonly volRows: number
  readonly book: ColumnarBook
}

/** Prices at one instant. */
export type VenueQuotes = {
  /** Per expiry: forward in [1e-9, 1e15], discount factor in [1e-50, 1e50], time in [0, 100]. */
  readonly forwards: ArrayLike<Usd>
  readonly discounts: ArrayLike<number>
  readonly timesToExpiry: ArrayLike<Years>
  /** Per instrument, in [0, 100]; read for options only. */
  readonly vols: ArrayLike<Vol>
  /** Vol of a state: vol x factor + shift, at [expiry x volRows + row]; both in [0, 100]. */
  readonly volFactors: ArrayLike<number>
  readonly volShifts: ArrayLike<Vol>
}
