import type { VolState } from '../scenarios/index.ts'
import type { Fraction, UnixSeconds, Usd, Vol } from '../types/index.ts'

/** Live values of the margin parameters of one market, as fractions. */
export type MarginParameters = {
  /** Half width of the scan for maintenance, inside (0, 1). */
  readonly priceScanRange: Fraction
  /** Through-the-cycle half width: initial margin scans the larger of both ranges. Inside (0, 1). */
  readonly initialRange: Fraction
  /** Relative vol shocks of 30 days: up in [0, 5], down in [0, 1). */
  readonly volScanUp: Fraction
  readonly volScanDown: Fraction
  /** Initial over maintenance, in [1, 10]. */
  readonly initialMultiplier: number
  /** Least requirement of a net short option, as a share of spot, in [0, 1]. */
  readonly shortOptionMinimum: Fraction
  /** Damping of far losses, in [0, 2]. */
  readonly tailWeight: Fraction
  /** What volatile collateral is cut by, in [0, 1]. */
  readonly haircut: Fraction
}

/** A market without a surface: forwards at the index, one vol for all strikes and expiries. */
export type FlatMarket = {
  readonly time: UnixSeconds
  /** Index price, in [1e-9, 1e15]. */
  readonly spot: Usd
  /** Flat implied vol, in [0, 10]. */
  readonly markVol: Vol
}

/** Implied vol by strike at one expiry, as data. The vol of a strike stays with the strike when the forward moves. */
export type Smile =
  /** Quoted vols; between strikes total variance is linear in ln K, beyond the outer ones vol is flat. Strikes ascending, vols in [0, 10]. */
  | { readonly kind: 'points'; readonly strikes: readonly Usd[]; readonly vols: readonly Vol[] }
  /** Raw SVI (Gatheral and Jacquier, Quantitative Finance 14, 2014, eq. 3.1): total variance a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)), k = ln(K / F). */
  | { readonly kind: 'svi'; readonly a: number; readonly b: number; readonly rho: number; readonly m: number; readonly sigma: number }

/** One expiry of a surface. */
export type ExpiryQuote = {
  readonly expiry: UnixSeconds
  /** Forward over index, in [0.1, 10]. Frozen in a scan: the forward of a state is its spot times this ratio. */
  readonly forwardRatio: number
  /** Vol at the money, above 0 and at most 10. Vol shocks are set by it and move all strikes by the same factor. */
  readonly atmVol: Vol
  readonly smile: Smile
}

/** A market with forwards and a smile for each expiry, ascending; it must have the expiry of every instrument. */
export type SurfaceMarket = { readonly time: UnixSeconds; readonly spot: Usd; readonly expiries: readonly ExpiryQuote[] }

/** What the book is marked with. */
export type MarginMarket = FlatMarket | SurfaceMarket

/** Which rule set an account's maintenance, and the worst cell of its scan. */
export type BindingCell = {
  /** `none` when the account can lose nothing; `maximumLoss` when the cap took something off what the other two asked for. */
  readonly rule: 'scan' | 'shortOptionMinimum' | 'maximumLoss' | 'none'
  readonly move: Fraction
  readonly spot: Usd
  readonly volState: VolState
  /** Share of the loss that counts. */
  readonly weight: Fraction
  /** Loss of the account in that cell before the weight; negative is a gain. */
  readonly loss: Usd
}

/** One account under one set of parameters. */
export type AccountAssessment = {
  readonly account: string
  /** Cash, collateral after its haircut, and positions at mark. */
  readonly equity: Usd
  readonly maintenance: Usd
  readonly initial: Usd
  /** Equity below maintenance. */
  readonly liquidatable: boolean
  /** Sum over positions of |quantity| x spot. */
  readonly notional: Usd
  /** Most the account can lose at any price; null when that is unbounded. */
  readonly maximumLoss: Usd | null
  readonly bindingCell: BindingCell
}

/** All accounts of a book, in the book's order. */
export type BookAssessment = {
  readonly time: UnixSeconds
  readonly spot: Usd
  readonly accounts: readonly AccountAssessment[]
}
