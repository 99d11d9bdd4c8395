import type { UnixSeconds, Usd, Vol, Years } from '../types/index.ts'
import type { KnownValue, ValueBounds } from './valueBounds.ts'

/** One state of the world in which an instrument is valued. */
export type ValuationPoint = {
  /** Index price, above 0. */
  readonly spot: Usd
  /** Price of the index for delivery at the instrument's expiry, above 0; the index itself where there is none. */
  readonly forward: Usd
  readonly vol: Vol
  readonly timeToExpiry: Years
}

/** What every instrument has, whatever it is; a perpetual has no expiry. */
export type PricedInstrument = { readonly kind: string; readonly id: string; readonly expiry?: UnixSeconds }

/**
 * All that the engine needs to know of a kind of instrument. One contract, seen from the long side, in USD.
 * Margin, scenarios and shortfall ask only this record; none of them looks at `kind`.
 */
export type PricingModule<I extends PricedInstrument> = {
  readonly kind: I['kind']
  /** Throws {InvalidInputError} naming the field when the instrument itself is malformed. Called once per instrument of a book. */
  readonly assertValid: (instrument: I) => void
  /** Value now. Inputs are guarded by the caller. */
  readonly value: (instrument: I, point: ValuationPoint) => Usd
  /** Value at expiry with the index at `spot` (0 included). */
  readonly payoff: (instrument: I, spot: Usd) => Usd
  /** Where the payoff bends or jumps, and where its vol is read off a smile; null for a linear claim. */
  readonly strike: (instrument: I) => Usd | null
  /** The payoff far above every strike: slope x spot + level. */
  readonly farAbove: (instrument: I) => { readonly slope: number; readonly level: Usd }
  /**
   * Bounds of the value at a forward beyond the grid on which it is known, whatever its vol and time.
   * `known` holds the nearest known values, one, or one on either side in ascending order.
   */
  readonly bounds: (instrument: I, point: Pick<ValuationPoint, 'spot' | 'forward'>, known: readonly KnownValue[]) => ValueBounds
  /** `exact` for a linear claim settled to the cent: its stressed value is never cut. `credit` for a value that is haircut when it backs a loss. */
  readonly stressedValue: 'exact' | 'credit'
  /** Name of the short-option minimum's class (the option type), or null where a short position carries no minimum. */
  readonly shortClass: (instrument: I) => string | null
}
