import type { SurfaceHead } from '../../chain/ladder/index.ts'
import type { SliceToSign, SurfaceToSign } from '../../chain/typed-data/index.ts'
import type { VolSurface } from '../../risk/surface/index.ts'
import type { ScopeId, Seconds, UnixSeconds } from '../../risk/types/index.ts'

/** Slices of one post at most: `SurfaceOracle.MAX_SLICES`. */
const MOST_SLICES = 16
const WAD = 1e18

/**
 * A fitted surface as its signers sign it: the slices of the expiries that are asked for, as many as one post holds.
 *
 * @param expiries - Most needed first. One without a slice of its own is left out: its chain keeps what it has.
 * @returns Null when no expiry has a slice.
 */
export function surfaceToSign(
  surface: VolSurface,
  market: ScopeId,
  head: SurfaceHead,
  expiries: readonly UnixSeconds[],
  validity: Seconds,
): SurfaceToSign | null {
  const slices = expiries
    .flatMap((expiry): SliceToSign[] => {
      const slice = surface.slices.find((each) => each.expiry === expiry)
      if (slice === undefined) return []
      const { a, b, rho, m, sigma } = slice.svi
      const forwardRatio = wad(slice.forward.forward / surface.spot)
      return [{ expiry, a: wad(a), b: wad(b), rho: wad(rho), m: wad(m), sigma: wad(sigma), forwardRatio }]
    })
    .slice(0, MOST_SLICES)
    .sort((left, right) => left.expiry - right.expiry)
  if (slices.length === 0) return null
  return {
    market,
    epoch: head.epoch,
    version: head.version + 1,
    asOf: surface.time,
    validUntil: surface.time + validity,
    spot: wad(surface.spot),
    slices,
  }
}

function wad(value: number): bigint {
  return BigInt(Math.round(value * WAD))
}
