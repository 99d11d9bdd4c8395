import type { ExpiryQuote, SurfaceMarket } from '../margin/index.ts'
import { assertPositive, exp } from '../math/index.ts'
import type { UnixSeconds, Vol } from '../types/index.ts'
import { type Smile, smileAt } from './smileAt.ts'
import { assertExpiry } from './surfaceVol.ts'
import type { VolSurface } from './types.ts'

/** What a book is marked with, or why the surface cannot mark one. */
export type SurfaceMarketResult =
  | { readonly kind: 'market'; readonly market: SurfaceMarket }
  | { readonly kind: 'unavailable'; readonly reason: 'noSlices' }

/** Margin takes no volatility above this, nor forwards further from the index. */
const GREATEST_VOL: Vol = 10
/** Strikes that margin may ask for: ln(strike / forward) within this. */
const REACH = 5
/** Standard deviations either side, and between two points, of a smile given as points. */
const POINT_REACH = 8
const POINT_STEP = 0.05

/**
 * The surface as the market of risk/margin, with a quote for every expiry that the instruments need.
 *
 * An expiry with a slice keeps it as raw SVI. Any other, and a slice whose volatility would pass 1,000 % within a factor e^5 of the forward, becomes points every twentieth of a standard
 * deviation out to eight, capped at 1,000 %.
 *
 * @param expiries - After the surface's time; in any order, repeats allowed.
 * @throws {InvalidInputError} An expiry is not a whole number of seconds after the surface's time.
 */
export function marginMarket(surface: VolSurface, expiries: readonly UnixSeconds[]): SurfaceMarketResult {
  assertPositive('spot', surface.spot)
  for (const expiry of expiries) assertExpiry(surface, expiry)
  if (surface.slices.length === 0) return { kind: 'unavailable', reason: 'noSlices' }
  const ascending = [...new Set(expiries)].sort((left, right) => left - right)
  const quotes = ascending.map((expiry) => quoteOf(surface, expiry, smileAt(surface, expiry)!))
  return { kind: 'market', market: { time: surface.time, spot: surface.spot, expiries: quotes } }
}

function quoteOf(surface: VolSurface, expiry: UnixSeconds, smile: Smile): ExpiryQuote {
  const { timeToExpiry, forward, varianceAt } = smile
  const volAt = (k: number): Vol => Math.min(GREATEST_VOL, Math.sqrt(varianceAt(k) / timeToExpiry))
  const shared = { expiry, forwardRatio: forward / surface.spot, atmVol: volAt(0) }
  const slice = surface.slices.find((each) => each.expiry === expiry)
  const greatest = GREATEST_VOL * GREATEST_VOL * timeToExpiry
  if (slice !== undefined && Math.max(varianceAt(-REACH), varianceAt(REACH)) < greatest) {
    const { a, b, rho, m, sigma } = slice.svi
    return { ...shared, smile: { kind: 'svi', a, b, rho, m, sigma } }
  }
  const deviation = Math.sqrt(varianceAt(0))
  const ks = Array.from({ length: (2 * POINT_REACH) / POINT_STEP + 1 }, (_, i) => (i * POINT_STEP - POINT_REACH) * deviation)
  return { ...shared, smile: { kind: 'points', strikes: ks.map((k) => forward * exp(k)), vols: ks.map(volAt) } }
}
