import { InvalidInputError } from '../../errors/index.ts'
import type { UnixSeconds } from '../../types/index.ts'
import { type ChainObservation, type RefreshReason, refreshReason } from './refreshReason.ts'
import type { LadderChain } from './types.ts'

/** One chain that is due. */
export type DueChain = { readonly expiry: UnixSeconds; readonly reason: RefreshReason }

/**
 * The chains to post again, nearest expiry first. Chains in which nothing is open are not posted; they refuse new risk until somebody asks for them.
 *
 * @param observations - By expiry.
 * @param open - Expiries in which any account holds a position.
 * @throws {InvalidInputError} A chain has no observation, or as {@link refreshReason}.
 */
export function chainsToPost(
  chains: readonly LadderChain[],
  observations: ReadonlyMap<UnixSeconds, ChainObservation>,
  open: ReadonlySet<UnixSeconds>,
): readonly DueChain[] {
  return chains
    .filter(({ header }) => open.has(header.expiry))
    .flatMap(({ header }): DueChain[] => {
      const now = observations.get(header.expiry)
      if (now === undefined)
        throw new InvalidInputError({ argument: 'observations', got: `none for ${header.expiry}`, limit: 'one for each open chain' })
      const reason = refreshReason(header, now)
      return reason === null ? [] : [{ expiry: header.expiry, reason }]
    })
    .sort((a, b) => a.expiry - b.expiry)
}
