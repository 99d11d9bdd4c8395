import type { PublicClient } from 'viem'
import { describe, expect, test } from 'vitest'
import { MissingDataError } from '../../../chain/errors/index.ts'
import { fetchLogs } from '../../../chain/read/index.ts'

const address = '0x00000000000000000000000000000000000000aa'
const topic = `0x${'01'.repeat(32)}` as const

/** A node with one log in every block that serves at most `limit` blocks a time, and nothing from `bad`. */
function node(limit: number, bad?: number): { client: PublicClient; asked: number[] } {
  const asked: number[] = []
  const request = async ({ params }: { params: readonly [{ fromBlock: string; toBlock: string }] }): Promise<unknown> => {
    const [from, to] = [Number(params[0].fromBlock), Number(params[0].toBlock)]
    asked.push(to - from + 1)
    if (to - from + 1 > limit) throw new Error('query returned more than 10000 results')
    if (bad !== undefined && from <= bad && bad <= to) throw new Error('internal error')
    return Array.from({ length: to - from + 1 }, (_, i) => ({
      address,
      topics: [topic],
      data: '0x',
      blockNumber: `0x${(from + i).toString(16)}`,
      blockHash: topic,
      transactionHash: topic,
      logIndex: '0x0',
    }))
  }
  return { client: { request } as unknown as PublicClient, asked }
}
const query = { addresses: [address], topics: [topic], fromBlock: 5n, toBlock: 1_004n } as const

describe('fetchLogs', () => {
  test('gets every log once and in order from a node that limits the range', async () => {
    for (const limit of [1, 7, 100, 10_000]) {
      const logs = await fetchLogs(node(limit).client, query)
      expect(logs.map(({ blockNumber }) => Number(blockNumber))).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 5))
    }
  })

  test('grows again after a success, so that a generous node is asked seldom', async () => {
    const { client, asked } = node(10_000)
    await fetchLogs(client, { ...query, span: 1n })
    expect(asked.length).toBeLessThan(15)
  })

  test('gives up on a block that cannot be served, and names it', async () => {
    await expect(fetchLogs(node(10_000, 400).client, query)).rejects.toThrow(/logs of block 400/)
  })

  test('null is no empty list', async () => {
    const client = { request: async () => null } as unknown as PublicClient
    await expect(fetchLogs(client, query)).rejects.toThrow(MissingDataError)
  })

  test('a pending log is refused', async () => {
    const { client } = node(10_000)
    const request = async (args: unknown): Promise<unknown> => {
      const logs = (await (client.request as (args: unknown) => Promise<unknown>)(args)) as Record<string, unknown>[]
      return logs.map((log, i) => (i === 3 ? { ...log, blockNumber: null } : log))
    }
    await expect(fetchLogs({ request } as unknown as PublicClient, query)).rejects.toThrow(MissingDataError)
  })

  test('stops when it is told to', async () => {
    const abort = new AbortController()
    abort.abort()
    await expect(fetchLogs(node(10).client, { ...query, signal: abort.signal })).rejects.toThrow(/abort/i)
  })
})
