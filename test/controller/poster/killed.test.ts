import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { PublicClient } from 'viem'
import { keccak256, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeInstrumentId } from '../../../chain/clearing/index.ts'
import { readChains, readSurfaceHead } from '../../../chain/ladder/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import { readEngineBuild } from '../../../controller/engine/readEngineBuild.ts'
import { openStore } from '../../../controller/store/openStore.ts'
import type { ClearingChain } from '../../../controller/world/openClearingChain.ts'
import { tradeOnChain } from '../../../controller/world/tradeOnChain.ts'
import type { Hex } from '../../../risk/types/index.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
import { owner, person, startClearing, traderOf } from '../support/clearingChain.ts'
import { clearingEnv, engineNames, firstTick, startClearingDaemon, writeClearingConfig } from '../support/clearingDaemons.ts'
import { deskSurface } from '../support/deskSurface.ts'

const root = join(import.meta.dirname, '../../..')
const urls = [9_431, 9_432, 9_433].map((port) => `http://127.0.0.1:${port}`)
const surfaceKeys: readonly Hex[] = ['surface signer one', 'surface signer two'].map((name) => keccak256(stringToHex(name)))
/** Whose turn the tick is: it posts at once. */
const turn = (firstTick / 3_600) % 3
const peer = (turn + 1) % 3

// Processes against a node: each takes several seconds on a busy machine, so the normal tier kills one alone.
describe('an engine that is killed while it posts', () => {
  let local: LocalChain
  let chain: ClearingChain
  const folder = mkdtempSync(join(tmpdir(), 'ballast-killed-'))
  beforeAll(async () => {
    ;({ local, chain } = await startClearing(0))
    const [long, maker] = ['long', 'maker'].map(traderOf) as [ReturnType<typeof traderOf>, ReturnType<typeof traderOf>]
    for (const { owner: holder, account } of [long, maker]) await chain.deposit(holder, account, 100_000)
    const instrument = encodeInstrumentId({ chain: 1, leg: { kind: 'future' } })
    await tradeOnChain(local, chain, owner, { taker: long, maker, instrument, lots: 100_000n, price: 200n * 10n ** 18n })
    for (const name of engineNames) await local.fund(person(name).address, 10n ** 20n)
    for (const key of surfaceKeys) await local.fund(privateKeyToAccount(key).address, 10n ** 20n)
    await chain.writePrices(firstTick + 60, new Map([['ETH', 200]]))
  }, 180_000)
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await local?.close()
  })

  const client = () => local.client as PublicClient
  const head = () => readSurfaceHead(client(), chain.clearing.contracts.surfaceOracle, 'market:ETH')

  it('leaves a surface that the next process completes, and nothing twice', { timeout: 180_000 }, async () => {
    const desk = join(folder, 'desk')
    mkdirSync(desk)
    writeFileSync(join(desk, 'one.json'), JSON.stringify(deskSurface(firstTick + 60)))
    const settings = { maxAgeSeconds: 600, validitySeconds: 43_200, gasLimit: 3_000_000, timeoutSeconds: 120 }
    const surfaceOf = (engine: number) => ({
      source: { kind: 'folder', directory: desk } as const,
      signer: { kind: 'environment' } as const,
      store: join(folder, `surface-${engine}.sqlite`),
      ...settings,
    })
    const build = readEngineBuild(root)
    const other = await startClearingDaemon(folder, chain, local.url ?? '', peer, {
      urls,
      days: 10,
      build,
      surface: surfaceOf(peer),
      surfaceKey: surfaceKeys[1] as Hex,
    })
    const file = writeClearingConfig(folder, chain, local.url ?? '', turn, { urls, days: 10, surface: surfaceOf(turn) })
    const start = async (): Promise<ChildProcess> => {
      const child = fork(join(root, 'controller/replay/engineProcess.ts'), [file, String(firstTick)], {
        env: { PATH: process.env['PATH'] ?? '', ...clearingEnv(turn, surfaceKeys[0]) },
        execArgv: [],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      const [message] = (await once(child, 'message')) as [object]
      expect(message).toHaveProperty('ready')
      child.send({ tick: firstTick })
      return child
    }
    const before = await head()
    let posted = before.version
    for (const milliseconds of deep ? [600, 1_200, 1_800, 2_400, 3_000] : [1_800]) {
      const child = await start()
      await wait(milliseconds)
      child.kill('SIGKILL')
      await once(child, 'exit')
      const { version } = await head()
      expect(version).toBeGreaterThanOrEqual(posted)
      posted = version
    }
    const last = await start()
    const [done] = (await once(last, 'message')) as [{ done: number; summary: readonly { outcome: string }[] }]
    expect([done.done, done.summary.map(({ outcome }) => outcome)]).toEqual([firstTick, ['accepted']])
    last.send({ stop: true })
    await once(last, 'exit')
    await other.stop()

    // One surface for one tick, however often it was begun, and the ladder of it proved.
    expect(await head()).toMatchObject({ version: before.version + 1, asOf: firstTick + 60 })
    const { chains } = await readChains(client(), chain.clearing.contracts.chains, 'market:ETH', await local.client.getBlockNumber())
    expect([chains[0]?.status, chains[0]?.live?.ladder.slice.version]).toEqual(['proved', before.version + 1])
    // Every nonce of the surface key is one transaction that a contract took.
    const store = openStore({ path: join(folder, `surface-${turn}.sqlite`) })
    const { address } = privateKeyToAccount(surfaceKeys[0] as Hex)
    for (let nonce = 0; nonce < (await local.client.getTransactionCount({ address })); nonce++) {
      const attempts = store.attemptsAt(chain.clearing.chainId, address, nonce)
      const receipts = await Promise.all(attempts.map(({ hash }) => local.client.getTransactionReceipt({ hash }).catch(() => null)))
      expect(receipts.filter((receipt) => receipt?.status === 'success')).toHaveLength(1)
    }
    store.close()
  })
})
