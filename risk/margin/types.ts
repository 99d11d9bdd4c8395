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
  /** What the underlying held as collateral is cut by, in [0, 1]. */
  readonly haircut: Fraction
  /** Targets of ramped parameters: what new risk and withdrawals are held to while maintenance climbs after them. Absent when nothing ramps. */
  readonly newRisk?: RampedParameters
  /** Absent where no depth is known: then size costs nothing. */
  readonly liquidity?: LiquidityParameters
}

/** The parameters whose effective value may lag behind their target. */
export type RampedParameters = Pick<
  MarginParameters,
  'priceScanRange' | 'volScanUp' | 'volScanDown' | 'shortOptionMinimum' | 'tailWeight' | 'haircut'
>

/** What closing a large book costs (risk policy B8). */
export type LiquidityParameters = {
  /** USD that moves the price by 1 %, above 0. */
  readonly depth: Usd
  /** USD of vega per point that moves implied vol by one point, above 0. */
  readonly vegaDepth: Usd
  /** Cost at the depth, as shares of net delta and of net gamma, in [0, 1]. */
  readonly deltaAddOn: Fraction
  readonly gammaAddOn: Fraction
  /** Cost at the depth, in vol points, in [0, 100]. */
  readonly vegaAddOn: number
}

/** A collateral asset that is neither cash nor the underlying: it has no ladder, so it is cut instead of revalued (risk policy B9). */
export type CollateralQuote = {
  readonly asset: string
  /** USD of one unit, in [0, 1e15]. */
  readonly price: Usd
  /** In [0, 1]. */
  readonly haircut: Fraction
  /** Share of every holding that counts, in [0, 1], from `admitCollateral`; 1 where no cap binds. */
  readonly admitted: Fraction
} & (
  | { readonly kind: 'stable' }
  /** `beta` to the index, in [-10, 10]: which states the asset falls in; 0 where it is not known. */
  | { readonly kind: 'volatile'; readonly beta: number }
)

/** A market without a surface: forwards at the index, one vol for all strikes and expiries. */
export type FlatMarket = {
  readonly time: UnixSeconds
  /** Index price, in [1e-9, 1e15]. */
  readonly spot: Usd
  /** Flat implied vol, in [0, 10]. */
  readonly markVol: Vol
  readonly collaterals?: readonly CollateralQuote[]
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
  /** Vol at the money, above 0 and at most 10: what the shocks of the term structure are measured with. */
  readonly atmVol: Vol
  readonly smile: Smile
}

/** A market with forwards and a smile for each expiry, ascending; it must have the expiry of every instrument. */
export type SurfaceMarket = {
  readonly time: UnixSeconds
  readonly spot: Usd
  readonly expiries: readonly ExpiryQuote[]
  readonly collaterals?: readonly CollateralQuote[]
}

/** What the book is marked with. */
export type MarginMarket = FlatMarket | SurfaceMarket

/** Which rule set an account's maintenance, and the worst cell of its scan. */
export type BindingCell = {
  /** `none` when the scan finds nothing to lose; `maximumLoss` when the cap took something off what the other two asked for. */
  readonly rule: 'scan' | 'shortOptionMinimum' | 'maximumLoss' | 'none'
  readonly move: Fraction
  readonly spot: Usd
  readonly volState: VolState
  /** Share of the loss that counts. */
  readonly weight: Fraction
  /** Loss of the account in that cell before the weight; negative is a gain. */
  readonly loss: Usd
  /** The loss by what moves; the four add up to it. */
  readonly parts: LossParts
}

/** A loss by its causes: delta and gamma by the move in price, vega by that in vol, all from sensitivities at the mark; the rest is `other`. Negative is a gain. */
export type LossParts = { readonly delta: Usd; readonly gamma: Usd; readonly vega: Usd; readonly other: Usd }

/** What an account pays beyond the scan: for the shape of the surface, for the basis, and for its size. */
export type Charges = {
  readonly skew: Usd
  readonly term: Usd
  readonly basis: Usd
  readonly delta: Usd
  readonly gamma: Usd
  readonly vega: Usd
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
  /** What new risk and withdrawals may use: equity that counts for them less initial margin. None may be taken when it is negative. */
  readonly freeMargin: Usd
  /** Sum over positions of |quantity| x spot. */
  readonly notional: Usd
  /** Most the account can lose at any price; null when that is unbounded. */
  readonly maximumLoss: Usd | null
  readonly bindingCell: BindingCell
  /** Before the multiplier of initial margin and before any cap. */
  readonly charges: { readonly maintenance: Charges; readonly initial: Charges }
}

/** All accounts of a book, in the book's order. */
export type BookAssessment = {
  readonly time: UnixSeconds
  readonly spot: Usd
  readonly accounts: readonly AccountAssessment[]
}
