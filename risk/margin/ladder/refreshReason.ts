import { assertInRange, log } from '../../math/index.ts'
import { yearsBetween } from '../../pricing/index.ts'
import type { Seconds, UnixSeconds, Usd, Vol } from '../../types/index.ts'
import type { LadderHeader } from './types.ts'

/** Why a chain has to be posted again. */
export type RefreshReason =
  /** The vol at the money moved by more than a point or 2 %; chains of more than a week. */
  | 'volIndex'
  /** What the vol at the money corrects is more than 2 % of a value. */
  | 'volCorrection'
  /** Older than a hundredth of its time to expiry, within 15 minutes and 24 hours. */
  | 'age'
  /** The smile was repaired since. */
  | 'smileRepair'
  /** The index left the middle half of the grid. */
  | 'spot'

/** What is live beside a chain's header. */
export type ChainObservation = {
  readonly time: UnixSeconds
  readonly spot: Usd
  readonly atmVol: Vol
  /** Largest share of an instrument's value by which the vol at the money corrects it, from its vega; at least 0. */
  readonly volCorrection: number
  readonly smileRepaired: boolean
}

const WEEK = 7 / 365
const VOL_POINT = 0.01
const VOL_SHARE = 0.02
const CORRECTION = 0.02
const LEAST_AGE = 900
const MOST_AGE = 86_400
const AGE_SHARE = 0.01

/**
 * Whether a posted chain is still good (risk policy B12): null, or the first reason to post it again. A chain that is due and not posted refuses new risk.
 *
 * @throws {InvalidInputError} The observation is before the post, or a figure is outside its range.
 */
export function refreshReason(header: LadderHeader, now: ChainObservation): RefreshReason | null {
  assertInRange('time', now.time, header.asOf, Number.MAX_SAFE_INTEGER)
  assertInRange('spot', now.spot, 1e-9, 1e15)
  assertInRange('atmVol', now.atmVol, 1e-6, 10)
  assertInRange('volCorrection', now.volCorrection, 0, Number.MAX_VALUE)
  const moved = Math.abs(now.atmVol - header.atmVol)
  if (yearsBetween(now.time, header.expiry) > WEEK && (moved > VOL_POINT || moved > VOL_SHARE * header.atmVol)) return 'volIndex'
  if (now.volCorrection > CORRECTION) return 'volCorrection'
  if (now.time - header.asOf > longestAge(header.expiry - now.time)) return 'age'
  if (now.smileRepaired) return 'smileRepair'
  const { first, spacing, nodes } = header.grid
  const span = (nodes - 1) * spacing
  const place = (log(now.spot / header.base) - first) / span
  return place < 0.25 || place > 0.75 ? 'spot' : null
}

/** A hundredth of the time to expiry, at least 15 minutes and at most a day. */
function longestAge(timeToExpiry: Seconds): Seconds {
  return Math.min(MOST_AGE, Math.max(LEAST_AGE, AGE_SHARE * timeToExpiry))
}
