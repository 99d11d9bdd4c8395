import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PublicClient } from 'viem'
import { keccak256, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { encodeInstrumentId } from '../../../chain/clearing/index.ts'
import { readChains, readSurfaceHead } from '../../../chain/ladder/index.ts'
import type { LocalChain } from '../../../chain/local/index.ts'
import type { Daemon } from '../../../controller/daemon.ts'
import type { EngineContext } from '../../../controller/engine/EngineContext.ts'
import type { SurfaceRequest } from '../../../controller/engine/Peers.ts'
import { ConfigError } from '../../../controller/errors/ConfigError.ts'
import { toSurfaceDocument } from '../../../controller/poster/surfaceDocument.ts'
import { surfaceToSign } from '../../../controller/poster/surfaceToSign.ts'
import type { ClearingChain } from '../../../controller/world/openClearingChain.ts'
import { tradeOnChain } from '../../../controller/world/tradeOnChain.ts'
import type { VolSurface } from '../../../risk/surface/index.ts'
import type { Hex } from '../../../risk/types/index.ts'
import { EXPIRY, keyFor, owner, person, startClearing, traderOf } from '../support/clearingChain.ts'
import { engineNames, firstTick, startClearingDaemon } from '../support/clearingDaemons.ts'
import { deskSurface } from '../support/deskSurface.ts'

const HOUR = 3_600
const WAD = 10n ** 18n
const future = encodeInstrumentId({ chain: 1, leg: { kind: 'future' } })
const urls = [9_421, 9_422, 9_423].map((port) => `http://127.0.0.1:${port}`)
/** The local chain's surface signers. */
const surfaceKeys: readonly Hex[] = ['surface signer one', 'surface signer two'].map((name) => keccak256(stringToHex(name)))

type Running = Daemon & { readonly stop: () => Promise<void> }

describe('engines that post surfaces', () => {
  let local: LocalChain
  let chain: ClearingChain
  let clean: Hex
  let engines: Running[] = []
  let folder = ''
  let desk = ''
  let round = 0
  const [long, maker] = ['long', 'maker'].map(traderOf) as [ReturnType<typeof traderOf>, ReturnType<typeof traderOf>]
  beforeAll(async () => {
    ;({ local, chain } = await startClearing(0))
    for (const [{ owner: holder, account }, usd] of [
      [long, 20_000],
      [maker, 500_000],
    ] as const)
      await chain.deposit(holder, account, usd)
    await tradeOnChain(local, chain, owner, { taker: long, maker, instrument: future, lots: 100_000n, price: 200n * WAD })
    for (const name of engineNames) await local.fund(person(name).address, 10n ** 20n)
    for (const key of surfaceKeys) await local.fund(privateKeyToAccount(key).address, 10n ** 20n)
    await chain.writePrices(firstTick + 60, new Map([['ETH', 200]]))
    clean = await local.snapshot()
  }, 180_000)
  afterEach(async () => {
    for (const engine of engines) await engine.stop()
    engines = []
    rmSync(folder, { recursive: true, force: true })
    await local.revert(clean)
    clean = await local.snapshot()
  })
  afterAll(() => local?.close())

  /** Three engines, of which the first so many have a surface key and read the desk's folder. */
  const start = async (keys: readonly (Hex | undefined)[]): Promise<void> => {
    round += 1
    folder = mkdtempSync(join(tmpdir(), `ballast-posting-${round}-`))
    desk = join(folder, 'desk')
    mkdirSync(desk)
    for (const [i, key] of keys.entries()) {
      const surface = {
        source: { kind: 'folder', directory: desk },
        signer: { kind: 'environment' },
        store: join(folder, `surface-${i}.sqlite`),
        maxAgeSeconds: 600,
        validitySeconds: 43_200,
        gasLimit: 16_000_000,
        timeoutSeconds: 60,
      } as const
      engines.push(
        await startClearingDaemon(folder, chain, local.url ?? '', i, {
          urls,
          days: 10,
          log: { level: 'error' },
          ...(key === undefined ? {} : { surface, surfaceKey: key }),
        }),
      )
    }
  }
  const write = (name: string, time: number, vol: number, more: Partial<VolSurface> = {}): void => {
    writeFileSync(join(desk, name), JSON.stringify({ ...deskSurface(time, vol), ...more }))
  }
  const tick = async (time = firstTick): Promise<readonly (string | undefined)[]> =>
    (await Promise.all(engines.map((engine) => engine.tick(time)))).map(([summary]) => summary?.outcome)
  const head = () => readSurfaceHead(local.client as PublicClient, chain.clearing.contracts.surfaceOracle, 'market:ETH')
  const ladder = async () => {
    const block = await local.client.getBlockNumber()
    const { chains } = await readChains(local.client as PublicClient, chain.clearing.contracts.chains, 'market:ETH', block)
    return { status: chains[0]?.status, version: chains[0]?.live?.ladder.slice.version }
  }

  it('sign for one another and post the surface and the ladder that is due, once', { timeout: 60_000 }, async () => {
    await start([surfaceKeys[0], surfaceKeys[1], undefined])
    write('one.json', firstTick + 60, 0.95)
    const before = await head()
    expect(await tick()).toEqual(['accepted', 'accepted', 'accepted'])
    expect(await head()).toMatchObject({ version: before.version + 1, asOf: firstTick + 60 })
    expect(await ladder()).toEqual({ status: 'proved', version: before.version + 1 })
  })

  it('do not sign a surface that theirs differs from, and the round goes on', { timeout: 60_000 }, async () => {
    await start([surfaceKeys[0], surfaceKeys[1], undefined])
    write('one.json', firstTick + 60, 0.95)
    const context = (engines[0] as Daemon).engines.get('market:ETH') as EngineContext
    const own = JSON.parse(readFileSync(join(desk, 'one.json'), 'utf8')) as VolSurface
    const at = await head()
    const ask = (surface: VolSurface, change: Partial<SurfaceRequest['surface']> = {}) => {
      const document = toSurfaceDocument(surfaceToSign(surface, 'market:ETH', at, [EXPIRY], 3_600) ?? expect.unreachable())
      const [peer] = context.peers.addresses
      return context.peers.requestSurfaceSignature(peer ?? '0x', { surface: { ...document, ...change } }, new AbortController().signal)
    }
    expect((await ask(own)).signer).toBe(privateKeyToAccount(surfaceKeys[1] as Hex).address)
    const [slice] = own.slices
    if (slice === undefined) throw new Error('no slice')
    const dearer = { ...slice, svi: { ...slice.svi, a: slice.svi.a * 1.5 } }
    const tilted = { ...slice, svi: { ...slice.svi, rho: 0.6 } }
    const carried = { ...slice, forward: { ...slice.forward, forward: 201 } }
    for (const [surface, change, what] of [
      [{ ...own, slices: [dearer] }, {}, /vol of expiry/],
      [{ ...own, slices: [tilted] }, {}, /vol of expiry/],
      [{ ...own, slices: [carried] }, {}, /forward of expiry/],
      [{ ...own, spot: 210 }, {}, /spot of the surface/],
      [own, { version: at.version + 2 }, /version/],
      [own, { epoch: at.epoch + 1 }, /epoch/],
      [own, { market: 'market:BTC' as const }, /market/],
      [own, { asOf: firstTick + 61 }, /time/],
      [own, { asOf: firstTick - 900 }, /time/],
      [own, { validUntil: firstTick + 60 + 43_201 }, /validity/],
    ] as const)
      await expect(ask(surface, change)).rejects.toThrow(what)
    const [stranger] = toSurfaceDocument(surfaceToSign(own, 'market:ETH', at, [EXPIRY], 3_600) ?? expect.unreachable()).slices
    if (stranger === undefined) throw new Error('no slice')
    await expect(ask(own, { slices: [{ ...stranger, expiry: EXPIRY + 60 }] })).rejects.toThrow(/expiry/)
    const [, keyless] = context.peers.addresses
    const request = { surface: toSurfaceDocument(surfaceToSign(own, 'market:ETH', at, [EXPIRY], 3_600) ?? expect.unreachable()) }
    await expect(context.peers.requestSurfaceSignature(keyless ?? '0x', request, new AbortController().signal)).rejects.toThrow(
      'no key for surfaces',
    )
  })

  it('lose no round over a bad file, an old surface, an empty or a missing folder, or a signature too few', {
    timeout: 60_000,
  }, async () => {
    await start([surfaceKeys[0], surfaceKeys[1], undefined])
    const before = await head()
    for (const [i, prepare] of [
      () => undefined,
      () => writeFileSync(join(desk, 'bad.json'), '{"schema":'),
      () => write('old.json', firstTick - 3 * HOUR, 0.95),
      // The second signer's file: the first one's says something else.
      () => write('other.json', firstTick + 3 * HOUR + 60, 0.95, { spot: 150 }),
      () => rmSync(desk, { recursive: true }),
    ].entries()) {
      prepare()
      if (i > 0) await local.mine(firstTick + i * HOUR + 60)
      expect(await tick(firstTick + i * HOUR)).toEqual(['accepted', 'accepted', 'accepted'])
      expect(await head()).toEqual(before)
    }
  })

  it('post nothing that one signer alone has signed', { timeout: 60_000 }, async () => {
    await start([surfaceKeys[0], undefined, undefined])
    write('one.json', firstTick + 60, 0.95)
    const before = await head()
    expect(await tick()).toEqual(['accepted', 'accepted', 'accepted'])
    expect(await head()).toEqual(before)
  })

  it("never sign with an engine's key", { timeout: 60_000 }, async () => {
    await expect(start([keyFor(engineNames[1] as string), undefined, undefined])).rejects.toThrow(ConfigError)
  })
})
