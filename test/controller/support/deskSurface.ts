import type { VolSurface } from '../../../risk/surface/index.ts'
import { EXPIRY } from './clearingChain.ts'

/** What a desk that fits a smile leaves in its folder: one expiry, at spot 200. */
export function deskSurface(time: number, vol = 0.95): VolSurface {
  const timeToExpiry = (EXPIRY - time) / (365 * 86_400)
  return {
    schema: 'ballast.surface',
    version: 1,
    time,
    spot: 200,
    slices: [
      {
        expiry: EXPIRY,
        timeToExpiry,
        forward: { forward: 200, source: 'venue', pairs: 0, residual: 0, inside: 1 },
        model: 'svi',
        svi: { a: (vol * vol * timeToExpiry) / 2, b: (vol * vol * timeToExpiry) / 0.6, rho: -0.3, m: 0, sigma: 0.3 },
        repairs: [],
        quotes: { twoSided: 9, bidOnly: 0, askOnly: 0, markOnly: 0, crossed: 0, outOfBounds: 0, stale: 0, empty: 0 },
        points: 9,
        usesMarks: false,
        range: { from: -1, to: 1 },
        rmsError: 0,
        insideShare: 1,
        atmHalfSpread: null,
      },
    ],
    unavailable: [],
  }
}
