import type { Usd } from '../../types/index.ts'
import { imageTail, type Side } from './imageTail.ts'
import type { LognormalLaw } from './lognormalLaw.ts'

/** A payoff slope S_T + level, paid where ln(S_T / S) lies in [from, to); zero elsewhere. Ends may be infinite. */
export type PayoffSegment = { readonly from: number; readonly to: number; readonly slope: number; readonly level: Usd }

/** The part of a segment inside [from, to]; one with from >= to pays nowhere. */
export function clipSegment(segment: PayoffSegment, from: number, to: number): PayoffSegment {
  return { ...segment, from: Math.max(segment.from, from), to: Math.min(segment.to, to) }
}

/**
 * Value now of a payoff segment seen from an image start (`shift` 0: from the true start), weighted as `imageTail` says.
 *
 * The asset part is the same mass under the measure that has the asset as its unit, where the drift is higher by the variance. With a known path (deviation 0)
 * only the true start counts.
 */
export function segmentValue(law: LognormalLaw, segment: PayoffSegment, shift: number): Usd {
  const { from, to, slope, level } = segment
  if (from >= to) return 0
  const { discountedForward, discount, drift, deviation } = law
  if (deviation === 0) {
    const inside = shift === 0 && from <= drift && drift < to
    return inside ? slope * discountedForward + level * discount : 0
  }
  const cash = level === 0 ? 0 : level * discount * massBetween(drift, deviation, shift, from, to)
  const asset = slope === 0 ? 0 : slope * discountedForward * massBetween(drift + deviation * deviation, deviation, shift, from, to)
  return asset + cash
}

/** Counted from the far side of the image, where both masses are small. */
function massBetween(drift: number, deviation: number, shift: number, from: number, to: number): number {
  const side: Side = shift < 0 || (shift === 0 && from + to > 2 * drift) ? 1 : -1
  const tail = (end: number): number => imageTail(drift, deviation, shift, end, side)
  return Math.max(0, side === 1 ? tail(from) - tail(to) : tail(to) - tail(from))
}
