import { assertInRange, pow } from '../math/index.ts'
import type { Fraction, Vol, Years } from '../types/index.ts'

const DAY = 1 / 365
const REFERENCE = 30 * DAY
const SHORT_POWER = 0.5
const LONG_POWER = 0.3
/** Largest multiple of the down scan. */
const DOWN_CEILING = 1.6
/** Smallest vol of the down state, as a share of the vol. */
const DOWN_FLOOR = 0.35
/** Lowest vol that the up state starts from. */
const UP_FLOOR = 0.4

/**
 * How much more the vol of an expiry moves than that of 30 days: (30 d / max(T, 1 d))^p, p = 0.5 below 30 days and 0.3 above.
 *
 * @throws {InvalidInputError} `timeToExpiry` is outside [0, 100] years.
 */
export function volShockScale(timeToExpiry: Years): number {
  assertInRange('timeToExpiry', timeToExpiry, 0, 100)
  const time = Math.max(timeToExpiry, DAY)
  return pow(REFERENCE / time, time < REFERENCE ? SHORT_POWER : LONG_POWER)
}

/**
 * The two vol states of an expiry, m its shock scale:
 * up = max(vol, 40 %) (1 + scanUp m); down = vol max(1 - scanDown min(m, 1.6), 0.35).
 *
 * @param vol - Implied vol of the expiry, in [0, 10].
 * @param scanUp - In [0, 5].
 * @param scanDown - In [0, 1).
 * @throws {InvalidInputError} An argument is outside its range.
 */
export function volStates(vol: Vol, timeToExpiry: Years, scanUp: Fraction, scanDown: Fraction): { readonly up: Vol; readonly down: Vol } {
  assertInRange('vol', vol, 0, 10)
  assertInRange('scanUp', scanUp, 0, 5)
  assertInRange('scanDown', scanDown, 0, 1 - 1e-9)
  const scale = volShockScale(timeToExpiry)
  return {
    up: Math.max(vol, UP_FLOOR) * (1 + scanUp * scale),
    down: vol * Math.max(DOWN_FLOOR, 1 - scanDown * Math.min(scale, DOWN_CEILING)),
  }
}
