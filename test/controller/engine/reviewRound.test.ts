import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isSignedBy } from '../../../chain/typed-data/index.ts'
import type { Daemon } from '../../../controller/daemon.ts'
import type { EngineContext, Evaluation } from '../../../controller/engine/EngineContext.ts'
import { evaluate } from '../../../controller/engine/evaluate.ts'
import { observe } from '../../../controller/engine/observe.ts'
import type { Peers } from '../../../controller/engine/Peers.ts'
import { PeerError } from '../../../controller/errors/EngineErrors.ts'
import { createPeers } from '../../../controller/http/createPeers.ts'
import { createLog } from '../../../controller/log/createLog.ts'
import { createEngineKey } from '../../../controller/signers/createEngineKey.ts'
import { canonicalJson } from '../../../risk/hash/index.ts'
import type { Hash, Hex, Json, MarketSnapshot, RoundSignature } from '../../../risk/types/index.ts'
import { build, type DaemonChanges, startTestDaemon } from '../support/daemons.ts'
import { configuration, engineKeys, moveTo, startMarket, type TestMarket, tickAt } from '../support/market.ts'

type Running = Awaited<ReturnType<typeof startTestDaemon>>
const zero = `0x${'0'.repeat(64)}` as const
const contextOf = (daemon: Daemon): EngineContext => [...daemon.engines.values()][0] as EngineContext

describe('reviewRound: engine 2 answers engine 1', () => {
  let folder: string
  let market: TestMarket
  let chainState: Hex
  let proposer: Running
  let reviewer: Running | undefined
  const tick = tickAt(0)
  beforeAll(async () => {
    market = await startMarket()
    await moveTo(market.local, tick)
  })
  afterAll(() => market.local.close())
  beforeEach(async () => {
    chainState = await market.local.snapshot()
    folder = mkdtempSync(join(tmpdir(), 'ballast-review-'))
    proposer = await startTestDaemon(folder, market, 0)
  })
  afterEach(async () => {
    await reviewer?.stop()
    reviewer = undefined
    await proposer.stop()
    rmSync(folder, { recursive: true })
    await market.local.revert(chainState)
  })

  const startReviewer = async (changes: DaemonChanges = {}): Promise<Running> => {
    reviewer = await startTestDaemon(folder, market, 1, { ...changes, urls: [proposer.url, 'http://127.0.0.1:1', 'http://127.0.0.1:1'] })
    return reviewer
  }
  /** Engine 1 as its peers hear it. */
  const peersOf = (to: Running, key: Hex = engineKeys[0]?.key as Hex): Peers =>
    createPeers({
      endpoints: [{ address: to.address, url: to.url }],
      key: createEngineKey(key),
      log: createLog('silent'),
      timeoutSeconds: 5,
      signTimeoutSeconds: 5,
    })
  const proposal = async (change: (snapshot: MarketSnapshot) => MarketSnapshot = (same) => same): Promise<Evaluation> => {
    const context = contextOf(proposer)
    const changed = change((await observe(context, tick)).snapshot)
    return evaluate(context, changed, context.store.put(canonicalJson(changed as unknown as Json)))
  }
  const ask = async (
    to: Running,
    { round, snapshotHash }: Evaluation,
    other: { digest?: Hash; engine?: Hash } = {},
  ): Promise<RoundSignature> => {
    if (round === null) throw new Error('the tick halted')
    const request = { scope: configuration.scope, observedAt: tick, snapshot: snapshotHash, digest: round.digest, engine: build, ...other }
    return peersOf(to).requestSignature(to.address, request, new AbortController().signal)
  }

  it('signs what it computes itself, byte for byte', async () => {
    const to = await startReviewer()
    const evaluation = await proposal()
    const signature = await ask(to, evaluation)
    expect(await isSignedBy(to.address, evaluation.round?.digest as Hash, signature.data)).toBe(true)
    expect(contextOf(to).store.claim(configuration.scope, 1)?.digest).toBe(evaluation.round?.digest)
  })
  it.each<[string, (snapshot: MarketSnapshot) => MarketSnapshot, RegExp]>([
    [
      'a bar that its own source does not show',
      (same) => ({ ...same, bars: same.bars.map((bar) => ({ ...bar, close: bar.close * 1.004, high: bar.high * 1.01 })) }),
      /bars\[0\]\.(high|close)/,
    ],
    ['a spot of its own', (same) => ({ ...same, spot: same.spot * 1.01 }), /spot/],
    [
      'a chain state that its node does not show',
      (same) => ({ ...same, chain: { ...same.chain, time: same.chain.time + 1 } }),
      /chain state at block/,
    ],
  ])('refuses a snapshot with %s, and names it', async (_, change, named) => {
    const to = await startReviewer()
    const evaluation = await proposal(change)
    await expect(ask(to, evaluation)).rejects.toThrow(named)
    await expect(ask(to, evaluation)).rejects.toMatchObject({ context: { code: 'SnapshotRefusedError' } })
    expect(contextOf(to).store.claim(configuration.scope, 1)).toBeUndefined()
  })
  it('refuses a digest that does not follow from the snapshot', async () => {
    const to = await startReviewer()
    await expect(ask(to, await proposal(), { digest: zero })).rejects.toMatchObject({ context: { code: 'DisagreementError' } })
  })
  it('refuses another engine build, and says both', async () => {
    const to = await startReviewer()
    await expect(ask(to, await proposal(), { engine: zero })).rejects.toThrow(
      new RegExp(`engine build of this engine is ${build}; ${zero} is expected`),
    )
  })
  it('refuses everything while its own numeric fingerprint or build is not the configured one', async () => {
    const other = await startReviewer({ configuration: { ...configuration, fingerprint: zero } })
    await expect(ask(other, await proposal())).rejects.toThrow(/numeric fingerprint .* It does not sign/)
    await other.stop()
    const wrong = await startReviewer({ engine: { build: zero } })
    await expect(ask(wrong, await proposal())).rejects.toThrow(/engine build .* It does not sign/)
  })
  it('signs one digest per round, and names the one it signed', async () => {
    const to = await startReviewer()
    const first = await proposal()
    await ask(to, first)
    const second = await proposal((same) => ({ ...same, bars: same.bars.map((bar) => ({ ...bar, volume: bar.volume * 1.01 })) }))
    expect(second.round?.digest).not.toBe(first.round?.digest)
    const error: unknown = await ask(to, second).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(PeerError)
    expect(error).toMatchObject({
      context: { code: 'equivocation', claimed: { digest: first.round?.digest, snapshot: first.snapshotHash } },
    })
    await ask(to, first)
  })
  it('signs nothing in dry run', async () => {
    const to = await startReviewer({ send: false })
    await expect(ask(to, await proposal())).rejects.toMatchObject({ context: { code: 'dryRun' } })
  })
  it('refuses a document that is no snapshot, and one that nobody has', async () => {
    const to = await startReviewer()
    const evaluation = await proposal()
    const garbage = contextOf(proposer).store.put('{"schema":"ballast.snapshot","bars":"none"}')
    await expect(ask(to, { ...evaluation, snapshotHash: garbage })).rejects.toMatchObject({ context: { code: 'InvalidDocumentError' } })
    await expect(ask(to, { ...evaluation, snapshotHash: zero })).rejects.toMatchObject({ context: { code: 'MissingDocumentError' } })
  })
  it('answers only engines, only signed requests, each once', async () => {
    const to = await startReviewer()
    const stranger = peersOf(to, `0x${'7'.repeat(64)}`)
    const request = { scope: configuration.scope, observedAt: tick, snapshot: zero, digest: zero, engine: build } as const
    await expect(stranger.requestSignature(to.address, request, new AbortController().signal)).rejects.toMatchObject({
      context: { code: 'stranger' },
    })
    const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${to.url}/v1/rounds/notice`, { method: 'POST', body, headers })
    expect((await post('{}')).status).toBe(401)
    expect((await post('x'.repeat(70_000))).status).toBe(413)
    const { signRequest } = await import('../../../controller/http/peerAuth.ts')
    const key = createEngineKey(engineKeys[0]?.key as Hex)
    const body = JSON.stringify({ kind: 'accepted', scope: configuration.scope, observedAt: tick })
    const sign = (time: number, recipient = to.address): Promise<string> =>
      signRequest(key, { method: 'POST', path: '/v1/rounds/notice', body, recipient, time })
    const authorization = await sign(Date.now())
    expect((await post(body, { authorization })).status).toBe(200)
    expect(await (await post(body, { authorization })).json()).toMatchObject({ code: 'repeated' })
    expect((await post(`${body} `, { authorization })).status).toBe(403)
    expect((await post(body, { authorization: await sign(Date.now() - 60_000) })).status).toBe(401)
    expect((await post(body, { authorization: await sign(Date.now(), proposer.address) })).status).toBe(403)
  })
})
