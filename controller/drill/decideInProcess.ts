import type { ClearingVenue } from '../../risk/clearing/index.ts'
import { memoryDocuments, type ReplayTick, replayMarket } from '../../risk/replay/index.ts'
import type { Book, Catalogue, Hash, UnixSeconds, World } from '../../risk/types/index.ts'
import type { DrillMarket } from './DrillSetup.ts'

export type DecideOptions = {
  readonly markets: readonly DrillMarket[]
  readonly world: World
  readonly catalogue: Catalogue
  readonly engine: Hash
  readonly from: UnixSeconds
  readonly to: UnixSeconds
}

/**
 * The controller inside this process: the replay driver of every market over the venue's accounts, pulled one tick at a time.
 *
 * @returns What runs a tick and gives the number of parameters it moved.
 */
export function decideInProcess(
  { markets, ...options }: DecideOptions,
  venue: ClearingVenue,
): (observedAt: UnixSeconds) => Promise<number> {
  const engines = markets.map(({ name, source, configuration }) => {
    const fetchBook = (): Promise<Book> => venue.readBook(name)
    return replayMarket({ ...options, market: source, portfolios: { fetchBook }, configuration, documents: memoryDocuments() })
  })
  return async () => {
    let moves = 0
    for (const engine of engines) {
      const { value: ticked } = await engine.next()
      if (ticked !== undefined) moves += movesOf(ticked)
    }
    return moves
  }
}

function movesOf({ outcomes, executed }: ReplayTick): number {
  return [...outcomes, ...executed].filter(({ kind }) => kind === 'applied').length
}
