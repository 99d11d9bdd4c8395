import { WrongChainError } from '../../chain/errors/index.ts'
import type { ChainReader, Clock, ScopeId, ScopeReading, Seconds, UnixSeconds } from '../../risk/types/index.ts'
import { StaleHeadError } from '../errors/ChainErrors.ts'

export type ChainSourceOptions = {
  readonly reader: ChainReader
  readonly readLane: (scope: ScopeId) => Promise<{ readonly round: number; readonly observedAt: UnixSeconds }>
  readonly clock: Clock
  readonly scope: ScopeId
  readonly chainId: number
  /** Oldest head that still counts as the present. */
  readonly maxHeadAgeSeconds: Seconds
}

/** The scope as the chain holds it, all of it read at one block. */
export type ChainSource = {
  /**
   * At the latest block, or at `block`, which is then not checked for age.
   *
   * @throws {WrongChainError} Another chain answers.
   * @throws {StaleHeadError} The head is too old, or lies before one that was already seen.
   */
  readonly fetchReading: (block?: bigint) => Promise<ScopeReading>
  /** The lane alone, at the latest block: one question instead of one per parameter. Errors as above. */
  readonly fetchProgress: () => Promise<LaneProgress>
}

/** Last accepted round of a lane, and the time of the block it was read at. */
export type LaneProgress = { readonly round: number; readonly observedAt: UnixSeconds; readonly time: UnixSeconds }

/** Chain state as a source: right chain, fresh head, never back in time without saying so. */
export function chainSource({ reader, readLane, clock, scope, chainId, maxHeadAgeSeconds }: ChainSourceOptions): ChainSource {
  let newest = 0
  const assertFresh = (time: UnixSeconds): void => {
    // Heads that go back in time by less than the limit are an ordinary reorganisation.
    const ageSeconds = Math.max(clock.now(), newest) - time
    if (ageSeconds > maxHeadAgeSeconds) throw new StaleHeadError({ scope, headTime: time, ageSeconds, maxAgeSeconds: maxHeadAgeSeconds })
    newest = Math.max(newest, time)
  }
  return {
    async fetchReading(block) {
      const reading = await reader.readScope(scope, block)
      if (reading.chainId !== chainId) throw new WrongChainError({ expected: chainId, got: reading.chainId })
      if (block === undefined) assertFresh(reading.time)
      return reading
    },
    async fetchProgress() {
      const [lane, time] = await Promise.all([readLane(scope), reader.readTime()])
      assertFresh(time)
      return { ...lane, time }
    },
  }
}
