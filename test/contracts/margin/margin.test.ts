import { encodeFunctionData, toHex, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { sendCall } from '../../../chain/write/index.ts'
import { marketRequirement } from '../../../risk/margin/contract/index.ts'
import type { Hex } from '../../../risk/types/index.ts'
import { heldChain, queryOf, wad } from '../../risk/support/contractBooks.ts'
import { blobOf, deployMarginWorld, type MarginWorld, pagesOf, scopeOf } from './support/deployMarginWorld.ts'

const KEY = `0x${'b3'.repeat(32)}` as const
const START = 1_700_000_000
const DAY = 86_400
const [ETH, WETH, GROUP] = [scopeOf(2, 'ETH'), scopeOf(3, 'WETH'), scopeOf(4, 'MAIN')]
const [MAINTENANCE, INITIAL] = [0, 1]
const [NONE, STALE, POSTED, PROVED] = [0, 1, 2, 3]
const [UNAVAILABLE, OLD, FRESH] = [0, 1, 2]
const id = (name: string): Hex => toHex(name, { size: 32 })

const values: Readonly<Record<string, bigint>> = {
  'margin.priceScanRange': 1_600n,
  'margin.volScanUp': 3_500n,
  'margin.volScanDown': 1_700n,
  'margin.shortOptionMinimum': 110n,
  'margin.tailWeight': 7_700n,
  'margin.initialRangeFloor': 2_200n,
  'margin.initialMultiplier': 13_000n,
  'margin.deltaAddOn': 50n,
  'margin.gammaAddOn': 50n,
  'margin.vegaAddOn': 100n,
  'margin.betaResidual': 0n,
  'market.depth': 1_000_000_000n,
  'market.vegaDepth': 1_000_000_000n,
  'oracle.maxAge': 240n,
}

type Assessment = {
  readonly equity: bigint
  readonly requirement: bigint
  readonly free: bigint
  readonly footing: number
  readonly binding: { readonly price: bigint }
  readonly notional: bigint
}

describe('Margin.sol', () => {
  const signer = privateKeyToAccount(KEY)
  const expiry = START + 40 * DAY
  const quote = { expiry, forwardRatio: 1, atmVol: 0.6, smile: { kind: 'points', strikes: [1_000, 3_000], vols: [0.6, 0.6] } as const }
  const strikes = Array.from({ length: 9 }, (_, i) => 1_600 + 100 * i)
  const short = [{ leg: 8, lots: -20_000n }]
  const chain = heldChain({ time: START, spot: 2_000, expiries: [quote] }, { quote, kind: 'vanilla', strikes, legs: short })
  const soon = { ...quote, expiry: START + 3 * DAY }
  const soonChain = heldChain({ time: START, spot: 2_000, expiries: [soon] }, { quote: soon, kind: 'vanilla', strikes, legs: [] })
  let local: LocalChain
  let parts: MarginWorld
  let base: Hex

  beforeAll(async () => {
    local = await startLocalChain({ initialTime: START - 1_000, privateKeys: [KEY] })
    parts = await deployMarginWorld(local, signer)
    const { set } = parts
    await set('setMarket', [1, ETH])
    await set('setValues', [ETH, Object.keys(values).map(id), Object.values(values)])
    await set('setValues', [WETH, [id('collateral.haircut')], [2_500n]])
    await set('setValues', [GROUP, [id('margin.gainsCap')], [5_000n]])
    await set('setChain', [1, 1, expiry, 2, blobOf(chain.ladder!)])
    await set('setIndex', [expiry, chain.index])
    await set('setChain', [3, 1, soon.expiry, 2, blobOf(soonChain.ladder!)])
    await set('setIndex', [soon.expiry, soonChain.index])
    await set('addCollateral', [GROUP, { token: zeroAddress, decimals: 18, market: 1, asset: WETH, feed: ETH }])
    await price({})
    await local.mine(START + 10)
    base = await local.snapshot()
  }, 300_000)
  beforeEach(async () => {
    await local.revert(base)
    base = await local.snapshot()
  })
  afterAll(() => local.close())

  type Given = { value?: number; status?: number; age?: number; median?: number; recorded?: number; recordedAt?: number }
  async function price(given: Given): Promise<void> {
    const { value = 2_000, status = FRESH, age = 0, median = 0, recorded = 2_000, recordedAt = START } = given
    const quoted = {
      price: wad(value),
      observedAt: START + 10 - age,
      status,
      median: wad(median),
      recorded: wad(recorded),
      recordedAt,
    }
    await parts.set('setQuote', [ETH, quoted])
    await local.mine(START + 10)
  }

  const read = (functionName: string, args: readonly unknown[]): Promise<unknown> =>
    local.client.readContract({ address: parts.margin, abi: parts.marginAbi, functionName, args })

  function assess(pass: number, changes: Record<string, unknown> = {}): Promise<Assessment> {
    const holdings = {
      group: GROUP,
      cash: wad(3_000),
      futuresCost: 0n,
      contributed: wad(3_000),
      chains: [1n | (1n << 56n)],
      pages: pagesOf([chain]),
      collateral: [],
      ...changes,
    }
    return read('assess', [holdings, pass]) as Promise<Assessment>
  }

  async function refresh(scope: Hex): Promise<void> {
    const data = encodeFunctionData({ abi: parts.marginAbi, functionName: 'refresh', args: [scope] })
    await sendCall(local.client, local.wallet(signer), { to: parts.margin, data })
    await local.mine(START + 10)
  }

  it('gives the same answer from a copy of the parameters as from the store, until something is written', async () => {
    const live = [await assess(MAINTENANCE), await assess(INITIAL)]
    await refresh(ETH)
    await refresh(GROUP)
    expect([await assess(MAINTENANCE), await assess(INITIAL)]).toEqual(live)
    await parts.set('setValue', [ETH, id('margin.priceScanRange'), 2_600n, 2_600n])
    await local.mine(START + 10)
    expect((await assess(MAINTENANCE)).requirement).toBeGreaterThan(live[0]!.requirement)
    expect((await assess(INITIAL)).requirement).toBeGreaterThan(live[1]!.requirement)
  })

  it('follows a ramp that moves without a write, in maintenance alone', async () => {
    await parts.set('setValue', [ETH, id('margin.priceScanRange'), 3_000n, 1_600n])
    await refresh(ETH)
    const [maintenance, initial] = [await assess(MAINTENANCE), await assess(INITIAL)]
    await parts.set('setEffective', [ETH, id('margin.priceScanRange'), 2_000n])
    await local.mine(START + 10)
    expect((await assess(MAINTENANCE)).requirement).toBeGreaterThan(maintenance.requirement)
    expect(await assess(INITIAL)).toEqual(initial)
  })

  it('outage as a weapon: an old price widens new risk and leaves flags at the last fresh price', async () => {
    const [maintenance, initial] = [await assess(MAINTENANCE), await assess(INITIAL)]
    await price({ status: OLD, age: 600 })
    const old = await assess(INITIAL)
    expect(old.footing).toBe(STALE)
    expect(old.requirement).toBeGreaterThan(initial.requirement)
    await price({ value: 2_600, status: OLD, age: 600 })
    expect((await assess(MAINTENANCE)).requirement).toBe(maintenance.requirement)
  })

  it('goes by an old price before the first record, and by the anchor of the DAO only when that is gone', async () => {
    const { equity: atAnchor } = await assess(MAINTENANCE)
    await price({ value: 1_700 })
    const { requirement, equity } = await assess(MAINTENANCE)
    await price({ value: 1_700, status: OLD, age: 600, recordedAt: 0 })
    expect(await assess(MAINTENANCE)).toMatchObject({ requirement, equity, footing: STALE })
    await price({ value: 1_700, status: OLD, age: 961, recordedAt: 0 })
    expect(await assess(MAINTENANCE)).toMatchObject({ equity: atAnchor, footing: NONE })
  })

  it('says nothing beyond four times the age or without a price, and still gives figures at the last one', async () => {
    for (const gone of [
      { status: OLD, age: 961 },
      { status: UNAVAILABLE, value: 0, age: 0 },
    ]) {
      await price(gone)
      const { footing, requirement } = await assess(MAINTENANCE)
      expect(footing).toBe(NONE)
      expect(requirement).toBeGreaterThan(0n)
    }
  })

  it('flags by the milder of price and median, judges new risk by the worse', async () => {
    const initial = await assess(INITIAL)
    await price({ value: 1_500 })
    const alone = await assess(MAINTENANCE, { cash: wad(500) })
    await price({ value: 1_500, median: 2_000 })
    expect((await assess(MAINTENANCE, { cash: wad(500) })).free).toBeGreaterThan(alone.free)
    await price({ value: 2_000, median: 1_500 })
    expect((await assess(INITIAL)).free).toBeLessThan(initial.free)
  })

  it('does not flag by the worse of price and median, nor judge new risk by the milder', async () => {
    await price({ value: 1_500 })
    const flagged = await assess(MAINTENANCE, { cash: wad(500) })
    const refused = await assess(INITIAL)
    expect(flagged.free).toBeLessThan(0n)
    expect(refused.free).toBeGreaterThan(0n)
    await price({ value: 1_500, median: 1_400 })
    expect(await assess(MAINTENANCE, { cash: wad(500) })).toEqual(flagged)
    await price({ value: 1_500, median: 2_000 })
    expect(await assess(INITIAL)).toEqual(refused)
  })

  it('caps gains that back new risk and never equity', async () => {
    const rich = await assess(INITIAL, { cash: wad(100_000), contributed: 0n })
    expect(rich.equity).toBeGreaterThan(wad(90_000))
    expect(rich.free).toBeLessThan(0n)
    expect(rich.free).toBe(-((rich.requirement + 1n) / 2n))
  })

  it('counts the underlying as collateral at its haircut and in the same cells as a short put', async () => {
    const with_ = await assess(MAINTENANCE, { collateral: [wad(1)] })
    const without = await assess(MAINTENANCE)
    expect(with_.equity - without.equity).toBe(wad(1_500))
    const coins = await assess(MAINTENANCE, { collateral: [wad(1)], chains: [], pages: [] })
    expect(coins.footing).toBe(PROVED)
    expect(coins.requirement).toBeGreaterThan(wad(200))
  })

  it('values a settled chain at its payoff without risk, and leaves one without a ladder out', async () => {
    await parts.set('setChain', [2, 1, expiry, 0, '0x'])
    await local.mine(START + 10)
    const bare = await assess(MAINTENANCE, { chains: [2n | (1n << 56n)] })
    expect([bare.footing, bare.requirement, bare.equity]).toEqual([NONE, 0n, wad(3_000)])
    await parts.set('settle', [1, wad(1_900)])
    await local.mine(START + 10)
    const settled = await assess(MAINTENANCE)
    expect([settled.requirement, settled.equity]).toEqual([0n, wad(3_000 - 2 * 100)])
  })

  it('marks an instrument at its put, its call at parity and a future at the forward', async () => {
    const mark = async (leg: bigint): Promise<bigint> => ((await read('markOf', [(1n << 32n) | leg])) as readonly [bigint, number])[0]
    expect(await mark(255n)).toBe(wad(2_000))
    const [put, call] = [await mark(8n), await mark(9n)]
    expect(call - put - wad(2_000 - 2_000)).toBeLessThan(2n)
    expect(put).toBeGreaterThan(wad(140))
    expect(put).toBeLessThan(wad(180))
  })

  it('marks nothing below zero where a row is read through it', async () => {
    await price({ value: 1_930 })
    const call = { ...soonChain, legs: [{ leg: 15, lots: 10_000n }] }
    expect(marketRequirement(queryOf({ time: START + 10, spot: 1_930 }, [call])).equity).toBeLessThan(0n)
    expect(await read('markOf', [(3n << 32n) | 15n])).toEqual([0n, PROVED])
  })

  it('says what a mark stands on: the price, the proof of its ladder, the age of its ladder', async () => {
    const footingOf = async (): Promise<number> => ((await read('markOf', [(1n << 32n) | 8n])) as readonly [bigint, number])[1]
    expect(await footingOf()).toBe(PROVED)
    await price({ status: OLD, age: 600 })
    expect(await footingOf()).toBe(STALE)
    await price({ status: OLD, age: 961 })
    expect(await footingOf()).toBe(NONE)
    await parts.set('setChain', [1, 1, expiry, 1, blobOf(chain.ladder!)])
    await price({})
    expect(await footingOf()).toBe(POSTED)
    // A hundredth of forty days: 34,560 seconds.
    await local.mine(START + 35_000)
    expect(await footingOf()).toBe(STALE)
  })

  it('gives the same haircut from a copy as from the store, and follows its ramp', async () => {
    const held = { chains: [], pages: [], collateral: [wad(1)], contributed: wad(10_000) }
    const both = async (): Promise<Assessment[]> => [await assess(MAINTENANCE, held), await assess(INITIAL, held)]
    const effective = async (bps: bigint): Promise<void> => {
      await parts.set('setEffective', [WETH, id('collateral.haircut'), bps])
      await local.mine(START + 10)
    }
    const equities = async (): Promise<bigint[]> => (await both()).map(({ equity }) => equity - wad(3_000))
    const still = await both()
    await refresh(WETH)
    expect(await both()).toEqual(still)
    // Nothing ramped when the copy was made, so nothing else is asked for.
    await effective(1_000n)
    expect(await both()).toEqual(still)

    await parts.set('setValue', [WETH, id('collateral.haircut'), 2_500n, 1_000n])
    await local.mine(START + 10)
    const ramping = await both()
    expect(await equities()).toEqual([wad(1_800), wad(1_800)])
    await refresh(WETH)
    expect(await both()).toEqual(ramping)
    await effective(2_000n)
    expect(await equities()).toEqual([wad(1_600), wad(1_600)])
    // The target takes 100 more off what backs new risk, and had taken 300.
    expect(ramping[1]!.equity - ramping[1]!.requirement - ramping[1]!.free).toBe(wad(300))
    const [, later] = await both()
    expect(later!.equity - later!.requirement - later!.free).toBe(wad(100))
  })

  it('refuses holdings that cannot be, with the numbers', async () => {
    await expect(assess(MAINTENANCE, { chains: [9n | (1n << 56n)] })).rejects.toThrow(/Margin_UnknownChain/)
    await expect(assess(MAINTENANCE, { pages: [] })).rejects.toThrow(/Margin_PageMissing/)
    await expect(assess(MAINTENANCE, { collateral: [0n, 1n] })).rejects.toThrow(/Margin_UnknownCollateral/)
    await expect(assess(MAINTENANCE, { pages: [40n | (1n << 8n)] })).rejects.toThrow(/Margin_UnknownLeg/)
    const refused = (scope: Hex): Promise<unknown> =>
      local.client.simulateContract({ address: parts.margin, abi: parts.marginAbi, functionName: 'refresh', args: [scope] })
    await expect(refused(ETH.replace('0x02', '0x01') as Hex)).rejects.toThrow(/Margin_NotAScope/)
    await parts.set('setValue', [ETH, id('margin.volScanUp'), 70_000n, 70_000n])
    await local.mine(START + 10)
    await expect(refused(ETH)).rejects.toThrow(/Margin_DoesNotFit/)
  })
})
