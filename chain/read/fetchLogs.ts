import type { PublicClient } from 'viem'
import { type BallastError, RetryableError } from '../../risk/errors/index.ts'
import type { Address, Hash, Hex } from '../../risk/types/index.ts'
import { MissingDataError, toChainError } from '../errors/index.ts'

/** A log as the node keeps it. */
export type RawLog = {
  readonly address: Address
  readonly topics: readonly Hash[]
  readonly data: Hex
  readonly blockNumber: bigint
  readonly blockHash: Hash
  readonly transactionHash: Hash
  readonly logIndex: number
}

export type LogQuery = {
  readonly addresses: readonly Address[]
  /** Logs whose first topic is one of these. */
  readonly topics: readonly Hash[]
  readonly fromBlock: bigint
  readonly toBlock: bigint
  /** Blocks in the first request; later ones grow or shrink with the node's answers. */
  readonly span?: bigint
  readonly signal?: AbortSignal
}

const FIRST_SPAN = 100_000n
const MAX_SPAN = 10_000_000n
const ATTEMPTS_PER_BLOCK = 3

type Answer = { readonly [key in 'address' | 'data' | 'blockNumber' | 'blockHash' | 'transactionHash' | 'logIndex']: Hex | null } & {
  readonly topics: readonly Hash[]
}

/**
 * All matching logs, ascending. Nodes limit range or size of an answer, each in its own words: whatever the complaint, the range is halved, down to
 * one block; after a success it doubles.
 *
 * @throws {MissingDataError} The node answers null or pending logs, or cannot serve a single block.
 */
export async function fetchLogs(client: PublicClient, query: LogQuery): Promise<RawLog[]> {
  const logs: RawLog[] = []
  let from = query.fromBlock
  let span = query.span ?? FIRST_SPAN
  let attempts = 0
  while (from <= query.toBlock) {
    query.signal?.throwIfAborted()
    const to = from + span - 1n < query.toBlock ? from + span - 1n : query.toBlock
    try {
      for (const log of await fetchRange(client, query, from, to)) logs.push(log)
      from = to + 1n
      attempts = 0
      span = span * 2n < MAX_SPAN ? span * 2n : MAX_SPAN
    } catch (error) {
      if (error instanceof MissingDataError) throw error
      attempts = span === 1n ? attempts + 1 : 0
      if (attempts >= ATTEMPTS_PER_BLOCK) throw unservable(from, error)
      span = span > 1n ? span / 2n : 1n
    }
  }
  return logs
}

function unservable(block: bigint, error: unknown): BallastError {
  const cause = toChainError(error)
  if (cause instanceof RetryableError) return cause
  return new MissingDataError(
    { what: `the logs of block ${block}`, detail: (error as Error).message.split('\n')[0] ?? '' },
    { cause: error },
  )
}

async function fetchRange(client: PublicClient, query: LogQuery, from: bigint, to: bigint): Promise<RawLog[]> {
  const filter = { address: [...query.addresses], topics: [[...query.topics]], fromBlock: hex(from), toBlock: hex(to) }
  const answer = (await client.request({ method: 'eth_getLogs', params: [filter] })) as readonly Answer[] | null
  if (!Array.isArray(answer)) throw new MissingDataError({ what: `the logs of blocks ${from} to ${to}`, detail: 'it answered null' })
  return answer.map((log: Answer) => {
    const { blockNumber, blockHash, transactionHash, logIndex, address, data } = log
    if (blockNumber === null || blockHash === null || transactionHash === null || logIndex === null || address === null || data === null)
      throw new MissingDataError({ what: `a mined log of blocks ${from} to ${to}`, detail: 'it answered a pending one' })
    return { address, topics: log.topics, data, blockNumber: BigInt(blockNumber), blockHash, transactionHash, logIndex: Number(logIndex) }
  })
}

const hex = (block: bigint): Hex => `0x${block.toString(16)}`
