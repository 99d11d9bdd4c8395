import type { PublicClient } from 'viem'
import { type ClearingDeployment, clearingTopics, decodeClearingLog } from '../../chain/clearing/index.ts'
import { withChainErrors } from '../../chain/errors/index.ts'
import { fetchLogs } from '../../chain/read/index.ts'
import type { Hash } from '../../risk/types/index.ts'
import { applyClearingEvent } from './applyClearingEvent.ts'
import type { Cursor, MonitorStore } from './MonitorStore.ts'

export type FollowContext = {
  readonly client: PublicClient
  readonly deployment: ClearingDeployment
  readonly store: MonitorStore
  /** Blocks, the newest included, after which one is read. */
  readonly confirmations: number
  readonly signal?: AbortSignal
}

/** Blocks that are read and applied together. */
const SPAN = 20_000n

/**
 * Reads what is new of clearing's events into the store, up to the newest confirmed block. Ranges are applied whole, so a kill at any moment loses the range under way and nothing
 * else. When the chain no longer has the block that was read last, everything is read again.
 *
 * @returns Where the store stands now; null while there is nothing confirmed since the deployment.
 * @throws {RetryableError} The node does not answer.
 */
export async function followClearing({ client, deployment, store, confirmations, signal }: FollowContext): Promise<Cursor | null> {
  const head = await withChainErrors(() => client.getBlockNumber({ cacheTime: 0 }))
  const safe = head - BigInt(confirmations) + 1n
  const read = store.cursor()
  if (read !== undefined && (read.block > safe || (await hashOf(client, read.block)) !== read.hash)) store.clear()
  let from = (store.cursor()?.block ?? BigInt(deployment.block) - 1n) + 1n
  const { ledger, liquidation } = deployment.contracts
  while (from <= safe) {
    const to = from + SPAN - 1n < safe ? from + SPAN - 1n : safe
    // The hash first: should the chain change in between, the next look finds another one there and reads again.
    const hash = await hashOf(client, to)
    const logs = await fetchLogs(client, {
      addresses: [ledger, liquidation],
      topics: clearingTopics,
      fromBlock: from,
      toBlock: to,
      ...(signal === undefined ? {} : { signal }),
    })
    store.advance({ block: to, hash }, () => {
      for (const log of logs) applyClearingEvent(store.write, decodeClearingLog(log), log.blockNumber)
    })
    from = to + 1n
  }
  return store.cursor() ?? null
}

async function hashOf(client: PublicClient, blockNumber: bigint): Promise<Hash> {
  const { hash } = await withChainErrors(() => client.getBlock({ blockNumber }))
  return hash
}
