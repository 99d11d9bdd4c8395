import { formatChainId, formatTokenId } from '../../chain/ids/index.ts'
import type { IndexStatus } from '../../chain/index-client/index.ts'
import type { Seconds } from '../../risk/types/index.ts'
import type { Index } from './applyRange.ts'
import type { SyncResult } from './createSyncer.ts'
import type { Header } from './fetchRange.ts'

/** What the loop knows besides what the file says. Times in milliseconds of the wall clock. */
export type LoopState = {
  head: Header | null
  outcome: SyncResult['outcome'] | null
  /** Why the last pass failed; null when it did not. */
  failure: string | null
  /** Something was taken back and the pass that reads it again has not ended. */
  unsettled: boolean
  /** End of the last pass that succeeded. */
  succeededAt: number | null
}

export type StatusLimits = {
  /** Blocks behind the head at most. */
  readonly maxLagBlocks: number
  /** Since the last pass that succeeded. */
  readonly maxSilence: Seconds
  /** Age of the chain's head by the wall clock; null where blocks come only with transactions. */
  readonly maxHeadAge: Seconds | null
}

/** Judges an index: it is ready only when nothing speaks against it, and every objection is named. */
export function createStatus(
  { progress, deployment }: Index,
  loop: Readonly<LoopState>,
  limits: StatusLimits,
  now: () => number,
): () => IndexStatus {
  const chain = formatChainId(deployment.chainId)
  const { token } = deployment.contracts
  return () => {
    const last = progress.last()
    const { links, head: historyHead } = progress.history()
    const lagBlocks = loop.head === null || last === undefined ? null : Math.max(0, loop.head.number - last.number)
    const reasons = objections(loop, limits, last?.number ?? null, now())
    return {
      chain,
      token: token === null ? null : formatTokenId(deployment.chainId, token),
      block: last?.number ?? null,
      blockHash: last?.hash ?? null,
      time: last?.time ?? null,
      headBlock: loop.head?.number ?? null,
      lagBlocks,
      links,
      historyHead,
      ready: reasons.length === 0,
      reasons,
      ...progress.counters(),
    }
  }
}

function objections(loop: Readonly<LoopState>, limits: StatusLimits, block: number | null, now: number): string[] {
  const { head, outcome, failure, unsettled, succeededAt } = loop
  const reasons: string[] = []
  if (block === null || head === null || succeededAt === null) reasons.push('The first pass over the chain has not ended.')
  if (failure !== null) reasons.push(failure)
  if (unsettled) reasons.push('Blocks were taken back after a reorganisation and are being read again.')
  if (outcome === 'nodeBehind' && head !== null)
    reasons.push(`The node is at block ${head.number}, behind the index at ${block}: it is stale, or its chain was cut back.`)
  if (block !== null && head !== null && head.number - block > limits.maxLagBlocks)
    reasons.push(`The index is at block ${block} of ${head.number}, more than ${limits.maxLagBlocks} behind.`)
  const silence = succeededAt === null ? 0 : (now - succeededAt) / 1_000
  if (silence > limits.maxSilence)
    reasons.push(`The node has not been read for ${Math.floor(silence)} s; the limit is ${limits.maxSilence} s.`)
  const age = head === null || limits.maxHeadAge === null ? 0 : now / 1_000 - head.time
  if (limits.maxHeadAge !== null && age > limits.maxHeadAge)
    reasons.push(`The node's head is ${Math.floor(age)} s old; the limit is ${limits.maxHeadAge} s.`)
  return reasons
}
