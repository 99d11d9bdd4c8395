import { createPublicClient, custom, parseGwei } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { elapsed, systemClock } from '../../../controller/clock/systemClock.ts'
import { createLog } from '../../../controller/log/createLog.ts'
import { createEngineKey } from '../../../controller/signers/createEngineKey.ts'
import type { EngineStore, Intent } from '../../../controller/store/EngineStore.ts'
import { openStore } from '../../../controller/store/openStore.ts'
import { createEndpoints } from '../../../controller/submitter/endpoints.ts'
import { nextFees } from '../../../controller/submitter/fees.ts'
import { settleIntents } from '../../../controller/submitter/settleIntents.ts'
import { type SubmitterContext, submitIntent } from '../../../controller/submitter/submitIntent.ts'
import type { Hex } from '../../../risk/types/index.ts'
import { type RpcProxy, type RpcRequest, startRpcProxy } from '../support/rpcProxy.ts'

const key = `0x${'5'.repeat(64)}` as const
const target = '0x00000000000000000000000000000000000000aa'
/** Counts its calls in slot 0. */
const counter: Hex = ('0x5f5460010180' + '5f5500') as Hex
/** Reverts with no reason once it was called. */
const once: Hex = ('0x5f546009576001' + '5f55005b5f5ffd') as Hex
const isSend = ({ method }: RpcRequest): boolean => method === 'eth_sendRawTransaction'

describe('submitIntent', () => {
  let local: LocalChain
  let proxy: RpcProxy
  let store: EngineStore
  let context: SubmitterContext
  let intent: Intent
  beforeEach(async () => {
    local = await startLocalChain({ initialTime: 1_700_000_000, port: 0, privateKeys: [key] })
    await local.request('hardhat_setCode', [target, once])
    proxy = await startRpcProxy(local.url as string)
    store = openStore({ path: ':memory:' })
    const log = createLog('silent')
    const endpoints = createEndpoints({
      urls: [proxy.url],
      chainId: 31_337,
      requestTimeoutSeconds: 5,
      failureThreshold: 1_000,
      pauseSeconds: 0.1,
      batchSize: 1,
      maxLagBlocks: 5,
      log,
      elapsed,
    })
    context = {
      client: createPublicClient({ chain: local.chain, transport: custom(endpoints, { retryCount: 0 }), cacheTime: 0 }),
      chainId: 31_337,
      key: createEngineKey(key),
      store,
      clock: systemClock,
      log,
      fees: { capWei: parseGwei('500'), priorityWei: parseGwei('1') },
      confirmations: 1,
      pollSeconds: 0.02,
      replaceAfterSeconds: 1_000,
      elapsed,
      signal: new AbortController().signal,
    }
    intent = { key: 'round:test:1', stage: 'open', to: target, data: '0x', validUntil: (await local.time()) + 3_600, detail: '' }
  })
  afterEach(async () => {
    store.close()
    await proxy.close()
    await local.close()
  })
  const calls = async (): Promise<number> => Number(await local.request('eth_getStorageAt', [target, '0x0', 'latest']))
  const open = async (): Promise<null> => null
  const manual = (): Promise<unknown> => local.request('evm_setAutomine', [false])
  const sends = (): RpcRequest[] => proxy.seen.filter(isSend)
  /** Resolves when the chain has answered `count` sends. */
  const seenSends = async (count: number): Promise<void> => {
    while (proxy.forwarded.filter(isSend).length < count) await systemClock.sleep(0.01)
  }

  it('stores intent and transaction before it sends', async () => {
    let atSend: unknown
    proxy.judge = (request) => {
      if (isSend(request)) atSend = { intent: store.intent(intent.key)?.stage, raw: store.attempts(intent.key).map(({ raw }) => raw) }
      return 'pass'
    }
    expect((await submitIntent(context, intent, open)).kind).toBe('mined')
    expect(atSend).toEqual({ intent: 'open', raw: [sends()[0]?.params[0]] })
    expect(store.intent(intent.key)?.stage).toBe('mined')
    expect(await calls()).toBe(1)
  })
  it('sends nothing when the simulation reverts', async () => {
    await submitIntent(context, intent, open)
    const second = { ...intent, key: 'round:test:2' }
    expect(await submitIntent(context, second, open)).toMatchObject({ kind: 'reverted', hash: null })
    expect(sends()).toHaveLength(1)
    expect(store.intent(second.key)?.stage).toBe('failed')
  })
  it('mined twice: of two transactions for one effect the second one reverts, and the effect is there once', async () => {
    await manual()
    const other = createEngineKey(`0x${'6'.repeat(64)}`)
    await local.fund(other.address, 10n ** 18n)
    const rival = { ...context, key: other, store: openStore({ path: ':memory:' }) }
    const settled = async (): Promise<string | null> => ((await calls()) > 0 ? 'somebody was first' : null)
    const both = Promise.all([submitIntent(context, intent, settled), submitIntent(rival, intent, settled)])
    await seenSends(2)
    await local.mine()
    expect((await both).map(({ kind }) => kind).sort()).toEqual(['mined', 'superseded'])
    expect(await calls()).toBe(1)
    rival.store.close()
  })
  it('reverted when mined: says why, and does not try again', async () => {
    await manual()
    const first = submitIntent(context, intent, open)
    await seenSends(1)
    await local.request('hardhat_setStorageAt', [target, '0x0', `0x${'0'.repeat(63)}1`])
    await local.mine()
    expect(await first).toMatchObject({ kind: 'reverted', hash: store.attempts(intent.key)[0]?.hash })
    expect(sends()).toHaveLength(1)
  })
  it('dropped: sends the same bytes again', async () => {
    let dropped = false
    proxy.judge = (request) => {
      if (!isSend(request) || dropped) return 'pass'
      dropped = true
      return { result: store.attempts(intent.key)[0]?.hash }
    }
    expect((await submitIntent(context, intent, open)).kind).toBe('mined')
    expect(sends().map(({ params }) => params[0])).toEqual([store.attempts(intent.key)[0]?.raw, store.attempts(intent.key)[0]?.raw])
    expect(await calls()).toBe(1)
  })
  it('underpriced: replaces with at least an eighth more, under the same nonce', async () => {
    let refused = 0
    proxy.judge = (request) =>
      isSend(request) && refused++ < 2 ? { error: { code: -32_000, message: 'replacement transaction underpriced' } } : 'pass'
    expect((await submitIntent(context, intent, open)).kind).toBe('mined')
    const attempts = store.attempts(intent.key)
    expect(attempts).toHaveLength(3)
    expect(new Set(attempts.map(({ nonce }) => nonce)).size).toBe(1)
    for (let i = 1; i < attempts.length; i++) {
      expect((attempts[i]?.maxFee ?? 0n) * 8n).toBeGreaterThanOrEqual((attempts[i - 1]?.maxFee ?? 0n) * 9n)
      expect((attempts[i]?.priorityFee ?? 0n) * 8n).toBeGreaterThanOrEqual((attempts[i - 1]?.priorityFee ?? 0n) * 9n)
    }
    expect(await calls()).toBe(1)
  })
  it('stuck: is replaced after its time, and only one of the two is mined', async () => {
    await manual()
    const result = submitIntent({ ...context, replaceAfterSeconds: 0.05 }, intent, open)
    await seenSends(2)
    await local.mine()
    expect((await result).kind).toBe('mined')
    expect(await calls()).toBe(1)
    expect(new Set(store.attempts(intent.key).map(({ nonce }) => nonce))).toEqual(new Set([0]))
  })
  it('restart: a new process broadcasts the stored bytes and signs no second transaction', async () => {
    await manual()
    const stopping = new AbortController()
    const first = submitIntent({ ...context, signal: stopping.signal }, intent, open)
    await seenSends(1)
    stopping.abort()
    await expect(first).rejects.toThrow()
    const second = submitIntent(context, intent, open)
    await seenSends(2)
    await local.mine()
    expect((await second).kind).toBe('mined')
    expect(store.attempts(intent.key)).toHaveLength(1)
    expect(await calls()).toBe(1)
  })
  it('expired: gives up once it is pointless, and the nonce is used by the next', async () => {
    await manual()
    const expiring = { ...intent, validUntil: await local.time() }
    const result = submitIntent(context, expiring, open)
    await seenSends(1)
    const [lost] = store.attempts(intent.key)
    await local.request('hardhat_dropTransaction', [lost?.hash])
    proxy.judge = (request) => (isSend(request) ? { error: { code: -32_000, message: 'busy' } } : 'pass')
    await local.mine((await local.time()) + 100)
    expect((await result).kind).toBe('expired')
    proxy.judge = () => 'pass'
    await local.request('evm_setAutomine', [true])
    const next = { ...intent, key: 'round:test:2', validUntil: intent.validUntil + 3_600 }
    expect((await submitIntent(context, next, open)).kind).toBe('mined')
    expect(store.attempts(next.key)[0]?.nonce).toBe(lost?.nonce)
    expect((store.attempts(next.key)[0]?.maxFee ?? 0n) > (lost?.maxFee ?? 0n)).toBe(true)
  })
  it('reorg: a transaction that leaves the chain is sent again, and counts only after its confirmations', async () => {
    await manual()
    const before = await local.snapshot()
    const result = submitIntent({ ...context, confirmations: 3 }, intent, open)
    await seenSends(1)
    await local.mine()
    expect(await calls()).toBe(1)
    await local.revert(before)
    expect(await calls()).toBe(0)
    await seenSends(2)
    await local.mine()
    await local.mine()
    const early = await Promise.race([result.then(() => 'done'), systemClock.sleep(0.2).then(() => 'waits')])
    expect(early).toBe('waits')
    await local.mine()
    expect((await result).kind).toBe('mined')
    expect(await calls()).toBe(1)
  })
  it('fee cap: waits while the chain is dearer, and sends when it is not', async () => {
    await local.request('hardhat_setNextBlockBaseFeePerGas', ['0x174876e800'])
    await local.mine()
    const result = submitIntent({ ...context, fees: { capWei: parseGwei('50'), priorityWei: parseGwei('1') } }, intent, open)
    const early = await Promise.race([result.then(() => 'done'), systemClock.sleep(0.2).then(() => 'waits')])
    expect([early, sends().length]).toEqual(['waits', 0])
    await local.request('hardhat_setNextBlockBaseFeePerGas', ['0x3b9aca00'])
    await local.mine()
    expect((await result).kind).toBe('mined')
  })
  it('account without funds: waits, and sends the same bytes once it is funded', async () => {
    const { address } = createEngineKey(key)
    await local.request('hardhat_setBalance', [address, '0x0'])
    const result = submitIntent(context, intent, open)
    const early = await Promise.race([result.then(() => 'done'), systemClock.sleep(0.2).then(() => 'waits')])
    expect([early, await calls()]).toEqual(['waits', 0])
    await local.request('hardhat_setBalance', [address, '0xde0b6b3a7640000'])
    expect((await result).kind).toBe('mined')
    expect([await calls(), store.attempts(intent.key).length]).toEqual([1, 1])
  })
  it('node down: waits and goes on', async () => {
    let down = 5
    proxy.judge = () => (down-- > 0 ? { status: 503 } : 'pass')
    expect((await submitIntent(context, intent, open)).kind).toBe('mined')
    expect(await calls()).toBe(1)
  })
  it('settles at the start what a former process left open', async () => {
    await local.request('hardhat_setCode', [target, counter])
    await submitIntent(context, intent, open)
    store.saveIntent({ ...intent, stage: 'open' })
    store.saveIntent({ ...intent, key: 'old', validUntil: 1 })
    store.saveIntent({ ...intent, key: 'young' })
    await settleIntents(context)
    expect(['round:test:1', 'old', 'young'].map((each) => store.intent(each)?.stage)).toEqual(['mined', 'failed', 'open'])
  })
})

describe('nextFees', () => {
  const policy = { capWei: 1_000n, priorityWei: 10n }
  it('pays the tip and room for twice the base fee, up to the cap', () => {
    expect(nextFees(100n, [], policy)).toEqual({ maxFee: 210n, priorityFee: 10n })
    expect(nextFees(600n, [], policy)).toEqual({ maxFee: 1_000n, priorityFee: 10n })
  })
  it('refuses what the cap does not allow', () => {
    expect(() => nextFees(991n, [], policy)).toThrow(/1001 wei per gas; the cap is 1000/)
    expect(() => nextFees(1n, [{ maxFee: 900n, priorityFee: 1n }], policy)).toThrow(/1013 wei/)
  })
  it('bumps both fields by an eighth, rounded up', () => {
    expect(nextFees(1n, [{ maxFee: 100n, priorityFee: 33n }], policy)).toEqual({ maxFee: 113n, priorityFee: 38n })
  })
})
