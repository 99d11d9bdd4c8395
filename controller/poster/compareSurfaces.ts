import type { SliceToSign, SurfaceToSign } from '../../chain/typed-data/index.ts'
import { exp, log } from '../../risk/math/index.ts'
import { yearsBetween } from '../../risk/pricing/index.ts'
import { surfaceVol, type VolSurface } from '../../risk/surface/index.ts'
import type { EngineConfiguration, UnixSeconds, Usd, Vol } from '../../risk/types/index.ts'
import type { Comparison } from '../sources/compareObservation.ts'

/** Standard deviations from the forward at which two smiles are compared. */
const PLACES = [-2, -1, 0, 1, 2]

/**
 * Compares a surface that another engine wants signed with the own one: spot, forwards, and vols from two standard deviations below the forward to two above.
 *
 * @param own - Of this engine's own source, at about the same time.
 * @returns The first difference beyond the tolerances, relative to the larger value. An expiry that the own surface does not reach is one.
 */
export function compareSurfaces(own: VolSurface, theirs: SurfaceToSign, { price, vol }: EngineConfiguration['tolerance']): Comparison {
  const spot = wad(theirs.spot)
  const differs = (what: string, mine: number, yours: number, limit: number): Comparison | null =>
    Math.abs(mine - yours) <= limit * Math.max(Math.abs(mine), Math.abs(yours))
      ? null
      : { kind: 'differ', what, own: mine, theirs: yours, limit }
  const first = differs('spot of the surface', own.spot, spot, price)
  if (first !== null) return first
  for (const slice of theirs.slices) {
    const { expiry } = slice
    const forward = spot * wad(slice.forwardRatio)
    const mine = own.slices.find((each) => each.expiry === expiry)
    if (mine === undefined) return { kind: 'differ', what: `expiry ${expiry} of the surface`, own: 0, theirs: expiry, limit: 0 }
    const carried = differs(`forward of expiry ${expiry}`, mine.forward.forward, forward, price)
    if (carried !== null) return carried
    const atm = proposedVol(slice, theirs.asOf, forward, forward)
    const deviation = atm * Math.sqrt(yearsBetween(theirs.asOf, expiry))
    for (const place of PLACES) {
      const strike = forward * exp(place * deviation)
      const ownVol = surfaceVol(own, expiry, strike)
      const difference = differs(
        `vol of expiry ${expiry} at ${strike}`,
        ownVol.kind === 'vol' ? ownVol.vol : Number.NaN,
        proposedVol(slice, theirs.asOf, forward, strike),
        vol,
      )
      if (difference !== null) return difference
    }
  }
  return { kind: 'agree' }
}

function proposedVol({ expiry, a, b, rho, m, sigma }: SliceToSign, asOf: UnixSeconds, forward: Usd, strike: Usd): Vol {
  const k = log(strike / forward) - wad(m)
  const variance = wad(a) + wad(b) * (wad(rho) * k + Math.sqrt(k * k + wad(sigma) * wad(sigma)))
  return Math.sqrt(Math.max(0, variance) / yearsBetween(asOf, expiry))
}

const wad = (value: bigint): number => Number(value) / 1e18
