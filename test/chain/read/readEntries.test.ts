import type { PublicClient } from 'viem'
import { expect, test } from 'vitest'
import { readEntries } from '../../../chain/read/index.ts'
import type { Deployment } from '../../../risk/types/index.ts'

/** A node that holds `length` entries, the i-th with value i, and notes how many it was asked for at once. */
function nodeWith(length: number): { readonly client: PublicClient; readonly asked: number[] } {
  const asked: number[] = []
  const entryAt = (i: number) => ({
    value: BigInt(i),
    time: 1_000 + i,
    cumulativeLoosenBps: 0,
    cumulativeTighten: 0,
    cumulativeStewardTighten: 0,
    round: i,
    writer: 1,
    reason: 3,
  })
  const client = {
    getBlock: async () => ({ number: 7n, hash: `0x${'11'.repeat(32)}`, timestamp: 2_000n }),
    readContract: async () => ({ historyLength: length }),
    multicall: async ({ contracts }: { readonly contracts: readonly { readonly args: readonly [string, string, number] }[] }) => {
      asked.push(contracts.length)
      // The later the part, the sooner it answers.
      await new Promise((resolve) => setTimeout(resolve, 20 - (contracts[0]?.args[2] ?? 0) / 10))
      return contracts.map(({ args }) => entryAt(args[2]))
    },
  }
  return { client: client as unknown as PublicClient, asked }
}

const deployment = { contracts: { riskParameters: '0x1111111111111111111111111111111111111111' } } as unknown as Deployment

test('a long history is read in parts, each entry once and in order', async () => {
  const { client, asked } = nodeWith(121)
  const entries = await readEntries(client, deployment, 'market:ETH', 'market.depth')
  expect(entries.map(({ value }) => value)).toEqual(Array.from({ length: 121 }, (_, i) => i))
  expect(asked.toSorted((a, b) => a - b)).toEqual([21, 50, 50])
})

test('no history is no call', async () => {
  const { client, asked } = nodeWith(0)
  expect(await readEntries(client, deployment, 'market:ETH', 'market.depth')).toEqual([])
  expect(asked).toEqual([])
})
