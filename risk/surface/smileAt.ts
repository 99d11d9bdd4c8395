import { exp, log } from '../math/index.ts'
import { yearsBetween } from '../pricing/index.ts'
import type { UnixSeconds, Usd, Years } from '../types/index.ts'
import { totalVariance } from './totalVariance.ts'
import type { SurfaceSlice, VolSurface } from './types.ts'

/** How a smile follows from the slices. */
export type SmileBasis = 'slice' | 'between' | 'beforeFirst' | 'afterLast'

export type Smile = {
  readonly timeToExpiry: Years
  readonly forward: Usd
  readonly basis: SmileBasis
  /** Total variance at k = ln(strike / forward). */
  readonly varianceAt: (k: number) => number
}

/**
 * The smile of any expiry after the surface's time; null when the surface has no slice. Unguarded.
 *
 * At equal k total variance is linear in time between two slices, and from zero up to the first; after the last it grows by the at-the-money variance of the
 * last per unit of time. The logarithm of forward over spot is linear in time between the same points, and keeps its rate after the last. A mixture
 * in time of slices that do not cross does not cross them; the part before the first is a slice scaled down, so neither can hold calendar arbitrage, and the
 * scaled one no butterfly arbitrage either.
 * @see Gatheral and Jacquier (2014), section 5, on interpolation in total variance.
 */
export function smileAt(surface: VolSurface, expiry: UnixSeconds): Smile | null {
  const { slices, time, spot } = surface
  const timeToExpiry = yearsBetween(time, expiry)
  const exact = slices.find((slice) => slice.expiry === expiry)
  if (exact !== undefined)
    return { timeToExpiry, forward: exact.forward.forward, basis: 'slice', varianceAt: (k) => totalVariance(exact.svi, k) }
  const after = slices.find((slice) => slice.expiry > expiry)
  const before = slices.findLast((slice) => slice.expiry < expiry)
  if (after !== undefined && before !== undefined) {
    const share = (expiry - before.expiry) / (after.expiry - before.expiry)
    const [low, high] = [carryOf(before, spot), carryOf(after, spot)]
    return {
      timeToExpiry,
      forward: spot * exp(low + share * (high - low)),
      basis: 'between',
      varianceAt: (k) => (1 - share) * totalVariance(before.svi, k) + share * totalVariance(after.svi, k),
    }
  }
  const only = after ?? before
  if (only === undefined) return null
  const ratio = timeToExpiry / only.timeToExpiry
  const forward = spot * exp(carryOf(only, spot) * ratio)
  if (after !== undefined) return { timeToExpiry, forward, basis: 'beforeFirst', varianceAt: (k) => ratio * totalVariance(only.svi, k) }
  const growth = (ratio - 1) * totalVariance(only.svi, 0)
  return { timeToExpiry, forward, basis: 'afterLast', varianceAt: (k) => totalVariance(only.svi, k) + growth }
}

/** ln(forward / spot). */
function carryOf({ forward }: SurfaceSlice, spot: Usd): number {
  return log(forward.forward / spot)
}
