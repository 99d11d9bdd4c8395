import { assertInRange } from '../math/index.ts'
import type { Seconds, Vol } from '../types/index.ts'
import { type SmileBasis, smileAt } from './smileAt.ts'
import type { SurfaceSlice, VolSurface } from './types.ts'

/** At-the-money-forward volatility of a term. */
export type ConstantMaturityVol =
  | {
      readonly kind: 'vol'
      readonly vol: Vol
      readonly basis: SmileBasis
      /** Half the spread of the at-the-money option of that term, in vol; null when no slice near the term has one. */
      readonly halfSpread: Vol | null
    }
  | { readonly kind: 'unavailable'; readonly reason: 'noSlices' | 'tooFar' }

const DAY: Seconds = 86_400
/** A term outside the listed expiries is answered up to this factor from the nearest. */
const REACH = 2

/**
 * At-the-money index of constant maturity: volatility at strike = forward, total variance linear in time between the expiries around the term.
 *
 * Outside the listed expiries it is that of the nearest one, up to a factor of two in time; further away there is no answer. The half spread is linear in time
 * between the nearest slices either side that have one, under the same rule.
 *
 * @param days - Term in days, in [1/24, 3650].
 * @throws {InvalidInputError} `days` is outside its range.
 */
export function constantMaturityVol(surface: VolSurface, days: number): ConstantMaturityVol {
  assertInRange('days', days, 1 / 24, 3_650)
  const expiry = surface.time + Math.round(days * DAY)
  const { slices } = surface
  const [first, last] = [slices[0], slices.at(-1)]
  if (first === undefined || last === undefined) return { kind: 'unavailable', reason: 'noSlices' }
  const smile = smileAt(surface, expiry)!
  const { timeToExpiry, basis } = smile
  if (first.timeToExpiry > REACH * timeToExpiry || REACH * last.timeToExpiry < timeToExpiry)
    return { kind: 'unavailable', reason: 'tooFar' }
  return { kind: 'vol', vol: Math.sqrt(smile.varianceAt(0) / timeToExpiry), basis, halfSpread: halfSpreadAt(slices, timeToExpiry) }
}

function halfSpreadAt(slices: readonly SurfaceSlice[], timeToExpiry: number): Vol | null {
  const quoted = slices.filter(({ atmHalfSpread }) => atmHalfSpread !== null)
  const before = quoted.findLast((slice) => slice.timeToExpiry <= timeToExpiry)
  const after = quoted.find((slice) => slice.timeToExpiry >= timeToExpiry)
  if (before === undefined || after === undefined) {
    const only = before ?? after
    if (only === undefined || only.timeToExpiry > REACH * timeToExpiry || REACH * only.timeToExpiry < timeToExpiry) return null
    return only.atmHalfSpread
  }
  const span = after.timeToExpiry - before.timeToExpiry
  const share = span > 0 ? (timeToExpiry - before.timeToExpiry) / span : 0
  return before.atmHalfSpread! + share * (after.atmHalfSpread! - before.atmHalfSpread!)
}
