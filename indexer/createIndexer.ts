import { setTimeout as sleep } from 'node:timers/promises'
import type { PublicClient } from 'viem'
import type { IndexStatus } from '../chain/index-client/index.ts'
import { RetryableError } from '../risk/errors/index.ts'
import type { Deployment } from '../risk/types/index.ts'
import { openIndex } from './store/openIndex.ts'
import { openProgress } from './store/progress.ts'
import { openRows } from './store/rows.ts'
import type { Index } from './sync/applyRange.ts'
import { createStatus, type LoopState, type StatusLimits } from './sync/createStatus.ts'
import { createSyncer, type SyncOptions, type SyncResult } from './sync/createSyncer.ts'

export type IndexerOptions = SyncOptions & {
  readonly client: PublicClient
  readonly deployment: Deployment
  /** File of the index, or `:memory:`. */
  readonly path: string
  readonly limits?: Partial<StatusLimits>
  /** Wall clock in milliseconds. */
  readonly now?: () => number
}

export type Indexer = {
  readonly index: Index
  readonly status: () => IndexStatus
  /** One pass over the chain. @throws as the syncer does. */
  readonly pass: (signal: AbortSignal) => Promise<SyncResult>
  /** Passes, one after the other, until the signal. @throws {FatalError} Trying again cannot help. */
  readonly follow: (options: FollowOptions) => Promise<void>
  readonly close: () => void
}

export type FollowOptions = {
  readonly signal: AbortSignal
  /** Pause between two passes that succeed. */
  readonly intervalMilliseconds: number
  /** Called after each pass that succeeded. */
  readonly onPass?: () => void
  readonly onFailure?: (error: RetryableError, pauseMilliseconds: number) => void
}

const defaults: StatusLimits = { maxLagBlocks: 3, maxSilence: 60, maxHeadAge: null }
const LONGEST_PAUSE_MILLISECONDS = 15_000

/**
 * An index with the loop that keeps it at the head of its chain.
 *
 * @throws {OtherIndexError}, {IndexLockedError}, {IndexCorruptError} The file cannot be used.
 */
export function createIndexer({ client, deployment, path, limits, now = Date.now, ...options }: IndexerOptions): Indexer {
  const file = openIndex(path, deployment)
  const index: Index = { file, rows: openRows(file), progress: openProgress(file), deployment }
  const loop: LoopState = { head: null, outcome: null, failure: null, unsettled: false, succeededAt: null }
  const syncer = createSyncer(client, index, {
    onHead: (head) => {
      loop.head = head
    },
    onRange: (range) => options.onRange?.(range),
    onRollback: (rollback) => {
      loop.unsettled = true
      options.onRollback?.(rollback)
    },
  })

  const pass = async (signal: AbortSignal): Promise<SyncResult> => {
    try {
      const result = await syncer.pass(signal)
      Object.assign(loop, { outcome: result.outcome, failure: null, succeededAt: now() })
      if (result.outcome === 'current') loop.unsettled = false
      return result
    } catch (error) {
      if (!signal.aborted) loop.failure = (error as Error).message
      throw error
    }
  }

  return {
    index,
    status: createStatus(index, loop, { ...defaults, ...limits }, now),
    pass,
    async follow({ signal, intervalMilliseconds, onPass, onFailure }) {
      let failures = 0
      while (!signal.aborted) {
        let pause = intervalMilliseconds
        try {
          await pass(signal)
          failures = 0
          onPass?.()
        } catch (error) {
          if (signal.aborted) return
          if (!(error instanceof RetryableError)) throw error
          pause = Math.min(LONGEST_PAUSE_MILLISECONDS, intervalMilliseconds * 2 ** ++failures)
          onFailure?.(error, pause)
        }
        // A signal during the pause ends it; that is no failure.
        await sleep(pause, undefined, { signal }).catch(() => undefined)
      }
    },
    close: file.close,
  }
}
