import { buildSurface, constantMaturityVol, type OptionChain } from '../../risk/surface/index.ts'
import type { ImpliedVolObservation, Seconds } from '../../risk/types/index.ts'

/** A snapshot is read line by line; within this of its stamp all of it is known. */
export const READING_TIME: Seconds = 60

/**
 * What an option chain says of implied volatility: its surface at the money for 30 and 7 days, and half the spread at 30 days. Null when the surface has no 30-day volatility.
 * Chains carry no sizes, so there is no depth.
 */
export function optionChainObservation(chain: OptionChain): ImpliedVolObservation | null {
  const surface = buildSurface(chain)
  const month = constantMaturityVol(surface, 30)
  if (month.kind === 'unavailable') return null
  const week = constantMaturityVol(surface, 7)
  return {
    knownAt: chain.time + READING_TIME,
    atm30d: month.vol,
    ...(week.kind === 'vol' ? { atm7d: week.vol } : {}),
    ...(month.halfSpread === null ? {} : { atmHalfSpread: month.halfSpread }),
  }
}
