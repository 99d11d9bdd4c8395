import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildGuardianStop, sendCall } from '../../../chain/write/index.ts'
import { openTicks } from '../../../controller/daemon.ts'
import type { EngineContext, TickSummary } from '../../../controller/engine/EngineContext.ts'
import { createEngineKey } from '../../../controller/signers/createEngineKey.ts'
import { fetchAcceptedRounds } from '../../../controller/sources/acceptedRounds.ts'
import type { Hex } from '../../../risk/types/index.ts'
import { people } from '../../chain/support.ts'
import { type DaemonChanges, startTestDaemon } from '../support/daemons.ts'
import { configuration, engineKeys, moveTo, source, startMarket, type TestMarket, tickAt } from '../support/market.ts'
import { type RpcProxy, startRpcProxy } from '../support/rpcProxy.ts'

type Running = Awaited<ReturnType<typeof startTestDaemon>>
/** Engine whose turn tick n is. */
const proposerOf = (n: number): number => (tickAt(n) / 3_600) % 3
const contextOf = (daemon: Running): EngineContext => [...daemon.engines.values()][0] as EngineContext

describe('runTick', () => {
  let folder: string
  let market: TestMarket
  let chainState: Hex
  let urls: string[]
  let daemons: (Running | undefined)[]
  let proxies: RpcProxy[]
  beforeAll(async () => {
    market = await startMarket()
  })
  afterAll(() => market.local.close())
  beforeEach(async () => {
    chainState = await market.local.snapshot()
    folder = mkdtempSync(join(tmpdir(), 'ballast-tick-'))
    urls = await freeUrls(3)
    daemons = []
    proxies = []
  })
  afterEach(async () => {
    await Promise.all(daemons.map((daemon) => daemon?.stop()))
    await Promise.all(proxies.map((proxy) => proxy.close()))
    rmSync(folder, { recursive: true })
    await market.local.revert(chainState)
  })

  const start = async (engine: number, changes: DaemonChanges = {}): Promise<Running> => {
    const daemon = await startTestDaemon(folder, market, engine, { urls, ...changes })
    daemons[engine] = daemon
    return daemon
  }
  const startAll = (changes: DaemonChanges = {}): Promise<Running[]> => Promise.all([0, 1, 2].map((engine) => start(engine, changes)))
  const proxy = async (): Promise<RpcProxy> => {
    const made = await startRpcProxy(market.url)
    proxies.push(made)
    return made
  }
  const run = async (n: number, who: readonly (Running | undefined)[] = daemons): Promise<(TickSummary | undefined)[]> => {
    await moveTo(market.local, tickAt(n))
    return Promise.all(who.map(async (daemon) => (await daemon?.tick(tickAt(n)))?.[0]))
  }
  const accepted = () => fetchAcceptedRounds(market.local.client, market.deployment, configuration.scope, 0n)

  it('is accepted with two of three when one engine is away', async () => {
    const away = proposerOf(0)
    await Promise.all([0, 1, 2].filter((engine) => engine !== away).map((engine) => start(engine)))
    const summaries = (await run(0)).filter((each) => each !== undefined)
    expect(summaries.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted'])
    expect(await accepted()).toHaveLength(1)
  })
  it('is missed with one of three, and the next tick covers the time of both', async () => {
    const alone = proposerOf(0)
    await start(alone)
    const [summary] = (await run(0)).filter((each) => each !== undefined)
    expect(summary).toMatchObject({ outcome: 'missed', decision: 'adjust' })
    expect(summary?.detail).toMatch(/1 of 2 signatures.*unreachable/)
    await Promise.all([0, 1, 2].filter((engine) => engine !== alone).map((engine) => start(engine)))
    expect((await run(1)).map((each) => each?.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    const record = contextOf(daemons[0] as Running).store.lastRound(configuration.scope)
    const snapshot = JSON.parse(contextOf(daemons[0] as Running).store.get(record?.snapshot as Hex) as string) as { bars: unknown[] }
    expect(record?.adjustment?.round).toBe(1)
    expect(snapshot.bars).toHaveLength(1)
  })
  it('an engine whose source disagrees does not sign, and does not follow blindly', async () => {
    const odd = (proposerOf(0) + 1) % 3
    await Promise.all([0, 1, 2].filter((engine) => engine !== odd).map((engine) => start(engine)))
    const other = await start(odd, { source: { ...source, seed: 'another market' } })
    await moveTo(market.local, tickAt(0))
    const outcomes = await Promise.allSettled(daemons.map((daemon) => (daemon as Running).tick(tickAt(0))))
    const [round] = await accepted()
    expect(round?.round).toBe(1)
    expect(contextOf(other).store.claim(configuration.scope, 1)?.digest).not.toBe(round?.digest)
    expect(contextOf(other).store.lastRoundIn(configuration.scope, ['mined'])).toBeUndefined()
    expect(outcomes[odd]).toMatchObject({ status: 'fulfilled', value: [{ outcome: 'missed' }] })
  })
  it('a peer that signs garbage does not count', async () => {
    const proposer = proposerOf(0)
    const [garbage, honest] = [(proposer + 1) % 3, (proposer + 2) % 3]
    await Promise.all([start(proposer), start(honest)])
    // The third engine answers with the signature of a stranger.
    const stranger = await start(garbage)
    Object.assign(contextOf(stranger), {
      key: { ...contextOf(stranger).key, signDigest: createEngineKey(`0x${'7'.repeat(64)}`).signDigest },
    })
    const summaries = await run(0, [daemons[proposer], daemons[honest]])
    expect(summaries.map((each) => each?.outcome)).toEqual(['accepted', 'accepted'])
    expect(summaries[0]?.signatures.map(({ signer }) => signer).sort()).toEqual(
      [engineKeys[proposer]?.address, engineKeys[honest]?.address].sort(),
    )
  })
  it('the next engine proposes when the first one halts or its source is stale', async () => {
    const first = proposerOf(0)
    const early = { ...source, origin: new Date((tickAt(0) + 3_600) * 1_000).toISOString() }
    await Promise.all([0, 1, 2].map((engine) => start(engine, engine === first ? { source: early } : {})))
    const summaries = await run(
      0,
      daemons.filter((_, engine) => engine !== first),
    )
    expect(summaries.map((each) => each?.outcome)).toEqual(['accepted', 'accepted'])
  })
  it('a fully signed round is sent by another engine when its proposer cannot', async () => {
    const first = proposerOf(0)
    const bent = await proxy()
    bent.judge = ({ method }) => (method === 'eth_sendRawTransaction' ? { error: { code: -32_000, message: 'busy' } } : 'pass')
    await Promise.all([0, 1, 2].map((engine) => start(engine, engine === first ? { rpcUrls: [bent.url] } : {})))
    expect((await run(0)).map((each) => each?.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    const [round] = await accepted()
    const { from } = await market.local.client.getTransaction({ hash: round?.transaction as Hex })
    expect(from.toLowerCase()).not.toBe(engineKeys[first]?.address.toLowerCase())
  })
  it('goes on over a second endpoint when the first is down in mid-tick', async () => {
    const bent = await proxy()
    await startAll({ rpcUrls: [bent.url, market.url], rpc: { failureThreshold: 2, pauseSeconds: 60 } })
    let asked = 0
    bent.judge = () => (asked++ > 20 ? { status: 503 } : 'pass')
    expect((await run(0)).map((each) => each?.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(asked).toBeGreaterThan(21)
    expect(await accepted()).toHaveLength(1)
  })
  it('stops at the start, or in a tick, when the node serves another chain', async () => {
    const bent = await proxy()
    bent.judge = ({ method }) => (method === 'eth_chainId' ? { result: '0x1' } : 'pass')
    await expect(start(0, { rpcUrls: [bent.url] })).rejects.toThrow(/serves chain 1; /)
    bent.judge = () => 'pass'
    const daemon = await start(0, { rpcUrls: [bent.url] })
    bent.judge = ({ method }) => (method === 'eth_chainId' ? { result: '0x1' } : 'pass')
    await expect(daemon.tick(tickAt(0))).rejects.toThrow(/serves chain 1; /)
  })
  it('holds while the head of the chain is old', async () => {
    await startAll({ chain: { maxHeadAgeSeconds: 600 } })
    for (const daemon of daemons) (contextOf(daemon as Running).clock as unknown as { set: (time: number) => void }).set(tickAt(5))
    const [summary] = await run(0)
    expect(summary).toMatchObject({ outcome: 'missed', round: null })
    expect(summary?.detail).toMatch(/head is \d+ s behind; the limit is 600 s/)
    expect(await accepted()).toEqual([])
  })
  it('reorg: gives a taken-back round up, and the lane goes on from the state before it', async () => {
    await startAll()
    await run(0)
    const before = await market.local.snapshot()
    await run(1)
    const states = daemons.map((daemon) => contextOf(daemon as Running).store.round(configuration.scope, tickAt(0))?.state)
    await market.local.revert(before)
    expect((await accepted()).map(({ round }) => round)).toEqual([1])
    expect((await run(2)).map((each) => [each?.outcome, each?.round])).toEqual([
      ['accepted', 2],
      ['accepted', 2],
      ['accepted', 2],
    ])
    for (const [i, daemon] of daemons.entries()) {
      const { store } = contextOf(daemon as Running)
      expect(store.round(configuration.scope, tickAt(1))?.stage).toBe('superseded')
      const { snapshot } = store.round(configuration.scope, tickAt(2)) ?? {}
      expect(JSON.parse(store.get(snapshot as Hex) as string)).toMatchObject({ priorState: states[i] })
    }
  })
  it('catches up from nothing: every accepted round is recomputed from its documents', async () => {
    const late = 2
    await Promise.all([start(0), start(1)])
    for (const n of [0, 1, 2]) await run(n)
    await start(late)
    expect((await run(3)).map((each) => each?.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    const rounds = daemons.map((daemon) =>
      contextOf(daemon as Running)
        .store.rounds(configuration.scope, 0, tickAt(9))
        .map(({ digest, state, stage }) => [digest, state, stage]),
    )
    expect(rounds[late]).toHaveLength(4)
    expect(rounds[late]).toEqual(rounds[0])
  })
  it('stops when the others accepted what it cannot reproduce', async () => {
    await Promise.all([start(0), start(1)])
    await run(0)
    const odd = await start(2, { build: `0x${'9'.repeat(64)}` })
    await expect(odd.tick(tickAt(0))).rejects.toThrow(/gives digest 0x.* here and 0x.* elsewhere, from the same snapshot/)
  })
  it('halts and says so while the lane is paused', async () => {
    await startAll()
    await sendCall(
      market.local.client,
      market.local.wallet(people.guardian),
      buildGuardianStop(market.deployment, configuration.scope, 'pause'),
    )
    expect((await run(0)).map((each) => [each?.outcome, each?.detail])).toEqual(
      Array.from({ length: 3 }, () => ['halted', 'The lane is paused; only a vote resumes it.']),
    )
    expect(await accepted()).toEqual([])
  })
  it('a dry run decides and records, and neither signs nor sends', async () => {
    const daemon = await start(proposerOf(0), { send: false })
    expect(await run(0, [daemon])).toMatchObject([{ outcome: 'dryRun', decision: 'adjust', signatures: [] }])
    expect(contextOf(daemon).store.claim(configuration.scope, 1)).toBeUndefined()
    expect(await accepted()).toEqual([])
  })
  it('knows after a restart which tick it had begun', async () => {
    const proposer = proposerOf(0)
    const daemon = await start(proposer)
    await run(0, [daemon])
    const validUntil = tickAt(0) + configuration.validitySeconds
    expect(openTicks(daemon, validUntil)).toEqual([tickAt(0)])
    expect(openTicks(daemon, validUntil + 1)).toEqual([])
  })
  it("refuses to start with a key or a catalogue that is not the chain's", async () => {
    await expect(start(0, { privateKey: `0x${'7'.repeat(64)}` })).rejects.toThrow(/not among them/)
    await expect(
      startTestDaemon(folder, { ...market, deployment: { ...market.deployment, catalogue: `0x${'0'.repeat(64)}` } }, 0, { urls }),
    ).rejects.toThrow(/engine.catalogue/)
    const { riskParameters } = market.deployment.contracts
    const moved = { ...market.deployment, contracts: { ...market.deployment.contracts, riskParameters: people.stranger.address } }
    await expect(startTestDaemon(folder, { ...market, deployment: moved }, 0, { urls })).rejects.toThrow(/riskParameters has no code/)
    expect(riskParameters).not.toBe(people.stranger.address)
  })
})

describe('a lane that asks for a steward', () => {
  let market: TestMarket
  let folder: string
  let daemons: Running[]
  let chainState: Hex
  beforeAll(async () => {
    market = await startMarket({}, 'canary')
  })
  afterAll(() => market.local.close())
  beforeEach(async () => {
    chainState = await market.local.snapshot()
    folder = mkdtempSync(join(tmpdir(), 'ballast-canary-'))
  })
  afterEach(async () => {
    await Promise.all(daemons.map((daemon) => daemon.stop()))
    rmSync(folder, { recursive: true })
    await market.local.revert(chainState)
  })
  const startAll = async (engine: DaemonChanges['engine']): Promise<void> => {
    const urls = await freeUrls(3)
    daemons = await Promise.all([0, 1, 2].map((n) => startTestDaemon(folder, market, n, { urls, engine: { ...engine } })))
    await moveTo(market.local, tickAt(0))
  }
  const tick = (): Promise<(TickSummary | undefined)[]> => Promise.all(daemons.map(async (daemon) => (await daemon.tick(tickAt(0)))[0]))

  it('sends the round once the steward has signed it, over HTTP; a signature that the mandate refuses does not end the wait', async () => {
    await startAll({ proposerTimeoutSeconds: 5 })
    const ticks = tick()
    const proposer = daemons[proposerOf(0)] as Running
    const { waiting, store } = contextOf(proposer)
    while (waiting.size === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const digest = store.lastRound(configuration.scope)?.digest as Hex
    const cosignWith = async (who: keyof typeof people, by = who, about = digest): Promise<[number, string]> => {
      const cosign = {
        signer: people[who].address,
        data: await (people[by] as ReturnType<typeof privateKeyToAccount>).sign({ hash: digest }),
      }
      const body = JSON.stringify({ scope: configuration.scope, digest: about, cosign })
      const response = await fetch(`${proposer.url}/v1/rounds/cosign`, { method: 'POST', body })
      return [response.status, ((await response.json()) as { code?: string }).code ?? '']
    }
    expect(await cosignWith('steward', 'stranger')).toEqual([403, 'badCosign'])
    expect(await cosignWith('stranger')).toEqual([403, 'badCosign'])
    expect(await cosignWith('engineA')).toEqual([403, 'badCosign'])
    expect(await cosignWith('steward', 'steward', `0x${'7'.repeat(64)}`)).toEqual([404, 'noRound'])
    expect(waiting.size).toBe(1)
    expect(await cosignWith('steward')).toEqual([200, ''])
    expect((await ticks).map((summary) => summary?.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(waiting.size).toBe(0)
    expect(await cosignWith('steward')).toEqual([404, 'noRound'])
  })

  it('is missed, and nothing is sent, when no steward signs in time; the engines go on', async () => {
    await startAll({ cosignTimeoutSeconds: 0.3, proposerTimeoutSeconds: 5 })
    const summaries = await tick()
    expect(summaries.map((summary) => summary?.outcome)).toEqual(['missed', 'missed', 'missed'])
    expect(summaries[proposerOf(0)]?.detail).toMatch(/^No steward signed round 1 of market:ETH, 0x[0-9a-f]{64}, within 0.3 s\.$/)
    const { store, waiting } = contextOf(daemons[proposerOf(0)] as Running)
    expect(store.lastRound(configuration.scope)).toMatchObject({ stage: 'failed', transaction: null })
    expect(waiting.size).toBe(0)
    const metrics = await (daemons[proposerOf(0)] as Running).metrics.registry.metrics()
    expect(metrics).toContain('ballast_turns_passed_total{scope="market:ETH",reason="steward"} 1')
    expect(metrics).toContain('ballast_transactions_total{purpose="round",outcome="reverted"} 0')
    expect(await fetchAcceptedRounds(market.local.client, market.deployment, configuration.scope, 0n)).toEqual([])
  })
})

async function freeUrls(count: number): Promise<string[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const found = servers.map((server) => `http://127.0.0.1:${(server.address() as { port: number }).port}`)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return found
}
