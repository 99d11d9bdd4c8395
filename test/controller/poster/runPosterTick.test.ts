import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { encodeFunctionData, type Hex, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chainsAbi, surfaceOracleAbi } from '../../../chain/generated/index.ts'
import { buildChallenge, buildPostLadder, decodeBlob, encodeWords, readChains } from '../../../chain/ladder/index.ts'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { domainOf, ladderDigest, readDomain, surfaceDigest } from '../../../chain/typed-data/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import { createLog } from '../../../controller/log/createLog.ts'
import { dueChains } from '../../../controller/poster/dueChains.ts'
import { proofSteps } from '../../../controller/poster/proofSteps.ts'
import { type PosterContext, runPosterTick } from '../../../controller/poster/runPosterTick.ts'
import { surfaceToSign } from '../../../controller/poster/surfaceToSign.ts'
import { ladderWords, postListedChain } from '../../../risk/margin/ladder/index.ts'
import { buildSurface, parseOptionChains, type VolSurface } from '../../../risk/surface/index.ts'
import { deployLadder, type LadderParts } from '../../contracts/margin/support/deployLadder.ts'
import { haveChains } from '../../risk/support/realSurfaces.ts'
import { deskSlice } from '../support/deskSurface.ts'

const KEY = `0x${'b1'.repeat(32)}` as const
const signer = privateKeyToAccount(KEY)
const DAY = 86_400
/** 08:00 UTC on 12 January 2026. */
const START = Date.UTC(2026, 0, 12, 8) / 1000
const week = START + 6 * DAY
const month = START + 30 * DAY
const strikes = [140, 180, 200, 220, 300]
const TICK = parseEther('10')

const surfaceAt = (time: number, vol: number, expiries: readonly number[] = [week, month]): VolSurface => ({
  schema: 'ballast.surface',
  version: 1,
  time,
  spot: 2_000,
  slices: expiries.map((expiry) => deskSlice(time, expiry, 2_010, vol)),
  unavailable: [],
})

describe('the poster', () => {
  let local: LocalChain
  let parts: LadderParts
  let context: PosterContext
  let clean: Hex
  const surfaceDomain = () => domainOf('surfaceOracle', local.chain.id, parts.surfaces)
  const signed = async (digest: Hex) => [{ signer: signer.address, data: await signer.sign({ hash: digest }) }]
  beforeAll(async () => {
    local = await startLocalChain({ initialTime: START, privateKeys: [KEY] })
    parts = await deployLadder(local, signer)
    const contracts = { chains: parts.chains, surfaceOracle: parts.surfaces }
    context = {
      client: local.client,
      contracts,
      market: 'market:ETH',
      sign: (surface) => signed(surfaceDigest(surface, surfaceDomain())),
      send: (call) => sendCall(local.client, local.wallet(signer), call),
      gasLimit: 16_000_000,
      validity: 43_200,
      log: createLog('silent'),
    }
    await parts.listChain(week, 0, TICK, strikes)
    await parts.listChain(month, 0, TICK, strikes)
    await parts.listChain(month, 1, TICK, strikes)
    clean = await local.snapshot()
  }, 120_000)
  afterAll(() => local.close())
  beforeEach(async () => {
    await local.revert(clean)
    clean = await local.snapshot()
  })
  const state = async () => readChains(local.client, parts.chains, 'market:ETH', await local.client.getBlockNumber())
  const statuses = async () => (await state()).chains.map(({ status }) => status)

  it('posts the surface and proves the open chains, and does nothing while none is due', async () => {
    const first = await runPosterTick(context, surfaceAt(START, 0.6), new Set([1, 3]))
    expect(first).toEqual({
      surface: 1,
      posted: [
        { chain: 1, reason: 'missing', transactions: 1 },
        { chain: 3, reason: 'missing', transactions: 1 },
      ],
      failed: [],
    })
    expect(await statuses()).toEqual(['proved', 'none', 'proved'])
    await local.mine(START + 600)
    expect(await runPosterTick(context, surfaceAt(START + 600, 0.604), new Set([1, 3]))).toEqual({ surface: null, posted: [], failed: [] })
    // The vol at the money moved by a point and a half: what has more than a week to run is due, and so is what a third of its value corrects.
    await local.mine(START + 660)
    const moved = await runPosterTick(context, surfaceAt(START + 660, 0.615), new Set([1, 3]))
    expect(moved.posted).toEqual([
      { chain: 1, reason: 'volCorrection', transactions: 1 },
      { chain: 3, reason: 'volIndex', transactions: 1 },
    ])
    const { chains } = await state()
    expect(chains[0]!.live!.ladder.slice.version).toBe(2)
    expect(chains[0]!.live!.ladder.slice.spot).toBe(parseEther('2000'))
  })

  it('takes several transactions where one would pass the gas limit, and leaves the old ladder until the last', async () => {
    const few = { ...context, gasLimit: 3_000_000 }
    const { posted } = await runPosterTick(few, surfaceAt(START, 0.6), new Set([1]))
    expect(posted).toEqual([{ chain: 1, reason: 'missing', transactions: proofSteps(5, 48, 3_000_000, 'post').length }])
    expect(posted[0]!.transactions).toBeGreaterThan(1)
    expect(await statuses()).toEqual(['proved', 'none', 'none'])
  })

  it('proves what was posted by signature alone', async () => {
    const { surface } = await runPosterTick(context, surfaceAt(START, 0.6), new Set([2]))
    const { grids, anchors, chains } = await state()
    const { listed } = chains[0]!
    const slice = (await parts.readSlice(week))!
    const words = encodeWords(ladderWords(postListedChain(listed, slice, grids[0]!, anchors), listed, slice, grids[0]!, anchors))
    const digest = ladderDigest(1, 1, surface!, words, domainOf('chains', local.chain.id, parts.chains))
    const lodge = { to: parts.chains, data: encodeFunctionData({ abi: chainsAbi, functionName: 'lodgeBond' }), value: parseEther('1') }
    await local.client.waitForTransactionReceipt({ hash: await local.wallet(signer).sendTransaction(lodge) })
    await context.send(buildPostLadder(parts.chains, 1, words, await signed(digest)))
    expect(await statuses()).toEqual(['posted', 'proved', 'none'])
    await expect(context.send(buildChallenge(parts.chains, 1, 0, 0))).rejects.toThrow('word holds (entry 0, word 0)')
    const next = await runPosterTick(context, surfaceAt(START, 0.6), new Set([1, 2]))
    expect(next).toEqual({ surface: null, posted: [{ chain: 1, reason: 'unproved', transactions: 1 }], failed: [] })
    expect(await statuses()).toEqual(['proved', 'proved', 'none'])
  })

  it('keeps the others when one ladder is refused, and names it', async () => {
    const send: PosterContext['send'] = (call) => {
      // Another chain's words.
      const data = call.data.replace(/^(0x.{8}0{63})1/, '$13') as Hex
      return context.send({ ...call, data: call.to === parts.chains ? data : call.data })
    }
    const { posted, failed } = await runPosterTick({ ...context, send }, surfaceAt(START, 0.6), new Set([1, 2]))
    expect(posted.map(({ chain }) => chain)).toEqual([2])
    expect(failed.map(({ chain }) => chain)).toEqual([1])
    expect(failed[0]!.detail).toContain('blob length')
  })

  it('signs what the contracts hash', async () => {
    expect(await readDomain(local.client, parts.chains)).toEqual(domainOf('chains', local.chain.id, parts.chains))
    expect(await readDomain(local.client, parts.surfaces)).toEqual(surfaceDomain())
    const surface = surfaceToSign(surfaceAt(START, 0.6), 'market:ETH', { epoch: 1, version: 4, asOf: 0 }, [week, month], 3_600)!
    expect(surface.slices.map(({ expiry }) => expiry)).toEqual([week, month])
    const at = { address: parts.surfaces, abi: surfaceOracleAbi } as const
    const struct = { ...surface, market: `0x02455448${'00'.repeat(28)}` as Hex }
    expect(surfaceDigest(surface, surfaceDomain())).toBe(
      await local.client.readContract({ ...at, functionName: 'digestOf', args: [struct] }),
    )
    const domain = domainOf('chains', local.chain.id, parts.chains)
    expect(ladderDigest(2, 1, 7, '0x1234', domain)).toBe(
      await local.client.readContract({ address: parts.chains, abi: chainsAbi, functionName: 'digestOf', args: [2, 7, '0x1234'] }),
    )
    expect(surfaceToSign(surfaceAt(START, 0.6), 'market:ETH', { epoch: 1, version: 4, asOf: 0 }, [month + 1], 3_600)).toBeNull()
  })

  it('leaves alone what nobody holds, what the surface does not know, and a surface that is no newer', async () => {
    const { chains } = await state()
    expect(dueChains(chains, surfaceAt(START, 0.6), new Set())).toEqual([])
    expect(dueChains(chains, surfaceAt(START, 0.6, [week]), new Set([1, 2])).map(({ chain }) => chain.listed.chain)).toEqual([1])
    await runPosterTick(context, surfaceAt(START, 0.6), new Set([1]))
    expect(dueChains((await state()).chains, surfaceAt(START, 0.9), new Set([1]))).toEqual([])
  })

  it.skipIf(!haveChains)('proves the ladders of a recorded surface', async () => {
    const file = resolve(process.env['BALLAST_DATA'] ?? '../shared/data', 'options/deribit_ETH_chain_6h_2025-12-30_2026-01-25.csv.gz')
    const parsed = parseOptionChains(gunzipSync(readFileSync(file)).toString('utf8'), 'coin')
    const snapshot = parsed.chains.find(({ time }) => time > START + 1_000)!
    const surface = buildSurface(snapshot)
    await local.mine(surface.time)
    await parts.setPrice(parseEther(surface.spot.toFixed(9)))
    const open = new Set<number>()
    const expiries = surface.slices.map(({ expiry }) => expiry).filter((expiry) => expiry > surface.time + 7_200)
    for (const expiry of expiries.slice(0, 3)) {
      const tick = parseEther('25')
      const multiples = [0.7, 0.95, 1, 1.4].map((factor) => Math.round((surface.spot * factor) / 25))
      open.add(await parts.listChain(expiry, 0, tick, multiples))
    }
    const { posted, failed } = await runPosterTick(context, surface, open)
    expect(failed).toEqual([])
    expect(posted.map(({ chain }) => chain).sort()).toEqual([...open].sort())
  })
})

describe('proofSteps', () => {
  it('adds up, and makes room for the blob in the first transaction', () => {
    const steps = proofSteps(72, 48, 16_000_000, 'post')
    expect(steps.reduce((sum, step) => sum + step, 0)).toBe(72)
    expect(steps[0]!).toBeLessThan(steps[1]!)
    expect(proofSteps(72, 48, 16_000_000, 'prove')[0]!).toBe(steps[1]!)
    expect(proofSteps(3, 16, 100, 'post')).toEqual([1, 1, 1])
    expect(proofSteps(0, 16, 16_000_000, 'prove')).toEqual([])
  })
})

describe('decodeBlob', () => {
  it('takes the first byte off, and refuses code that is no blob', () => {
    expect(decodeBlob(`0x00${'0'.repeat(62)}07${'0'.repeat(62)}09`)).toEqual([7n, 9n])
    for (const code of ['0x', '0x00', `0x60${'0'.repeat(64)}`, '0x0012'] as const) expect(() => decodeBlob(code)).toThrow(/zero byte/)
  })
})
