import type { OptionType, UnixSeconds, Usd, Vol, Years } from '../types/index.ts'

/**
 * What a price is counted in: `coin` is the underlying itself, as on venues with inverse options, where a price times the forward is the undiscounted
 * price in USD; `usd` is undiscounted USD. Crypto venues pay no interest on either, so no rate enters.
 */
export type Numeraire = 'coin' | 'usd'

/** One line of an option chain. Null is a side nobody quotes. */
export type OptionQuote = {
  readonly strike: Usd
  readonly type: OptionType
  readonly bid: number | null
  readonly ask: number | null
  /** The venue's own model price. */
  readonly mark: number | null
  /** When the line was last refreshed; null where the source does not say, and then it counts as fresh. */
  readonly time: UnixSeconds | null
}

/** All lines of one expiry; a strike and type at most once. */
export type ExpiryQuotes = {
  readonly expiry: UnixSeconds
  /** Forward that the venue itself states; null where it states none. */
  readonly venueForward: Usd | null
  readonly quotes: readonly OptionQuote[]
}

/** A chain of options seen at one instant. */
export type OptionChain = {
  readonly time: UnixSeconds
  /** Spot index. */
  readonly spot: Usd
  readonly numeraire: Numeraire
  /** Expiries ascending, each once. */
  readonly expiries: readonly ExpiryQuotes[]
}

/**
 * What a line is good for. `twoSided`: bid and ask have an implied volatility. `bidOnly`, `askOnly`: one side has, a bound of the smile. `markOnly`: only the
 * venue's model speaks. `crossed`: bid above ask. `outOfBounds`: no side is a price that any volatility gives. `stale`: too old. `empty`: nothing.
 */
export type QuoteCase = 'twoSided' | 'bidOnly' | 'askOnly' | 'markOnly' | 'crossed' | 'outOfBounds' | 'stale' | 'empty'

/** How many lines of an expiry fell into each case. */
export type QuoteCounts = { readonly [quoteCase in QuoteCase]: number }

/** Where a forward comes from: pairs of call and put; the venue; the spot index, which assumes no carry. */
export type ForwardSource = 'parity' | 'venue' | 'spot'

export type Forward = {
  readonly forward: Usd
  readonly source: ForwardSource
  /** Pairs of two-sided call and put that were used; 0 unless the source is parity. */
  readonly pairs: number
  /** Weighted mean distance of the pairs' forwards from the forward, as a fraction of it; 0 unless the source is parity. */
  readonly residual: number
  /** Share of pairs whose bid-ask interval of the forward holds it; 1 unless the source is parity. */
  readonly inside: number
}

/** What one strike says about the smile. `k` is ln(strike / forward). Volatilities annualised. */
export type SmilePoint =
  | { readonly kind: 'band'; readonly k: number; readonly low: Vol; readonly mid: Vol; readonly high: Vol }
  | { readonly kind: 'floor'; readonly k: number; readonly low: Vol }
  | { readonly kind: 'ceiling'; readonly k: number; readonly high: Vol }
  | { readonly kind: 'mark'; readonly k: number; readonly mid: Vol }

/**
 * Raw SVI: total variance w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)), k = ln(strike / forward).
 * Domain: b >= 0, |rho| < 1, sigma > 0, a + b sigma sqrt(1 - rho^2) > 0, wings b (1 + |rho|) <= 2.
 *
 * @see Gatheral and Jacquier, Arbitrage-free SVI volatility surfaces, Quantitative Finance 14 (2014), equation 3.1.
 */
export type RawSvi = { readonly a: number; readonly b: number; readonly rho: number; readonly m: number; readonly sigma: number }

/** Rung of the ladder a slice stands on; see risk/surface/README.md. All are held as raw SVI. */
export type SliceModel = 'svi' | 'ssvi' | 'flat'

/** What was done to take out arbitrage, in this order. */
export type Repair = 'butterflyRefit' | 'calendarRefit' | 'ssviFallback' | 'calendarScale' | 'longerShape'

/** The smile of one expiry. */
export type SurfaceSlice = {
  readonly expiry: UnixSeconds
  readonly timeToExpiry: Years
  readonly forward: Forward
  readonly model: SliceModel
  readonly svi: RawSvi
  readonly repairs: readonly Repair[]
  readonly quotes: QuoteCounts
  /** Strikes that the fit used. */
  readonly points: number
  /** Whether any of them is only the venue's mark. */
  readonly usesMarks: boolean
  /** Lowest and highest k among them: outside, the smile is an extrapolation. */
  readonly range: { readonly from: number; readonly to: number }
  /** Root mean square distance from the middle of the quotes, in vol; weights are equal. */
  readonly rmsError: Vol
  /** Share of two-sided strikes at which the smile is inside bid and ask; null when there are none. */
  readonly insideShare: number | null
  /** Half the spread of the at-the-money option, in vol; null when no two-sided quote is near. */
  readonly atmHalfSpread: Vol | null
}

/** Why an expiry has no smile of its own; the surface interpolates there where it can. */
export type UnavailableReason = 'expired' | 'noQuotes' | 'crossesNeighbours'

/** A volatility surface as a document. */
export type VolSurface = {
  readonly schema: 'ballast.surface'
  readonly version: 1
  readonly time: UnixSeconds
  readonly spot: Usd
  /** Ascending by expiry; empty when no expiry could be fitted. */
  readonly slices: readonly SurfaceSlice[]
  readonly unavailable: readonly { readonly expiry: UnixSeconds; readonly reason: UnavailableReason }[]
}
