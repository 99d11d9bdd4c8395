import { compensatedSum } from '../../math/index.ts'
import type { Usd, Years } from '../../types/index.ts'

const DAY = 1 / 365
const REFERENCE = 30 * DAY
const SHORTEST = 2 * DAY
/** Vol points by which the skew of a 30-day expiry moves, and the most of any expiry. */
const POINTS = 6
const CEILING = 20

/**
 * Charge for a change of skew: per expiry, the net value of one point of steeper skew, whatever its sign, times 6 points x (30 d / max(T, 2 d))^0.5, at most 20
 * (risk policy B5).
 *
 * @param expiries - Net skew of the account in each expiry, USD per point, and its time to expiry.
 */
export function skewCharge(expiries: readonly { readonly timeToExpiry: Years; readonly skew: Usd }[]): Usd {
  return compensatedSum(expiries.map(({ timeToExpiry, skew }) => Math.abs(skew) * skewShock(timeToExpiry)))
}

/** Vol points. */
function skewShock(timeToExpiry: Years): number {
  return Math.min(CEILING, POINTS * Math.sqrt(REFERENCE / Math.max(timeToExpiry, SHORTEST)))
}
