import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeFunctionData, parseEventLogs } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { encodeSettings } from '../../../chain/codec/index.ts'
import { controllerMandateAbi } from '../../../chain/generated/index.ts'
import { encodeScopeId, fromCode, toCode } from '../../../chain/ids/index.ts'
import { adjustmentDigest, domainOf } from '../../../chain/typed-data/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import { projectRoot } from '../../../cli/context/projectRoot.ts'
import type { EngineContext, TickSummary } from '../../../controller/engine/EngineContext.ts'
import { readEngineBuild } from '../../../controller/engine/readEngineBuild.ts'
import type { WaitingAnswer } from '../../../controller/http/waitingSchema.ts'
import { createEngineKey } from '../../../controller/signers/createEngineKey.ts'
import { canonicalJson, contentHash } from '../../../risk/hash/index.ts'
import { type Adjustment, type Hex, laneModes } from '../../../risk/types/index.ts'
import { people } from '../../chain/support.ts'
import { startTestDaemon } from '../../controller/support/daemons.ts'
import { configuration, engineKeys, laneSettings, moveTo, startMarket, type TestMarket, tickAt } from '../../controller/support/market.ts'
import { type CliResult, runCli } from '../runCli.ts'

type Running = Awaited<ReturnType<typeof startTestDaemon>>
type Person = keyof typeof people
const keyOf = (person: Person): Hex => `0x${(0xba11 + Object.keys(people).indexOf(person)).toString(16).padStart(64, '0')}`
const { scope } = configuration
const proposerOf = (n: number): number => (tickAt(n) / 3_600) % 3
const contextOf = (daemon: Running): EngineContext => daemon.engines.get(scope) as EngineContext

let market: TestMarket
let folder: string
let daemons: Running[]
let start: Hex
beforeAll(async () => {
  market = await startMarket({ canaryRounds: 2 }, 'canary')
}, 180_000)
afterAll(() => market.local.close())
beforeEach(async () => {
  start = await market.local.snapshot()
  folder = mkdtempSync(join(tmpdir(), 'ballast-cosign-'))
  const urls = await freeUrls(3)
  const engine = { proposerTimeoutSeconds: 600, cosignTimeoutSeconds: 600 }
  const build = readEngineBuild(projectRoot)
  daemons = await Promise.all([0, 1, 2].map((n) => startTestDaemon(folder, market, n, { urls, engine, build })))
})
afterEach(async () => {
  await Promise.all(daemons.map((daemon) => daemon.stop()))
  rmSync(folder, { recursive: true })
  await market.local.revert(start)
})

const run = (args: string, as: Person, engine: string, answers?: readonly string[]): Promise<CliResult> =>
  runCli(['round', ...args.split(' '), '--engine', engine, '--rpc', market.url, '--deployment', join(folder, 'deployment.json')], {
    folder,
    environment: { BALLAST_PRIVATE_KEY: keyOf(as) },
    ...(answers !== undefined && { answers }),
  })
const lane = () =>
  market.local.client.readContract({
    address: market.deployment.contracts.controllerMandate,
    abi: controllerMandateAbi,
    functionName: 'lane',
    args: [encodeScopeId(scope)],
  })
/** Begins a tick of all engines and resolves once its proposer waits; `done` when the tick is over. */
async function begin(n: number): Promise<{ url: string; digest: Hex; done: Promise<(TickSummary | undefined)[]> }> {
  await moveTo(market.local, tickAt(n))
  const done = Promise.all(daemons.map(async (daemon) => (await daemon.tick(tickAt(n)))[0]))
  const proposer = daemons[proposerOf(n)] as Running
  const { waiting } = contextOf(proposer)
  while (waiting.size === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  const [digest] = waiting.keys()
  // A test that leaves the round unsigned stops the engines in mid-tick.
  done.catch(() => undefined)
  return { url: proposer.url, digest: digest as Hex, done }
}

test('a round of a canary lane lands only after a steward has had it computed again and signed it', async () => {
  const idle = daemons[0]?.url ?? ''
  expect(await run('list', 'stranger', idle)).toMatchObject({ code: 0, out: `No round waits for a steward at ${new URL(idle).host}.\n` })
  expect(await run('cosign --send --yes', 'steward', idle)).toMatchObject({ code: 4, err: expect.stringContaining('No round waits') })

  const first = await begin(0)
  const listed = await run('list', 'stranger', first.url)
  expect(listed.code, listed.err).toBe(0)
  expect(listed.out).toContain(`Round 1 of ${scope}, observed at 2024-01-03 00:00 UTC`)
  expect(listed.out).toMatch(
    /market\.depth: 5,000,000 USD → 3,750,000 USD, -25\.0 %, tightens\n +why: target [\d,]+ USD; from depthQ10 [\d,]+ USD; cut to .* by tightenStep\n/,
  )
  expect(listed.out).toMatch(/liquidation\.fee: 3 % \(300\) → 2\.4 % \(240\), -20\.0 %, loosens after its veto window\n/)
  expect(listed.out).toMatch(/impact: \d+ accounts with [\d,]+ USD become liquidatable; the lane allows 1000 accounts/)
  expect(listed.out).toContain('needs a steward: every round of a lane on probation does (canary)')
  expect(listed.out).toMatch(/the engine waits (10|9) min( \d+ s)? more, it may be sent until 2024-01-03T00:10:00Z/)
  expect(listed.out).toContain(`digest: ${first.digest}`)

  const dry = await run('cosign', 'steward', first.url)
  expect(dry.code, dry.err + dry.out).toBe(0)
  for (const step of [
    'Signed round',
    'Engine build',
    'Configuration',
    'Snapshot',
    'Chain state',
    'State before the tick',
    'Fold',
    'Decision',
    'Report bytes',
  ])
    expect(dry.out).toMatch(new RegExp(`✓ +\\d+  ${step}`))
  expect(dry.out).not.toMatch(/[✗?] +\d+ /)
  expect(dry.out).toContain('The first state is the fold of its seed bars.')
  expect(dry.out).toContain('Nothing was signed; add --send.')

  for (const who of ['stranger', 'guardian', 'engineA'] as const)
    expect(await run('cosign --send --yes', who, first.url)).toMatchObject({
      code: 6,
      err: expect.stringContaining(`${people[who].address} is not a steward.\nStewards are ${people.steward.address}.`),
    })
  expect(await run(`cosign 0x${'7'.repeat(64)} --send --yes`, 'steward', first.url)).toMatchObject({
    code: 4,
    err: expect.stringContaining(`There waits ${first.digest} (round 1 of ${scope})`),
  })
  expect((await run('cosign --send', 'steward', first.url)).code).toBe(2)
  expect(await run('cosign --send', 'steward', first.url, ['no'])).toMatchObject({
    code: 130,
    err: expect.stringContaining('Nothing was sent.'),
  })
  expect(await lane()).toMatchObject({ round: 0 })

  const sent = await run(`cosign ${first.digest} --send`, 'steward', first.url, ['yes'])
  expect(sent.code, sent.err).toBe(0)
  expect(sent.out).toContain(`co-signed by ${people.steward.address}; the engine at ${new URL(first.url).host} sends it`)
  expect((await first.done).map((summary) => summary?.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
  expect(await lane()).toMatchObject({ round: 1 })
  const [accepted] = parseEventLogs({
    abi: controllerMandateAbi,
    eventName: 'RoundAccepted',
    logs: await market.local.client.getLogs({ address: market.deployment.contracts.controllerMandate, fromBlock: 0n }),
  })
  expect(accepted?.args).toMatchObject({ digest: first.digest, cosigner: people.steward.address })
  expect(await run(`cosign ${first.digest} --send --yes`, 'steward', first.url)).toMatchObject({
    code: 4,
    err: expect.stringContaining('A round waits only until a steward has signed it'),
  })

  // The second starts from the state that the first left, which is computed again, too.
  const second = await begin(1)
  const { code, out, err } = await run(`cosign --scope ${scope} --send --yes --json`, 'steward', second.url)
  expect(code, err).toBe(0)
  const document = JSON.parse(out)
  expect(document).toMatchObject({ schema: 'ballast.cosign', round: 2, digest: second.digest, need: 'lane', verified: true, sent: true })
  const ids = ['round', 'engine', 'configuration', 'snapshot', 'chain', 'book', 'state', 'fold', 'report', 'decision', 'signals']
  expect(document.steps).toEqual(ids.map((id) => ({ id, status: 'verified', expected: null, got: null, blockedBy: [] })))
  expect((await second.done).map((summary) => summary?.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
  // Two rounds were the probation.
  const { round, mode } = await lane()
  expect([round, fromCode(laneModes, mode)]).toEqual([2, 'live'])
}, 180_000)

describe('given an engine that lies, or a round that changes', () => {
  type Change = {
    readonly waiting?: (answer: WaitingAnswer) => WaitingAnswer | Promise<WaitingAnswer>
    readonly document?: (text: string, path: string) => string | null | Promise<string>
  }
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })
  /** An engine's answers, changed on the way; counts signatures that come by. */
  const between = async (engine: string, change: Change): Promise<{ url: string; cosigns: () => number }> => {
    let cosigns = 0
    server = createServer((request, response) => {
      const path = request.url ?? ''
      const relay = async (): Promise<void> => {
        let body = ''
        for await (const part of request) body += String(part)
        if (path.endsWith('/cosign')) cosigns++
        const answer = await fetch(engine + path, {
          method: request.method ?? 'GET',
          headers: { authorization: request.headers.authorization ?? '' },
          ...(request.method === 'POST' && { body }),
        })
        let text: string | null = await answer.text()
        if (path.endsWith('/waiting') && change.waiting !== undefined) text = JSON.stringify(await change.waiting(JSON.parse(text)))
        if (path.includes('/documents/') && change.document !== undefined) text = await change.document(text, path)
        response.writeHead(text === null ? 404 : answer.status, { 'content-type': 'application/json' })
        response.end(text ?? '{"code":"noDocument","message":"This engine does not hold it."}')
      }
      relay().catch(() => response.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cosigns: () => cosigns }
  }
  const changed = (change: (round: WaitingAnswer['rounds'][number]) => object) => (answer: WaitingAnswer) =>
    ({ ...answer, rounds: answer.rounds.map((round) => ({ ...round, ...change(round) })) }) as WaitingAnswer
  const digestOf = (adjustment: WaitingAnswer['rounds'][number]['adjustment']): Hex =>
    adjustmentDigest(
      { ...adjustment, impactNotional: BigInt(adjustment.impactNotional) } as unknown as Adjustment,
      domainOf('controllerMandate', market.deployment.chainId, market.deployment.contracts.controllerMandate),
    )
  const seven: Hex = `0x${'7'.repeat(64)}`

  test('nothing is signed, and the message says what does not follow', async () => {
    const { url, digest } = await begin(0)
    const refused = async (change: Change, code: number, ...words: string[]): Promise<void> => {
      const { url: changedUrl, cosigns } = await between(url, change)
      const result = await run('cosign --send --yes', 'steward', changedUrl)
      server?.closeAllConnections()
      server?.close()
      expect(result.code, result.err + result.out).toBe(code)
      for (const word of words) expect(result.out + result.err).toContain(word)
      expect(cosigns()).toBe(0)
    }
    await refused({ waiting: changed(() => ({ digest: seven })) }, 7, 'The digest of round 1', `It says ${seven}; here it is ${digest}`)
    await refused({ waiting: changed(({ report }) => ({ report: { ...report, market: 'BTC' } })) }, 7, 'The report of round 1')
    await refused({ waiting: (answer) => ({ ...answer, engine: people.stranger.address }) }, 7, 'is no engine of this mandate')
    await refused({ waiting: (answer) => ({ ...answer, rounds: [{}] }) as never }, 5, 'cannot be read', 'rounds.0.digest')
    const drawing = changed(({ report }) => ({
      report: { ...report, recommendations: [{ ...report.recommendations[0], id: '\u001b[2J' }] },
    }))
    await refused({ waiting: drawing }, 5, 'rounds.0.report.recommendations.0.id')
    // Other values under a digest that fits them: the engines did not sign that.
    const other = changed(({ adjustment }) => {
      const items = adjustment.items.map((item) => ({ ...item, value: item.value + 1 }))
      return { adjustment: { ...adjustment, items }, digest: digestOf({ ...adjustment, items }) }
    })
    await refused({ waiting: other }, 6, 'bad signature')
    const { snapshot } = (contextOf(daemons[proposerOf(0)] as Running).store.lastRound(scope) ?? {}) as { snapshot: Hex }
    const spoilt = (text: string, path: string): string =>
      path.endsWith(snapshot) ? text.replace('"market":"ETH"', '"market":"BTC"') : text
    await refused({ document: spoilt }, 7, '✗  4  Snapshot', 'bytes that hash to', 'nothing was signed')
    await refused({ document: (text, path) => (path.endsWith(snapshot) ? null : text) }, 7, 'no store here has it')
    expect(await lane()).toMatchObject({ round: 0 })
  }, 180_000)

  test('a signature that nobody needs is not given: it would use up the budget of stewards', async () => {
    const { local, deployment } = market
    const { controllerMandate: to } = deployment.contracts
    const group = 'group:MAIN'
    const opened = [encodeScopeId(group), toCode(laneModes, 'live'), encodeSettings(laneSettings)] as const
    const data = encodeFunctionData({ abi: controllerMandateAbi, functionName: 'openLane', args: opened })
    await sendCall(local.client, local.wallet(people.alice), { to, data })
    const observedAt = await local.time()
    const report = { recommendations: [] }
    const about = { scope: group, epoch: 1, round: 1, observedAt, validUntil: observedAt + 600, items: [], impactAccounts: 0 }
    const evidence = { snapshot: seven, engine: seven, configuration: seven, report: contentHash(canonicalJson(report)) }
    const adjustment = { ...about, ...evidence, impactNotional: '0' } as WaitingAnswer['rounds'][number]['adjustment']
    const digest = digestOf(adjustment)
    const keys = engineKeys.slice(0, 2).map(({ key }) => createEngineKey(key))
    const signatures = await Promise.all(keys.map(async (key) => ({ signer: key.address, data: await key.signDigest(digest) })))
    const round = { adjustment, digest, signatures, need: 'lane', waitSeconds: 60, report } as WaitingAnswer['rounds'][number]
    const { url, cosigns } = await between(daemons[0]?.url ?? '', { waiting: (answer) => ({ ...answer, rounds: [round] }) })
    expect((await run('list', 'stranger', url)).out).toContain('changes nothing: it is the heartbeat of the lane\n')
    const { code, err } = await run('cosign --send --yes', 'steward', url)
    expect(err).toContain('Round 1 of group:MAIN needs no steward now')
    expect([code, cosigns()]).toEqual([1, 0])
  })

  test('a state that is not the one named is not signed; the one named is', async () => {
    const { url, digest, done } = await begin(0)
    const wrong = await run(`cosign ${digest} --prior-state ${seven} --send --yes`, 'steward', url)
    expect(wrong).toMatchObject({
      code: 7,
      out: expect.stringMatching(new RegExp(`✗ +\\d+  Fold[^✓]*expected 0x[0-9a-f]{64}\\n +got +${seven}`)),
    })
    expect((await run('cosign --prior-state 0x7', 'steward', url)).code).toBe(2)
    const { store } = contextOf(daemons[proposerOf(0)] as Running)
    const { priorState } = JSON.parse(store.get(store.lastRound(scope)?.snapshot as Hex) ?? '') as { priorState: Hex }
    const right = await run(`cosign ${digest} --prior-state ${priorState} --send --yes`, 'steward', url)
    expect(right.code, right.err).toBe(0)
    expect((await done).map((summary) => summary?.outcome)).toEqual(['accepted', 'accepted', 'accepted'])
  }, 180_000)

  let expired: Promise<void> | undefined
  const expire = async <Answer>(answer: Answer): Promise<Answer> => {
    expired ??= market.local.mine(tickAt(0) + configuration.validitySeconds + 1)
    await expired
    return answer
  }
  test.each<[string, Change, string]>([
    ['before the check', { waiting: expire }, 'expired'],
    ['while it was checked', { document: expire }, 'The signature was not handed over'],
  ])(
    'a round whose time is over is refused by the mandate: %s',
    async (_, change, words) => {
      const { url } = await begin(0)
      expired = undefined
      const over = await between(url, change)
      const { code, err } = await run('cosign --send --yes', 'steward', over.url)
      expect(code, err).toBe(6)
      expect(err).toContain('expired')
      expect(err).toContain(words)
      expect(over.cosigns()).toBe(0)
    },
    180_000,
  )

  test('an engine that does not answer, or is none, ends with code 5; a URL that is none with code 2', async () => {
    expect(await run('list', 'steward', (await freeUrls(1))[0] ?? '')).toMatchObject({
      code: 5,
      err: expect.stringContaining('does not answer: ECONNREFUSED'),
    })
    expect(await run('list', 'steward', market.url)).toMatchObject({ code: 5, err: expect.stringContaining('no engine of this version') })
    expect(await run('list', 'steward', 'engine')).toMatchObject({ code: 2, err: expect.stringContaining('--engine is "engine"') })
  })
})

async function freeUrls(count: number): Promise<string[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = createSocket().listen(0, '127.0.0.1')
      await once(socket, 'listening')
      return socket
    }),
  )
  const found = servers.map((socket) => `http://127.0.0.1:${(socket.address() as AddressInfo).port}`)
  await Promise.all(servers.map((socket) => once(socket.close(), 'close')))
  return found
}
