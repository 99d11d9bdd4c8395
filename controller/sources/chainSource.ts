import { WrongChainError } from '../../chain/errors/index.ts'
import type { ChainReader, Clock, ScopeId, ScopeReading, Seconds } from '../../risk/types/index.ts'
import { StaleHeadError } from '../errors/ChainErrors.ts'

export type ChainSourceOptions = {
  readonly reader: ChainReader
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
}

/** Chain state as a source: right chain, fresh head, never back in time without saying so. */
export function chainSource({ reader, clock, scope, chainId, maxHeadAgeSeconds }: ChainSourceOptions): ChainSource {
  let newest = 0
  return {
    async fetchReading(block) {
      const reading = await reader.readScope(scope, block)
      if (reading.chainId !== chainId) throw new WrongChainError({ expected: chainId, got: reading.chainId })
      if (block !== undefined) return reading
      const ageSeconds = clock.now() - reading.time
      // Heads that go back in time by less than the limit are an ordinary reorganisation.
      const behindSeconds = newest - reading.time
      if (ageSeconds > maxHeadAgeSeconds || behindSeconds > maxHeadAgeSeconds) {
        throw new StaleHeadError({
          block: reading.block.toString(),
          ageSeconds: Math.max(ageSeconds, behindSeconds),
          maxAgeSeconds: maxHeadAgeSeconds,
        })
      }
      newest = Math.max(newest, reading.time)
      return reading
    },
  }
}
