import { createPublicClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { OutOfRangeError } from '../../../risk/errors/index.ts'

const start = Date.UTC(2020, 1, 1) / 1000
const to = '0x00000000000000000000000000000000000000aa'

describe('startLocalChain', () => {
  let local: LocalChain
  beforeAll(async () => {
    local = await startLocalChain({ initialTime: start, port: 0 })
  })
  afterAll(() => local.close())

  test('starts at the given time and lets a caller set the time of the next block', async () => {
    expect(await local.time()).toBe(start)
    await local.mine(start + 3600)
    expect(await local.time()).toBe(start + 3600)
    await local.setNextTime(start + 7200)
    const hash = await local.wallet().sendTransaction({ to, value: 1n })
    const receipt = await local.client.waitForTransactionReceipt({ hash })
    expect(Number((await local.client.getBlock({ blockNumber: receipt.blockNumber })).timestamp)).toBe(start + 7200)
  })

  test('stands still: a transaction is mined in the second of the latest block, however late it is sent', async () => {
    const before = await local.time()
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const hash = await local.wallet().sendTransaction({ to, value: 1n })
    const { blockNumber } = await local.client.waitForTransactionReceipt({ hash })
    expect(Number((await local.client.getBlock({ blockNumber })).timestamp)).toBe(before)
  })

  test('lets two blocks share a second', async () => {
    const time = (await local.time()) + 1
    await local.mine(time)
    await local.mine(time)
    expect(await local.time()).toBe(time)
  })

  test('goes back to a snapshot', async () => {
    const before = {
      block: await local.client.getBlockNumber(),
      id: await local.snapshot(),
    }
    await local.mine()
    await local.revert(before.id)
    expect(await local.client.getBlockNumber()).toBe(before.block)
  })

  test('answers other processes over HTTP, single and batched, with the error of the chain', async () => {
    const remote = createPublicClient({
      transport: http(local.url ?? '', { batch: true, retryCount: 0 }),
    })
    const [id, block] = await Promise.all([remote.getChainId(), remote.getBlockNumber()])
    expect(id).toBe(31_337)
    expect(block).toBe(await local.client.getBlockNumber())
    const answer = await (
      await fetch(local.url ?? '', {
        method: 'POST',
        body: '{"id":1,"method":"no_such","params":[]}',
      })
    ).json()
    expect(answer).toMatchObject({
      id: 1,
      error: { message: expect.stringContaining('no_such') },
    })
    const garbage = await (await fetch(local.url ?? '', { method: 'POST', body: '{' })).json()
    expect(garbage).toMatchObject({ error: { code: -32700 } })
  })

  test('waits for mine() when mining is manual', async () => {
    const manual = await startLocalChain({
      initialTime: start,
      mining: 'manual',
    })
    try {
      const hash = await manual.wallet().sendTransaction({ to, value: 1n })
      await expect(manual.client.getTransactionReceipt({ hash })).rejects.toThrow(/could not be found/)
      await manual.mine(start + 60)
      expect((await manual.client.getTransactionReceipt({ hash })).status).toBe('success')
    } finally {
      await manual.close()
    }
  })

  test('refuses a time that is not a whole number of seconds', async () => {
    await expect(startLocalChain({ initialTime: 1.5 })).rejects.toThrow(OutOfRangeError)
  })
})
