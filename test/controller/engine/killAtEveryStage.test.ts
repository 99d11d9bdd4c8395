import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toFunctionSelector } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controllerMandateAbi } from '../../../chain/generated/index.ts'
import { type RunningEngines, runEngines } from '../../../controller/replay/runEngines.ts'
import { type AcceptedRound, fetchAcceptedRounds } from '../../../controller/sources/acceptedRounds.ts'
import { openStore } from '../../../controller/store/openStore.ts'
import type { RoundRecord } from '../../../risk/types/index.ts'
import {
  catalogue,
  configuration,
  engineKeys,
  firstTick,
  moveTo,
  portfolios,
  source,
  startMarket,
  type TestMarket,
  tickAt,
} from '../support/market.ts'
import { type RpcProxy, type RpcRequest, startRpcProxy, type Verdict } from '../support/rpcProxy.ts'

const submitRound = controllerMandateAbi.find((item) => item.type === 'function' && item.name === 'submitRound')
if (submitRound?.type !== 'function') throw new Error('the ABI has no submitRound')
const submitSelector = toFunctionSelector(submitRound)

const isPinnedBlock = ({ method, params }: RpcRequest): boolean => method === 'eth_getBlockByNumber' && params[0] !== 'latest'
const isSimulation = ({ method, params }: RpcRequest): boolean =>
  method === 'eth_call' && (params[0] as { data?: string }).data?.startsWith(submitSelector) === true
const isSend = ({ method }: RpcRequest): boolean => method === 'eth_sendRawTransaction'

/** Where a tick is when its engine is killed: whose request marks the place, which one, and what becomes of it. */
type Stage = {
  readonly name: string
  readonly watch: 'proposer' | 'peer'
  readonly kill: 'proposer' | 'peer'
  readonly at: (request: RpcRequest) => boolean
  readonly verdict: Exclude<Verdict, object>
  /** Whether the round must have been accepted through the killed engine's own transaction. */
  readonly sentBefore: boolean
}
const stages: readonly Stage[] = [
  { name: 'while it observes', watch: 'proposer', kill: 'proposer', at: isPinnedBlock, verdict: 'swallow', sentBefore: false },
  {
    name: 'after it claimed and signed, while a peer recomputes',
    watch: 'peer',
    kill: 'proposer',
    at: isPinnedBlock,
    verdict: 'pass',
    sentBefore: false,
  },
  { name: 'while it signs for another', watch: 'peer', kill: 'peer', at: isPinnedBlock, verdict: 'swallow', sentBefore: false },
  {
    name: 'after the round is fully signed, before the simulation',
    watch: 'proposer',
    kill: 'proposer',
    at: isSimulation,
    verdict: 'swallow',
    sentBefore: false,
  },
  {
    name: 'after the transaction is stored, before it is sent',
    watch: 'proposer',
    kill: 'proposer',
    at: isSend,
    verdict: 'swallow',
    sentBefore: false,
  },
  {
    name: 'after it is sent and mined, before the answer arrives',
    watch: 'proposer',
    kill: 'proposer',
    at: isSend,
    verdict: 'swallowAnswer',
    sentBefore: true,
  },
  {
    name: 'after it is mined, before the receipt arrives',
    watch: 'proposer',
    kill: 'proposer',
    at: ({ method }) => method === 'eth_getTransactionReceipt',
    verdict: 'swallowAnswer',
    sentBefore: true,
  },
  {
    name: 'after it is accepted, before it is recorded',
    watch: 'proposer',
    kill: 'proposer',
    at: ({ method }) => method === 'eth_getLogs',
    verdict: 'swallow',
    sentBefore: true,
  },
]

describe('SIGKILL at every stage of a tick', () => {
  let folder: string
  let market: TestMarket
  let proxies: RpcProxy[]
  let running: RunningEngines
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-kill-'))
    market = await startMarket()
    proxies = await Promise.all(engineKeys.map(() => startRpcProxy(market.url)))
    running = await runEngines({
      folder,
      rpcUrl: proxies.map(({ url }) => url),
      deployment: market.deployment,
      catalogue,
      configurations: [configuration],
      privateKeys: engineKeys,
      sources: source,
      portfolios,
      start: firstTick,
      timing: { proposerTimeoutSeconds: 2, submitterTimeoutSeconds: 1 },
      logLevel: 'debug',
    })
    await moveTo(market.local, tickAt(0))
    await running.tick(tickAt(0))
  })
  afterAll(async () => {
    await running?.stop()
    await Promise.all((proxies ?? []).map((proxy) => proxy.close()))
    await market?.local.close()
    if (folder) rmSync(folder, { recursive: true })
  })

  const accepted = (): Promise<AcceptedRound[]> => fetchAcceptedRounds(market.local.client, market.deployment, configuration.scope, 0n)
  const roundsOf = (engine: number): RoundRecord[] => {
    const store = openStore({ path: running.engines[engine]?.store as string, readOnly: true })
    const rounds = store.rounds(configuration.scope, firstTick, tickAt(1_000)).filter(({ stage }) => stage === 'mined')
    store.close()
    return [...rounds]
  }

  it.each(stages.map((stage, i) => ({ ...stage, tick: tickAt(1 + 2 * i), next: tickAt(2 + 2 * i) })))(
    'killed $name: the round is accepted exactly once, and the engine catches up',
    async ({ watch, kill, at, verdict, sentBefore, tick, next }) => {
      const proposer = (tick / 3_600) % 3
      const peer = (proposer + 1) % 3
      const victim = kill === 'proposer' ? proposer : peer
      const child = running.engines[victim]?.process
      const watched = proxies[watch === 'proposer' ? proposer : peer]
      if (child === undefined || watched === undefined) throw new Error('no such engine')
      const before = await accepted()
      await moveTo(market.local, tick)
      let struck = false
      const strike = (): void => {
        struck = true
        child.kill('SIGKILL')
      }
      watched.judge = (request) => {
        if (struck || !at(request)) return 'pass'
        if (verdict === 'pass') strike()
        return verdict
      }
      watched.onSwallowed = strike
      const gone = once(child, 'exit')
      const summaries = await running.tick(tick)
      expect((await gone)[1]).toBe('SIGKILL')
      expect(summaries[victim]).toBeNull()
      watched.judge = () => 'pass'

      const during = (await accepted()).slice(before.length)
      expect(during.map(({ observedAt }) => observedAt)).toEqual([tick])
      const sender = await market.local.client.getTransaction({ hash: during[0]?.transaction as `0x${string}` })
      const victimSent = sender.from.toLowerCase() === engineKeys[victim]?.address.toLowerCase()
      expect(victimSent).toBe(sentBefore)

      await running.restart(victim)
      await moveTo(market.local, next)
      const after = (await running.tick(next)).map((each) => each?.[0]?.outcome)
      expect(after).toEqual(['accepted', 'accepted', 'accepted'])
      const all = await accepted()
      expect(all.map(({ round }) => round)).toEqual(all.map((_, i) => i + 1))
      expect(new Set(all.map(({ observedAt }) => observedAt)).size).toBe(all.length)
      for (const engine of [0, 1, 2]) expect(roundsOf(engine).map(({ digest }) => digest)).toEqual(all.map(({ digest }) => digest))
    },
  )

  it('killed all at once with a stored, unsent transaction: the restarted engine sends those very bytes, once', async () => {
    const tick = tickAt(1 + 2 * stages.length)
    const proposer = (tick / 3_600) % 3
    const proxy = proxies[proposer] as RpcProxy
    await moveTo(market.local, tick)
    let raw: unknown
    proxy.judge = (request) => {
      if (!isSend(request)) return 'pass'
      raw = request.params[0]
      return 'swallow'
    }
    proxy.onSwallowed = () => {
      for (const { process: child } of running.engines) child.kill('SIGKILL')
    }
    const before = await accepted()
    expect(await running.tick(tick)).toEqual([null, null, null])
    expect(await accepted()).toEqual(before)
    proxy.judge = () => 'pass'
    proxy.seen.length = 0
    await Promise.all([0, 1, 2].map((engine) => running.restart(engine)))
    expect((await running.tick(tick)).map((each) => each?.[0]?.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    expect((await accepted()).slice(before.length).map(({ observedAt }) => observedAt)).toEqual([tick])
    expect(proxy.seen.filter(isSend).map(({ params }) => params[0])).toEqual([raw])
  })
})
