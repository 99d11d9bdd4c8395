import { log } from '../../../risk/math/index.ts'
import { undiscountedValue } from '../../../risk/pricing/undiscountedValue.ts'
import type { ExpiryQuotes, Numeraire, OptionChain, OptionQuote, RawSvi } from '../../../risk/surface/index.ts'
import { totalVariance } from '../../../risk/surface/totalVariance.ts'

export const chainTime = 1_700_000_000
export const chainSpot = 2_000

export type SyntheticExpiry = {
  readonly days: number
  readonly svi: RawSvi
  readonly forward: number
  /** Half the spread, in vol; 0 quotes bid = ask. */
  readonly halfSpread?: number
  /** Strikes as multiples of the forward. */
  readonly moneyness?: readonly number[]
}

export const moneyness = Array.from({ length: 31 }, (_, i) => 0.5 + i * 0.05)

/** A chain whose lines are priced from given slices: bid, ask and mark at the slice's vol less, plus and at it. */
export function syntheticChain(expiries: readonly SyntheticExpiry[], numeraire: Numeraire = 'coin'): OptionChain {
  return {
    time: chainTime,
    spot: chainSpot,
    numeraire,
    expiries: expiries.map((each) => syntheticExpiry(each, numeraire)),
  }
}

function syntheticExpiry(expiry: SyntheticExpiry, numeraire: Numeraire): ExpiryQuotes {
  const { days, svi, forward, halfSpread = 0.005 } = expiry
  const timeToExpiry = days / 365
  const unit = numeraire === 'coin' ? forward : 1
  const quotes = (expiry.moneyness ?? moneyness).flatMap((ratio): OptionQuote[] => {
    const strike = forward * ratio
    const vol = Math.sqrt(totalVariance(svi, log(ratio)) / timeToExpiry)
    return (['call', 'put'] as const).map((type): OptionQuote => {
      const price = (at: number): number => undiscountedValue(type, forward, strike, at * Math.sqrt(timeToExpiry)) / unit
      return { strike, type, bid: price(vol - halfSpread), ask: price(vol + halfSpread), mark: price(vol), time: null }
    })
  })
  return { expiry: chainTime + days * 86_400, venueForward: forward, quotes }
}

/** Raw SVI of a smile: vol at the money, slope and curvature in units of standard deviations, so that all expiries look alike. */
export function sliceOf(days: number, vol: number, rho = -0.2, eta = 1.2): RawSvi {
  const theta = vol * vol * (days / 365)
  const phi = eta / Math.sqrt(theta)
  return { a: (theta * (1 - rho * rho)) / 2, b: (theta * phi) / 2, rho, m: -rho / phi, sigma: Math.sqrt(1 - rho * rho) / phi }
}

/** The published slice with butterfly arbitrage: Axel Vogt's, T = 1. Gatheral and Jacquier (2014), section 3.1 and figure 1. */
export const vogt: RawSvi = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 }
