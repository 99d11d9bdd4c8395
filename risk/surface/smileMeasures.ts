import { assertInRange, normalQuantile } from '../math/index.ts'
import type { Fraction, UnixSeconds, Vol } from '../types/index.ts'
import { type Smile, smileAt } from './smileAt.ts'
import { assertExpiry } from './surfaceVol.ts'
import type { VolSurface } from './types.ts'

/** Shape of the smile of one expiry. */
export type SmileMeasures =
  | {
      readonly kind: 'measures'
      /** At strike = forward. */
      readonly atm: Vol
      /** Volatility of the call less that of the put: negative when puts are dearer. */
      readonly riskReversal: Vol
      /** Mean of both less the one at the money: what the wings cost above it. */
      readonly butterfly: Vol
      /** Volatilities of the put and the call. */
      readonly put: Vol
      readonly call: Vol
    }
  | { readonly kind: 'unavailable'; readonly reason: 'noSlices' }

const ROUNDS = 100

/**
 * Skew and wing measures at a delta: 0.25 is the customary one, 0.1 shows the far wings.
 *
 * Delta is that of Black-76 with respect to the forward, undiscounted and in USD: N(d1) of the call, 1 - N(d1) of the put. Under a smile free of arbitrage d1 falls as the
 * strike rises, so each strike is found by bisection.
 *
 * @param expiry - After the surface's time.
 * @param delta - Inside (0, 0.5), for example 0.25.
 * @throws {InvalidInputError} `expiry` is not a whole number of seconds after the surface's time, or `delta` is outside its range.
 * @see Fukasawa, The normalizing transformation of the implied volatility smile, Mathematical Finance 22 (2012), for the fall of d1.
 */
export function smileMeasures(surface: VolSurface, expiry: UnixSeconds, delta: Fraction): SmileMeasures {
  assertExpiry(surface, expiry)
  assertInRange('delta', delta, 1e-6, 0.499_999)
  const smile = smileAt(surface, expiry)
  if (smile === null) return { kind: 'unavailable', reason: 'noSlices' }
  const volAt = (k: number): Vol => Math.sqrt(smile.varianceAt(k) / smile.timeToExpiry)
  const call = volAt(strikeOfD1(smile, normalQuantile(delta)))
  const put = volAt(strikeOfD1(smile, -normalQuantile(delta)))
  const atm = volAt(0)
  return { kind: 'measures', atm, riskReversal: call - put, butterfly: (call + put) / 2 - atm, put, call }
}

/** The k = ln(strike / forward) with d1 = -k / sqrt(w) + sqrt(w) / 2 equal to `wanted`. */
function strikeOfD1({ varianceAt }: Smile, wanted: number): number {
  const excess = (k: number): number => {
    const root = Math.sqrt(varianceAt(k))
    return -k / root + root / 2 - wanted
  }
  const step = Math.sqrt(varianceAt(0))
  let low = -step
  let high = step
  for (let round = 0; round < ROUNDS && excess(low) < 0; round++) low *= 1.5
  for (let round = 0; round < ROUNDS && excess(high) > 0; round++) high *= 1.5
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (low + high) / 2
    if (excess(middle) > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}
