import type { ChainReading } from '../../chain/ladder/index.ts'
import { type RefreshReason, refreshReason } from '../../risk/margin/ladder/index.ts'
import { surfaceVol, type VolSurface } from '../../risk/surface/index.ts'

/** One chain that is to be posted, and why. */
export type DueLadder = { readonly chain: ChainReading; readonly reason: RefreshReason | 'missing' | 'unproved' }

/**
 * The chains to post with this surface (risk policy B12): those in which somebody holds a position and whose ladder is missing, not proved, or due. The others are left
 * alone and refuse new risk until somebody asks.
 *
 * @param open - Numbers of the chains in which any account holds a position, or that somebody has asked for.
 */
export function dueChains(chains: readonly ChainReading[], surface: VolSurface, open: ReadonlySet<number>): readonly DueLadder[] {
  return chains
    .filter(({ listed }) => open.has(listed.chain) && surface.slices.some(({ expiry }) => expiry === listed.expiry))
    .flatMap((chain): DueLadder[] => {
      const reason = reasonFor(chain, surface)
      return reason === null ? [] : [{ chain, reason }]
    })
    .sort((left, right) => left.chain.listed.expiry - right.chain.listed.expiry)
}

function reasonFor({ live, status, listed }: ChainReading, surface: VolSurface): DueLadder['reason'] | null {
  if (live === null) return 'missing'
  const { header } = live.ladder.chain
  const otherwise = status === 'proved' ? null : 'unproved'
  // A surface that was seen no later than the one behind the ladder has nothing newer to say.
  if (surface.time <= header.asOf) return otherwise
  const slice = surface.slices.find(({ expiry }) => expiry === listed.expiry)!
  const now = surfaceVol(surface, listed.expiry, slice.forward.forward)
  if (now.kind === 'unavailable') return otherwise
  const reason = refreshReason(header, {
    time: surface.time,
    spot: surface.spot,
    atmVol: now.vol,
    // An option at the money is worth its vol: what the index corrects of it is the index's own move.
    volCorrection: Math.abs(now.vol / header.atmVol - 1),
    smileRepaired: slice.repairs.length > 0,
  })
  return reason ?? otherwise
}
