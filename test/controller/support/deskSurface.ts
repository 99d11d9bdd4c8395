import type { SurfaceSlice, VolSurface } from '../../../risk/surface/index.ts'
import { EXPIRY } from './clearingChain.ts'

/** A smile of an expiry, `vol` at the money, as a desk that fits one leaves it. */
export function deskSlice(time: number, expiry: number, forward: number, vol: number): SurfaceSlice {
  const timeToExpiry = (expiry - time) / (365 * 86_400)
  const variance = vol * vol * timeToExpiry
  return {
    expiry,
    timeToExpiry,
    forward: { forward, source: 'venue', pairs: 0, residual: 0, inside: 1 },
    model: 'svi',
    svi: { a: variance / 2, b: variance / 0.6, rho: -0.3, m: 0, sigma: 0.3 },
    repairs: [],
    quotes: { twoSided: 9, bidOnly: 0, askOnly: 0, markOnly: 0, crossed: 0, outOfBounds: 0, stale: 0, empty: 0 },
    points: 9,
    usesMarks: false,
    range: { from: -1, to: 1 },
    rmsError: 0,
    insideShare: 1,
    atmHalfSpread: null,
  }
}

/** What such a desk leaves in its folder: one expiry, at spot 200. */
export function deskSurface(time: number, vol = 0.95): VolSurface {
  return { schema: 'ballast.surface', version: 1, time, spot: 200, slices: [deskSlice(time, EXPIRY, 200, vol)], unavailable: [] }
}
