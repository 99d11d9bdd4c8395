import { InvalidInputError } from '../errors/index.ts'
import { assertInRange } from '../math/index.ts'
import { logMoneyness } from '../pricing/logMoneyness.ts'
import type { UnixSeconds, Usd, Vol, Years } from '../types/index.ts'
import { type SmileBasis, smileAt } from './smileAt.ts'
import type { VolSurface } from './types.ts'

/** The volatility of a strike and expiry, or why there is none. */
export type SurfaceVol =
  | {
      readonly kind: 'vol'
      readonly vol: Vol
      readonly forward: Usd
      readonly timeToExpiry: Years
      readonly basis: SmileBasis
      /** Whether the strike lies within the quoted strikes of every slice that the answer uses. */
      readonly quoted: boolean
    }
  | { readonly kind: 'unavailable'; readonly reason: 'noSlices' }

/**
 * Implied volatility of a strike at any expiry.
 *
 * @param expiry - After the surface's time.
 * @param strike - In [1e-9, 1e15].
 * @throws {InvalidInputError} `expiry` is not a whole number of seconds after the surface's time, or `strike` is outside its range.
 */
export function surfaceVol(surface: VolSurface, expiry: UnixSeconds, strike: Usd): SurfaceVol {
  assertExpiry(surface, expiry)
  assertInRange('strike', strike, 1e-9, 1e15)
  const smile = smileAt(surface, expiry)
  if (smile === null) return { kind: 'unavailable', reason: 'noSlices' }
  const { timeToExpiry, forward, basis, varianceAt } = smile
  const k = -logMoneyness(forward, strike)
  const used = [surface.slices.findLast((slice) => slice.expiry <= expiry), surface.slices.find((slice) => slice.expiry >= expiry)]
  const quoted = used.every((slice) => slice === undefined || (slice.range.from <= k && k <= slice.range.to))
  return { kind: 'vol', vol: Math.sqrt(varianceAt(k) / timeToExpiry), forward, timeToExpiry, basis, quoted }
}

/** @throws {InvalidInputError} `expiry` is not a whole number of seconds after the surface's time. */
export function assertExpiry({ time }: VolSurface, expiry: UnixSeconds): void {
  if (!(Number.isSafeInteger(expiry) && expiry > time))
    throw new InvalidInputError({ argument: 'expiry', got: expiry, limit: `whole seconds after ${time}` })
}
