import { yearsBetween } from '../pricing/index.ts'
import type { Seconds, UnixSeconds, Vol, Years } from '../types/index.ts'
import { estimateForward } from './estimateForward.ts'
import { type FitTarget, fitTargets } from './fitTargets.ts'
import { screenQuotes, smilePoints } from './readQuotes.ts'
import type { ExpiryQuotes, Forward, OptionChain, QuoteCounts, SliceModel, SmilePoint, UnavailableReason } from './types.ts'

/** What an expiry's quotes allow to be fitted. */
export type SlicePlan = {
  readonly kind: 'plan'
  readonly expiry: UnixSeconds
  readonly timeToExpiry: Years
  readonly forward: Forward
  readonly model: SliceModel
  readonly usesMarks: boolean
  readonly points: readonly SmilePoint[]
  readonly targets: readonly FitTarget[]
  /** Total variance at the strike nearest to the forward. */
  readonly theta: number
  readonly quotes: QuoteCounts
}

export type UnavailablePlan = { readonly kind: 'unavailable'; readonly expiry: UnixSeconds; readonly reason: UnavailableReason }

/** Strikes that the five parameters of SVI ask for. */
const ENOUGH_FOR_SVI = 5

/**
 * The rung of the ladder for an expiry: SVI on five two-sided strikes or more; SVI on those and marks, five together; two parameters on two to four;
 * flat on one; nothing on none.
 */
export function planSlice(
  chain: OptionChain,
  { expiry, venueForward, quotes }: ExpiryQuotes,
  maxAge: Seconds,
): SlicePlan | UnavailablePlan {
  if (expiry <= chain.time) return { kind: 'unavailable', expiry, reason: 'expired' }
  const timeToExpiry = yearsBetween(chain.time, expiry)
  const screened = screenQuotes(quotes, chain.time, maxAge)
  if (screened.usable.length === 0) return { kind: 'unavailable', expiry, reason: 'noQuotes' }
  const forward = estimateForward(screened.usable, chain.numeraire, venueForward, chain.spot)
  const { points, counts } = smilePoints(screened, forward.forward, timeToExpiry, chain.numeraire)
  const usesMarks = points.filter(({ kind }) => kind === 'band').length < ENOUGH_FOR_SVI
  const targets = fitTargets(points, usesMarks)
  const middles = targets.filter(({ kind }) => kind === 'middle')
  const nearest = middles.reduce<FitTarget | null>(
    (best, target) => (best === null || Math.abs(target.k) < Math.abs(best.k) ? target : best),
    null,
  )
  if (nearest === null) return { kind: 'unavailable', expiry, reason: 'noQuotes' }
  return {
    kind: 'plan',
    expiry,
    timeToExpiry,
    forward,
    model: middles.length >= ENOUGH_FOR_SVI ? 'svi' : middles.length > 1 ? 'ssvi' : 'flat',
    usesMarks: usesMarks && points.some(({ kind }) => kind === 'mark'),
    points,
    targets,
    theta: varianceOf(nearest.vol, timeToExpiry),
    quotes: counts,
  }
}

function varianceOf(vol: Vol, timeToExpiry: Years): number {
  return vol * vol * timeToExpiry
}
