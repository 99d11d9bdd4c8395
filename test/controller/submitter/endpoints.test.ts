import { HttpRequestError } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WrongChainError } from '../../../chain/errors/index.ts'
import { createLog } from '../../../controller/log/createLog.ts'
import { createEndpoints, type Endpoints } from '../../../controller/submitter/endpoints.ts'
import { type RpcProxy, type RpcRequest, startRpcProxy } from '../support/rpcProxy.ts'

describe('createEndpoints', () => {
  let nodes: RpcProxy[]
  let now: number
  beforeEach(async () => {
    nodes = await Promise.all([0, 1].map(() => startRpcProxy('http://127.0.0.1:1')))
    now = 0
    for (const node of nodes) node.judge = good(100)
  })
  afterEach(() => Promise.all(nodes.map((node) => node.close())))

  const good =
    (head: number, chainId = 7) =>
    ({ method }: RpcRequest): { result: unknown } => ({
      result: method === 'eth_chainId' ? `0x${chainId.toString(16)}` : method === 'eth_blockNumber' ? `0x${head.toString(16)}` : 'answer',
    })
  const create = (urls = nodes.map(({ url }) => url), batchSize = 1): Endpoints =>
    createEndpoints({
      urls,
      chainId: 7,
      requestTimeoutSeconds: 0.2,
      failureThreshold: 2,
      pauseSeconds: 60,
      batchSize,
      maxLagBlocks: 5,
      log: createLog('silent'),
      elapsed: () => now,
    })
  const asked = (node: number): number => nodes[node]?.seen.filter(({ method }) => method === 'eth_gasPrice').length ?? 0
  const [first, second] = [0, 1]

  it('prefers the first', async () => {
    expect(await create().request({ method: 'eth_gasPrice' })).toBe('answer')
    expect([asked(first), asked(second)]).toEqual([1, 0])
  })
  it.each<[string, RpcProxy['judge']]>([
    ['it answers HTTP 500', () => ({ status: 500 })],
    ['it is slow', () => 'swallow'],
    ['it says that it cannot now', () => ({ error: { code: -32_005, message: 'limit exceeded' } })],
  ])('asks the second when %s, and lets the first rest after two failures', async (_, judge) => {
    const endpoints = create()
    ;(nodes[first] as RpcProxy).judge = judge
    for (let i = 0; i < 3; i++) expect(await endpoints.request({ method: 'eth_gasPrice' })).toBe('answer')
    expect([asked(first), asked(second)]).toEqual([2, 3])
    expect(endpoints.health().map(({ state }) => state)).toEqual(['resting', 'good'])
    now = 61
    ;(nodes[first] as RpcProxy).judge = good(100)
    await endpoints.request({ method: 'eth_gasPrice' })
    expect(asked(first)).toBe(3)
  })
  it('asks the second when the first is down', async () => {
    const endpoints = create(['http://127.0.0.1:1', nodes[second]?.url as string])
    expect(await endpoints.request({ method: 'eth_gasPrice' })).toBe('answer')
  })
  it('passes a fault of the request on, without asking another', async () => {
    ;(nodes[first] as RpcProxy).judge = () => ({ error: { code: 3, message: 'execution reverted' } })
    await expect(create().request({ method: 'eth_gasPrice' })).rejects.toThrow(/execution reverted/)
    expect(asked(second)).toBe(0)
  })
  it('sets aside one that answers with an old head, until it has caught up', async () => {
    const endpoints = create()
    ;(nodes[first] as RpcProxy).judge = good(90)
    await endpoints.probe()
    expect(endpoints.health()[0]).toMatchObject({ state: 'lagging', head: 90 })
    await endpoints.request({ method: 'eth_gasPrice' })
    expect([asked(first), asked(second)]).toEqual([0, 1])
    ;(nodes[first] as RpcProxy).judge = good(99)
    await endpoints.probe()
    await endpoints.request({ method: 'eth_gasPrice' })
    expect(asked(first)).toBe(1)
  })
  it('never asks one of another chain, and stops when all are', async () => {
    const endpoints = create()
    ;(nodes[first] as RpcProxy).judge = good(100, 8)
    await endpoints.probe()
    await endpoints.request({ method: 'eth_gasPrice' })
    expect([asked(first), asked(second)]).toEqual([0, 1])
    ;(nodes[second] as RpcProxy).judge = good(100, 8)
    await expect(endpoints.probe()).rejects.toThrow(WrongChainError)
  })
  it('names hosts and faults when none answers, and no path, which may hold a key', async () => {
    const gone = await startRpcProxy('http://127.0.0.1:1')
    await gone.close()
    const endpoints = create([`${gone.url}/secret-key`, `${gone.url}/other`])
    const error: unknown = await endpoints.request({ method: 'eth_gasPrice' }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HttpRequestError)
    expect(String(error)).toMatch(/127\.0\.0\.1:\d+: ECONNREFUSED/)
    expect(JSON.stringify([error, String(error)])).not.toContain('secret-key')
  })
  it('sends requests of one moment together, and gives each its own answer', async () => {
    ;(nodes[first] as RpcProxy).judge = ({ params }) => ({ result: params[0] })
    const endpoints = create(undefined, 3)
    const answers = await Promise.all([1, 2, 3, 4].map((n) => endpoints.request({ method: 'eth_gasPrice', params: [n] })))
    expect(answers).toEqual([1, 2, 3, 4])
  })
})
