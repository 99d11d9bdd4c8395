import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeFunctionData, type PublicClient } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeInstrumentId, formatAccountId, readAssessments } from '../../../chain/clearing/index.ts'
import { encodeSettings } from '../../../chain/codec/index.ts'
import { controllerMandateAbi, riskParametersAbi } from '../../../chain/generated/index.ts'
import { encodeScopeId, storeRoles } from '../../../chain/ids/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import { projectRoot } from '../../../cli/context/projectRoot.ts'
import type { CommandContext } from '../../../cli/kit/defineCommand.ts'
import { checkWaitingRound } from '../../../cli/round/checkWaitingRound.ts'
import { fetchGroup } from '../../../cli/round/fetchGroup.ts'
import { openWaiting } from '../../../cli/round/openWaiting.ts'
import { laneSettings } from '../../../cli/start/setUpChain.ts'
import type { Daemon } from '../../../controller/daemon.ts'
import { checkSnapshot } from '../../../controller/engine/checkSnapshot.ts'
import type { EngineContext } from '../../../controller/engine/EngineContext.ts'
import { observe } from '../../../controller/engine/observe.ts'
import { readEngineBuild } from '../../../controller/engine/readEngineBuild.ts'
import { openMonitorStore } from '../../../controller/monitor/openMonitorStore.ts'
import { createClearingSource } from '../../../controller/sources/clearingSource.ts'
import type { GroupDocuments } from '../../../controller/sources/groupDocuments.ts'
import type { ClearingChain } from '../../../controller/world/openClearingChain.ts'
import { tradeOnChain } from '../../../controller/world/tradeOnChain.ts'
import { decide } from '../../../risk/decide/index.ts'
import { canonicalJson, contentHash } from '../../../risk/hash/index.ts'
import { openTick } from '../../../risk/replay/index.ts'
import type { Book, Hash, Json, MarketSnapshot, RiskReport, RoundRecord } from '../../../risk/types/index.ts'
import { type CliResult, runCli } from '../../cli/runCli.ts'
import { EXPIRY, keyFor, owner, person, startClearing, traderOf } from '../support/clearingChain.ts'
import { engineNames, firstTick, startClearingDaemon } from '../support/clearingDaemons.ts'

const WAD = 10n ** 18n
const HOUR = 3_600
const urls = [9_411, 9_412, 9_413].map((port) => `http://127.0.0.1:${port}`)
const future = encodeInstrumentId({ chain: 1, leg: { kind: 'future' } })
/** Resolves once something is so. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10))
}
/** What a command has at hand besides its options, without a terminal. */
const quiet = (folder: string): CommandContext =>
  ({
    terminal: { environment: {}, folder },
    output: { step: () => undefined },
    signal: new AbortController().signal,
  }) as unknown as CommandContext
const put = encodeInstrumentId({ chain: 1, leg: { kind: 'option', type: 'put', strike: 1 } })

describe('ticks of three engines on a deployed clearing', () => {
  let local: LocalChain
  let chain: ClearingChain
  const engines: (Daemon & { readonly stop: () => Promise<void> })[] = []
  const folder = mkdtempSync(join(tmpdir(), 'ballast-clearing-'))
  const [long, maker, writer] = ['long', 'maker', 'writer'].map(traderOf) as [
    ReturnType<typeof traderOf>,
    ReturnType<typeof traderOf>,
    ReturnType<typeof traderOf>,
  ]
  beforeAll(async () => {
    ;({ local, chain } = await startClearing(0))
    for (const [{ owner: holder, account }, usd] of [
      [long, 7_700],
      [maker, 500_000],
      [writer, 4_000],
    ] as const)
      await chain.deposit(holder, account, usd)
    await tradeOnChain(local, chain, owner, { taker: long, maker, instrument: future, lots: 1_000_000n, price: 200n * WAD })
    await tradeOnChain(local, chain, owner, { taker: writer, maker, instrument: put, lots: -500_000n, price: 5n * WAD })
  }, 180_000)
  afterAll(async () => {
    for (const engine of engines) await engine.stop()
    rmSync(folder, { recursive: true, force: true })
    await local?.close()
  })
  const context = (i: number): EngineContext => (engines[i] as Daemon).engines.get('market:ETH') as EngineContext
  const document = <Content>(hash: Hash | null | undefined): Content => JSON.parse(context(0).store.get(hash as Hash) ?? 'null') as Content
  const everyone = () => [long, maker, writer].map(({ account }) => account)
  /** One tick of all three at a price of the feed; what the round was made of. */
  const tickAt = async (time: number, price: number) => {
    await chain.writePrices(time + 60, new Map([['ETH', price]]))
    const summaries = (await Promise.all(engines.map((engine) => engine.tick(time)))).flat()
    expect(summaries.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted'])
    const record = context(0).store.round('market:ETH', time) as RoundRecord
    const snapshot = document<MarketSnapshot>(record.snapshot)
    return { record, snapshot, book: document<Book>(snapshot.book), report: document<RiskReport>(record.report) }
  }
  const liquidatableAt = async (block: bigint): Promise<readonly string[]> =>
    (await readAssessments(local.client, chain.clearing, everyone(), block))
      .filter(({ equity, maintenance }) => equity < maintenance)
      .map(({ account }) => formatAccountId(account))

  it('agree on the accounts that the chain has, and judge them as the contracts do', { timeout: 60_000 }, async () => {
    for (const name of engineNames) await local.fund(person(name).address, 10n ** 20n)
    for (const i of [0, 1, 2])
      engines.push(await startClearingDaemon(folder, chain, local.url ?? '', i, { urls, build: readEngineBuild(projectRoot) }))
    const { snapshot, book, report } = await tickAt(firstTick, 200)
    expect([snapshot.version, book.version, snapshot.provenance.synthetic, snapshot.clearing]).toEqual([2, 2, ['market'], []])
    expect(book.portfolios.map(({ account }) => account).sort()).toEqual(everyone().map(formatAccountId).sort())
    expect(book.portfolios.find(({ account }) => account === formatAccountId(long.account))).toEqual({
      account: formatAccountId(long.account),
      // 7,700 deposited, 6 paid in fees, 100 futures at 200 paid in full.
      cash: 7_694 - 20_000,
      collateral: 0,
      positions: [{ instrument: 1, quantity: 100 }],
      principal: 7_700,
    })
    expect(snapshot.group).toMatchObject({ group: 'group:MAIN', flagged: [], markets: [{ market: 'ETH', price: 200, openInterest: 150 }] })
    const assessed = await readAssessments(local.client, chain.clearing, everyone(), BigInt(snapshot.chain.block))
    const total = (of: (each: (typeof assessed)[number]) => bigint): number =>
      Number(assessed.reduce((sum, each) => sum + of(each), 0n)) / 1e18
    expect(report.before.equity).toBeCloseTo(
      total(({ equity }) => equity),
      3,
    )
    // The ladder's allowance is the contract's alone: it asks for no less, and for little more.
    for (const [own, theirs] of [
      [report.before.maintenance, total(({ maintenance }) => maintenance)],
      [report.before.initial, total(({ initial }) => initial)],
    ] as const) {
      expect(theirs).toBeGreaterThanOrEqual(own * (1 - 1e-9))
      expect(theirs).toBeLessThan(own * 1.05)
    }
    const cover = report.signals.find(({ name }) => name === 'clearing.coverTwoUsd')?.value
    // All long by 100 and nothing else falls short when the index falls by 58 %: 100 x 200 x 0.58 x 0.95 and closing costs, less its equity.
    expect(cover).toBeGreaterThan(0)
    expect(report.recommendations.find(({ id }) => id === 'market.openInterestCap')?.terms.map(({ name }) => name)).toContain('byFund')
    expect(report.recommendations.find(({ id }) => id === 'liquidation.liquidatorShare')?.outcome).toEqual({
      kind: 'hold',
      reason: 'inputUnavailable',
    })
  })

  const cosign = (url: string, ...more: readonly string[]): Promise<CliResult> =>
    runCli(['round', 'cosign', '--engine', url, '--rpc', local.url ?? '', '--deployment', join(folder, 'deployment.json'), ...more], {
      folder,
      environment: { BALLAST_PRIVATE_KEY: keyFor('steward') },
    })

  it('state who will be liquidatable once the round is in force, which a steward has to sign, and the contracts agree when it is', {
    timeout: 240_000,
  }, async () => {
    const { controllerMandate, riskParameters } = chain.protocol.contracts
    const steward = person('steward').address
    const grant = encodeFunctionData({ abi: riskParametersAbi, functionName: 'grantRole', args: [storeRoles.steward, steward] })
    const strict = encodeSettings({ ...laneSettings(EXPIRY), impactAccountsLimit: 0 })
    const limit = encodeFunctionData({
      abi: controllerMandateAbi,
      functionName: 'setSettings',
      args: [encodeScopeId('market:ETH'), strict],
    })
    await sendCall(local.client, local.wallet(owner), { to: riskParameters, data: grant })
    await sendCall(local.client, local.wallet(owner), { to: controllerMandate, data: limit })

    const ticking = tickAt(firstTick + 2 * HOUR, 160)
    const { waiting } = context(0)
    await Promise.race([ticking, until(() => waiting.size > 0)])
    const { url } = engines[0] as Daemon
    expect(await cosign(url)).toMatchObject({ code: 4, err: expect.stringContaining('Name their file of addresses with --clearing.') })
    const given = ['--clearing', join(folder, 'clearing.json'), '--accounts', join(folder, 'steward', 'accounts.sqlite')]
    const { code, out, err } = await cosign(url, ...given, '--json')
    expect(code, err + out).toBe(0)
    const checked = JSON.parse(out)
    expect(checked).toMatchObject({ need: 'impact', impactAccounts: 1, verified: true, sent: false })
    expect(checked.steps).toContainEqual({ id: 'group', status: 'verified', expected: null, got: null, blockedBy: [] })
    // Our own node has another fund than the snapshot says.
    const opened = await openWaiting({ engine: url, rpc: local.url ?? '', deployment: join(folder, 'deployment.json') }, quiet(folder))
    const round = opened.rounds[0] as (typeof opened.rounds)[number]
    const fetchDocument = async (hash: Hash): Promise<string | undefined> => context(0).store.get(hash)
    const options = { fetchDocument, priorState: null, engine: opened.engine }
    const withGroup = (change: (group: GroupDocuments) => GroupDocuments) => async (snapshot: MarketSnapshot) =>
      change(await fetchGroup(opened.node, chain.clearing, snapshot, ':memory:'))
    for (const change of [
      ({ book, group }: GroupDocuments) => ({ book, group: { ...group, fundUsd: 1e9 } }),
      ({ book, group }: GroupDocuments) => ({ book: { ...book, portfolios: [] }, group }),
    ]) {
      const steps = await checkWaitingRound(opened.node, round, { ...options, fetchGroup: withGroup(change) })
      expect(steps.filter(({ status }) => status !== 'verified').map(({ id, status }) => [id, status])).toEqual([['group', 'failed']])
    }
    const sent = await cosign(url, ...given, '--send', '--yes')
    expect(sent.code, sent.err).toBe(0)

    const { record, snapshot, report } = await ticking
    const range = record.adjustment?.items.find(({ id }) => id === 'margin.priceScanRange')
    expect(range?.value).toBeGreaterThan(2_310)
    expect(await liquidatableAt(BigInt(snapshot.chain.block))).toEqual([])
    expect(report.before.liquidatable).toBe(0)
    expect(report.impact).toEqual({ accounts: 1, notional: 16_000 })
    expect(record.adjustment?.impactAccounts).toBe(1)
    // The ramp has brought maintenance to the target.
    await chain.writePrices(firstTick + 9 * HOUR, new Map([['ETH', 160]]))
    expect(await liquidatableAt(await local.client.getBlockNumber())).toEqual([formatAccountId(long.account)])
  })

  it('leave the same documents behind, and the same round from them', async () => {
    const record = context(0).store.round('market:ETH', firstTick + 2 * HOUR) as RoundRecord
    const { identity, store } = context(1)
    const opened = openTick(record.snapshot, store)
    const { configuration, catalogue, build: engine } = identity
    const { decision } = decide({ ...opened, configuration, catalogue, engine, documents: store })
    expect(decision.kind === 'halt' ? null : decision.adjustment).toEqual(record.adjustment)
  })

  it('read an old block as it was, whatever came later', { timeout: 60_000 }, async () => {
    const { snapshot } = openTick((context(0).store.round('market:ETH', firstTick) as RoundRecord).snapshot, context(0).store)
    const late = traderOf('late')
    await chain.deposit(late.owner, late.account, 1_000)
    await chain.postMarket('ETH', 160, 0.9)
    const other = createClearingSource({
      client: local.client as PublicClient,
      deployment: chain.clearing,
      riskParameters: chain.protocol.contracts.riskParameters,
      group: 'group:MAIN',
      store: openMonitorStore(':memory:'),
    })
    const { book, group } = await other.fetchGroup(BigInt(snapshot.chain.block), { market: 'ETH', scope: 'market:ETH' })
    expect([contentHash(canonicalJson(book as unknown as Json)), group]).toEqual([snapshot.book, snapshot.group])
  })

  it.each([
    ['margin group at block', (snapshot: MarketSnapshot) => ({ ...snapshot, group: { ...snapshot.group, fundUsd: 1e9 } })],
    ['book', (snapshot: MarketSnapshot) => ({ ...snapshot, book: contentHash('another') })],
    ['margin group at block', ({ group: _, ...snapshot }: MarketSnapshot) => ({ ...snapshot, version: 1 as const })],
  ])('refuse another %s', { timeout: 60_000 }, async (what, change) => {
    const time = firstTick + 9 * HOUR
    const { snapshot } = await observe(context(0), time)
    await expect(checkSnapshot(context(1), contentHash('changed'), snapshot, time)).resolves.toBeUndefined()
    await expect(checkSnapshot(context(1), contentHash('changed'), change(snapshot) as MarketSnapshot, time)).rejects.toThrow(what)
  })
})
