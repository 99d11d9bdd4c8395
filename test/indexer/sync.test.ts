import { numberToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyDeployment } from '../../chain/deploy/index.ts'
import { readHistory } from '../../chain/read/index.ts'
import { artifacts, people, settings, startChain } from '../chain/support.ts'
import { type Activity, startActivity } from './support/activity.ts'
import { createBentClient, honest } from './support/bentClient.ts'
import { allRows, openTestIndex, type TestIndex } from './support/openTestIndex.ts'
import { createRandom } from './support/random.ts'

let activity: Activity
beforeAll(async () => {
  activity = await startActivity(createRandom(7))
  for (let i = 0; i < 30; i++) await activity.step()
})
afterAll(() => activity.local.close())

type Log = { readonly data: string; readonly blockNumber: string }
type Block = { readonly number: string; readonly hash: string }

/** An index at the head of the chain, whose node can lie from now on. */
async function openCurrent() {
  const node = createBentClient(activity.local)
  const index = openTestIndex(node.client, activity.deployment)
  await index.sync()
  return { node, index, before: allRows(index) }
}

async function fresh(): Promise<TestIndex> {
  const index = openTestIndex(activity.local.client, activity.deployment)
  await index.sync()
  return index
}

describe('given a node that does not tell the truth', () => {
  it('when its latest block is null, it keeps what it has and says why it is not ready', async () => {
    const { node, index, before } = await openCurrent()
    node.bend = (method, params, ask) => (method === 'eth_getBlockByNumber' && params[0] === 'latest' ? Promise.resolve(null) : ask())
    await expect(index.sync()).rejects.toThrow('did not deliver its latest block: it answered null')
    expect(index.indexer.status()).toMatchObject({ ready: false, reasons: [expect.stringContaining('it answered null')] })
    expect(allRows(index)).toEqual(before)
    node.bend = honest
    await index.sync()
    expect(index.indexer.status()).toMatchObject({ ready: true, reasons: [] })
  })

  it('when it claims a head that it does not have, nothing is taken from it', async () => {
    const { node, index, before } = await openCurrent()
    node.bend = async (method, params, ask) => {
      const answer = await ask()
      if (method !== 'eth_getBlockByNumber' || params[0] !== 'latest') return answer
      return { ...(answer as Block), number: numberToHex(BigInt((answer as Block).number) + 10n), hash: `0x${'ab'.repeat(32)}` }
    }
    await expect(index.sync()).rejects.toThrow(/did not deliver block \d+: it answered null/)
    expect(index.indexer.status().ready).toBe(false)
    expect(allRows(index)).toEqual(before)
  })

  it('when it is stale, the index stays where it is and is not ready', async () => {
    const { node, index, before } = await openCurrent()
    const head = index.indexer.status().block ?? 0
    node.bend = (method, params, ask) =>
      method === 'eth_getBlockByNumber' && params[0] === 'latest'
        ? activity.local.request(method, [numberToHex(head - 5), params[1]])
        : method === 'eth_getBlockByNumber' && Number(params[0]) > head - 5
          ? Promise.resolve(null)
          : ask()
    expect((await index.sync()).outcome).toBe('nodeBehind')
    expect(index.indexer.status()).toMatchObject({ block: head, ready: false, rollbacks: 0 })
    expect(index.indexer.status().reasons[0]).toContain(`behind the index at ${head}`)
    expect(allRows(index)).toEqual(before)
  })

  it('when it answers with another block than the one asked for, it is not believed', async () => {
    const { node, index } = await openCurrent()
    await activity.local.mine()
    node.bend = (method, params, ask) =>
      method === 'eth_getBlockByNumber' && params[0] !== 'latest' ? activity.local.request(method, ['0x1', params[1]]) : ask()
    await expect(index.sync()).rejects.toThrow('is not to be believed: the number of block')
  })

  it('when it leaves out a log in the middle, the missing link is named and nothing is applied', async () => {
    const node = createBentClient(activity.local)
    const index = openTestIndex(node.client, activity.deployment)
    node.bend = async (method, _params, ask) => {
      const answer = await ask()
      return method === 'eth_getLogs' ? (answer as Log[]).filter((_, i) => i !== 40) : answer
    }
    await expect(index.sync()).rejects.toThrow(/did not deliver link \d+ of the history/)
    expect(index.indexer.status()).toMatchObject({ block: null, ready: false })
    node.bend = honest
    await index.sync()
    expect(allRows(index)).toEqual(allRows(await fresh()))
  })

  it('when it leaves out the last logs, the head of the history gives it away, and they are read again', async () => {
    const node = createBentClient(activity.local)
    const index = openTestIndex(node.client, activity.deployment)
    const cut = (await readHistory(activity.local.client, activity.deployment)).links.at(-1)?.block ?? 0n
    node.bend = async (method, _params, ask) => {
      const answer = await ask()
      return method === 'eth_getLogs' ? (answer as Log[]).filter(({ blockNumber }) => BigInt(blockNumber) < cut) : answer
    }
    await expect(index.sync()).rejects.toThrow('its logs end before them')
    expect(index.indexer.status().ready).toBe(false)
    node.bend = honest
    await index.sync()
    expect(index.indexer.status()).toMatchObject({ ready: true, rollbacks: 1, rebuilds: 0 })
    expect(allRows(index)).toEqual(allRows(await fresh()))
  })

  it('when it alters a log, everything is thrown away and read again', async () => {
    const node = createBentClient(activity.local)
    const index = openTestIndex(node.client, activity.deployment)
    node.bend = async (method, _params, ask) => {
      const answer = await ask()
      if (method !== 'eth_getLogs') return answer
      return (answer as Log[]).map((log, i) =>
        i === 40 ? { ...log, data: `${log.data.slice(0, -1)}${log.data.endsWith('1') ? '2' : '1'}` } : log,
      )
    }
    await expect(index.sync()).rejects.toThrow('the head of the history')
    expect(index.indexer.status()).toMatchObject({ block: null, ready: false, rebuilds: 1 })
    node.bend = honest
    await index.sync()
    expect(allRows(index)).toEqual(allRows(await fresh()))
  })

  it('when its logs are of other blocks than its headers, they are refused', async () => {
    const node = createBentClient(activity.local)
    const index = openTestIndex(node.client, activity.deployment)
    node.bend = async (method, _params, ask) => {
      const answer = await ask()
      return method === 'eth_getLogs' ? (answer as Log[]).map((log) => ({ ...log, blockHash: `0x${'cd'.repeat(32)}` })) : answer
    }
    await expect(index.sync()).rejects.toThrow('the hash of block')
    expect(index.indexer.status().block).toBeNull()
  })

  it('when it serves another chain, that is final', async () => {
    const node = createBentClient(activity.local)
    node.bend = (method, _params, ask) => (method === 'eth_chainId' ? Promise.resolve('0x1') : ask())
    await expect(openTestIndex(node.client, activity.deployment).sync()).rejects.toThrow('serves chain 1; the deployment is on chain 31337')
  })

  it('when it does not answer for a minute, or its head stands still, that is said', async () => {
    let now = 1_000_000
    const index = openTestIndex(activity.local.client, activity.deployment, {
      now: () => now,
      limits: { maxHeadAge: null, maxSilence: 60 },
    })
    await index.sync()
    expect(index.indexer.status().ready).toBe(true)
    now += 61_000
    expect(index.indexer.status().reasons).toEqual(['The node has not been read for 61 s; the limit is 60 s.'])
    const head = await activity.local.time()
    const stale = openTestIndex(activity.local.client, activity.deployment, { now: () => (head + 90) * 1_000, limits: { maxHeadAge: 60 } })
    await stale.sync()
    expect(stale.indexer.status().reasons).toEqual(["The node's head is 90 s old; the limit is 60 s."])
  })
})

describe('given a reorganisation', () => {
  it('of more blocks than any window, it goes back to the common block and on', { timeout: 120_000 }, async () => {
    const branch = await activity.local.snapshot()
    const index = openTestIndex(activity.local.client, activity.deployment)
    await index.sync()
    const start = index.indexer.status().block ?? 0
    for (let i = 0; i < 20; i++) await activity.step()
    for (let i = 0; i < 1_100; i++) await activity.local.mine()
    await index.sync()
    const depth = (index.indexer.status().block ?? 0) - start
    await activity.local.revert(branch)
    activity.forget()
    for (let i = 0; i < 25; i++) await activity.step()
    // The new chain is still shorter: that it is another one shows in the blocks that both have.
    expect((await index.sync()).outcome).toBe('current')
    expect(index.indexer.status()).toMatchObject({ ready: true, rollbacks: 1, rebuilds: 0 })
    expect(index.indexer.status().deepestRollback).toBeGreaterThanOrEqual(depth)
    expect(allRows(index)).toEqual(allRows(await fresh()))
  })

  it('from before the deployment, everything is built again, and counted', async () => {
    const local = await startChain()
    const empty = await local.snapshot()
    const deploy = async () =>
      (await applyDeployment({ client: local.client, deployer: people.deployer, settings, artifacts, folder: null, confirmations: 1 }))
        .deployment
    const deployment = await deploy()
    const index = openTestIndex(local.client, deployment)
    await index.sync()
    await local.revert(empty)
    await local.mine((await local.time()) + 60)
    await deploy()
    await local.mine()
    await index.sync()
    expect(index.indexer.status()).toMatchObject({ ready: true, rebuilds: 1 })
    const other = openTestIndex(local.client, deployment)
    await other.sync()
    expect(allRows(index)).toEqual(allRows(other))
    await local.close()
  })
})
