import { parseEther, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chainsAbi } from '../../../chain/generated/chainsAbi.ts'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { gridFor, type ListedChain, ladderWords, postListedChain } from '../../../risk/margin/ladder/index.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
import { uniforms } from '../../risk/support/uniforms.ts'
import { deployLadder, type LadderParts, type SliceToPost } from './support/deployLadder.ts'

const KEY = `0x${'b1'.repeat(32)}` as const
const DAY = 86_400
const START = 1_700_000_000
const wad = (value: number): bigint => parseEther(value.toFixed(15))
const eightAfter = (time: number): number => Math.ceil((time - 28_800) / DAY) * DAY + 28_800

describe('Chains.sol and the ladder of risk/', () => {
  let local: LocalChain
  let parts: LadderParts
  beforeAll(async () => {
    local = await startLocalChain({ initialTime: START, privateKeys: [KEY] })
    parts = await deployLadder(local, privateKeyToAccount(KEY))
  }, 120_000)
  afterAll(() => local.close())

  it('agree on every word, over random surfaces, expiries, spots and both payoffs', async () => {
    for (let round = 0; round < (deep ? 60 : 6); round++) {
      const [a, b, c, d, e, f] = uniforms(900 + round, 6) as [number, number, number, number, number, number]
      // Surfaces of two rounds would cross.
      const before = await local.snapshot()
      const time = await local.time()
      const spot = 10 ** (6 * a - 1)
      const expiry = eightAfter(time + Math.round(3_700 * 7_000 ** b))
      const vol = 0.2 + 1.3 * c
      const variance = (vol * vol * (expiry - time)) / (365 * DAY)
      const slice: SliceToPost = {
        expiry,
        a: wad(variance * 0.5),
        b: wad((variance * 0.5) / 0.3),
        rho: wad(0.8 * (d - 0.5)),
        m: 0n,
        sigma: wad(0.3),
        forwardRatio: wad(0.95 + 0.1 * e),
      }
      await parts.setPrice(wad(spot))
      await parts.postSurface(1, time, wad(spot), [slice])
      const kind = f < 0.7 ? 'vanilla' : 'digital'
      const tick = wad(spot / 100)
      const multiples = [11, 50, 90, 100, 103, 150, 990]
      const chain = await parts.listChain(expiry, kind === 'vanilla' ? 0 : 1, tick, multiples)
      const { blob, status } = await proved({ chain, expiry, kind, tick, multiples })
      expect([round, status], JSON.stringify({ spot, vol, kind, days: (expiry - time) / DAY })).toEqual([round, 2])
      expect(blob).not.toBe('0x')
      await local.revert(before)
    }
  }, 120_000)

  it('agree where a unit is more than a dollar', async () => {
    const before = await local.snapshot()
    const time = await local.time()
    const expiry = eightAfter(time + 20 * DAY)
    const sigma = wad(0.3)
    await parts.setPrice(wad(250_000))
    const slice = { expiry, a: wad(0.01), b: wad(0.03), rho: wad(-0.3), m: 0n, sigma, forwardRatio: wad(1.01) }
    await parts.postSurface(1, time, wad(250_000), [slice])
    const multiples = [30, 80, 100, 130]
    const chain = await parts.listChain(expiry, 0, wad(2_500), multiples)
    const { status } = await proved({ chain, expiry, kind: 'vanilla', tick: wad(2_500), multiples })
    expect(status).toBe(2)
    await local.revert(before)
  }, 120_000)

  it.each(['vanilla', 'digital'] as const)(
    'agree where vol falls below the step of the skew, and that of a digital outgrows its lane: %s',
    async (kind) => {
      const before = await local.snapshot()
      const time = await local.time()
      const expiry = eightAfter(time + 10 * DAY)
      const years = (expiry - time) / (365 * DAY)
      // 1 % at the money; beyond a hundredth above it two hundredths of a per cent.
      const a = 4e-8 * years
      const b = (1e-4 * years) / 0.02
      const slice = { expiry, a: wad(a), b: wad(b), rho: 1n - 10n ** 18n, m: wad(0.01), sigma: wad(1e-6), forwardRatio: wad(1) }
      await parts.setPrice(wad(2_000))
      await parts.setReferenceVol(wad(0.01))
      await parts.postSurface(1, time, wad(2_000), [slice])
      const multiples = [90, 100, 110]
      const chain = await parts.listChain(expiry, kind === 'vanilla' ? 0 : 1, wad(20), multiples)
      const { status } = await proved({ chain, expiry, kind, tick: wad(20), multiples })
      expect(status).toBe(2)
      await local.revert(before)
    },
    120_000,
  )

  it('agree on the grid to the second', async () => {
    const eight = eightAfter(await local.time())
    for (const days of [7, 45]) {
      for (const late of [0, 1]) {
        const before = await local.snapshot()
        await local.mine(eight + late)
        const expiry = eight + days * DAY
        const variance = (0.36 * days) / 365
        const svi = { a: wad(variance * 0.5), b: wad((variance * 0.5) / 0.3), rho: 0n, m: 0n, sigma: wad(0.3) }
        await parts.setPrice(wad(2_000))
        await parts.postSurface(1, eight + late, wad(2_000), [{ expiry, ...svi, forwardRatio: wad(1) }])
        const multiples = [90, 100, 110]
        const chain = await parts.listChain(expiry, 0, wad(20), multiples)
        const { status } = await proved({ chain, expiry, kind: 'vanilla', tick: wad(20), multiples })
        expect([days, late, status]).toEqual([days, late, 2])
        await local.revert(before)
      }
    }
  }, 120_000)

  /** Posts and proves the chain as risk/ values it; a word that is off reverts. */
  async function proved(listed: ListedChain) {
    const slice = await parts.readSlice(listed.expiry)
    const grid = gridFor(await parts.readGrids(), listed.expiry - slice.asOf)
    const [volScanUp, volScanDown] = await local.client.readContract({
      address: parts.chains,
      abi: chainsAbi,
      functionName: 'anchorsOf',
      args: [1],
    })
    const anchors = { volScanUp, volScanDown }
    const words = ladderWords(postListedChain(listed, slice, grid, anchors), listed, slice, grid, anchors)
    const data = `0x${words.map((word) => toHex(word, { size: 32 }).slice(2)).join('')}` as const
    await parts.send(parts.chains, parts.chainsCall('postAndProve', [listed.chain, data, listed.multiples.length]))
    return local.client.readContract({ address: parts.chains, abi: chainsAbi, functionName: 'record', args: [listed.chain] })
  }
})
