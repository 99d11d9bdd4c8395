import { yearsBetween } from '../../../risk/pricing/index.ts'
import type { SurfaceSlice } from '../../../risk/surface/index.ts'
import type { MarketSource, Seconds, UnixSeconds, Usd, Vol } from '../../../risk/types/index.ts'
import { UnavailableError } from '../../errors/SourceErrors.ts'
import type { SurfaceSource } from './SurfaceSource.ts'

const HOUR: Seconds = 3_600
const DAY: Seconds = 86_400
const SHORT = 7
const LONG = 30

/**
 * Surfaces of a simulated market: its quotes of 7 and 30 days, total variance linear in between and vol flat beyond, the same at every strike, forwards at the index.
 */
export function simulatedSurfaces(market: MarketSource): SurfaceSource {
  return {
    async fetchSurface(time, expiries) {
      const { impliedVol, spot } = await market.fetchObservation(time - 2 * HOUR, time)
      const quote = impliedVol.at(-1)
      if (quote === undefined) throw new UnavailableError({ source: 'the simulated market', what: 'implied volatility', time })
      const { atm30d, atm7d = atm30d } = quote
      const slices = [...new Set(expiries)]
        .filter((expiry) => expiry > time)
        .sort((a, b) => a - b)
        .map((expiry) => flatSlice(expiry, time, spot, termVol((expiry - time) / DAY, atm7d, atm30d)))
      return { schema: 'ballast.surface', version: 1, time, spot, slices, unavailable: [] }
    },
  }
}

/** Vol of a term in days. */
function termVol(days: number, short: Vol, long: Vol): Vol {
  if (days <= SHORT) return short
  if (days >= LONG) return long
  const share = (days - SHORT) / (LONG - SHORT)
  const variance = short * short * SHORT + share * (long * long * LONG - short * short * SHORT)
  return Math.sqrt(variance / days)
}

/** Raw SVI with b = 0. */
function flatSlice(expiry: UnixSeconds, time: UnixSeconds, spot: Usd, vol: Vol): SurfaceSlice {
  const timeToExpiry = yearsBetween(time, expiry)
  return {
    expiry,
    timeToExpiry,
    forward: { forward: spot, source: 'spot', pairs: 0, residual: 0, inside: 1 },
    model: 'flat',
    svi: { a: vol * vol * timeToExpiry, b: 0, rho: 0, m: 0, sigma: 1 },
    repairs: [],
    quotes: { twoSided: 0, bidOnly: 0, askOnly: 0, markOnly: 0, crossed: 0, outOfBounds: 0, stale: 0, empty: 0 },
    points: 0,
    usesMarks: false,
    range: { from: 0, to: 0 },
    rmsError: 0,
    insideShare: null,
    atmHalfSpread: null,
  }
}
