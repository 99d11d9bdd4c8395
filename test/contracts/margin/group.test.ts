import { type Hex, toHex, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { assessMarkets, type MarketQuery } from '../../../risk/margin/contract/index.ts'
import { wad } from '../../risk/support/contractBooks.ts'
import { drawQuery, START } from '../../risk/support/drawQuery.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
import { blobOf, deployMarginWorld, type MarginWorld, pagesOf, scopeOf } from './support/deployMarginWorld.ts'

const KEY = `0x${'b4'.repeat(32)}` as const
const GROUP = scopeOf(4, 'MAIN')
const TIME = START + 60
const [UNAVAILABLE, FRESH] = [0, 2]
const id = (name: string): Hex => toHex(name, { size: 32 })

/** An underlying of the group; the first is the common factor (risk-policy B11). */
const underlyings = [
  { name: 'BTC', number: 1, residual: 0n },
  { name: 'ETH', number: 2, residual: 7_000n },
  { name: 'SOL', number: 3, residual: 8_500n },
] as const

type Held = (typeof underlyings)[number] & { readonly query: MarketQuery }
type Assessment = { readonly equity: bigint; readonly requirement: bigint; readonly free: bigint; readonly footing: number }

/** A book in several underlyings at one time. */
function drawHeld(seed: number): Held[] {
  const held = underlyings.map((underlying, i) => {
    const query = drawQuery(1_000 * (i + 1) + seed)
    return {
      ...underlying,
      query: { ...query, time: BigInt(TIME), rule: { ...query.rule, multiplier: 10_000n, residual: underlying.residual } },
    }
  })
  const some = held.filter(({ query }) => query.chains.length > 0)
  return seed % 3 === 0 ? some.slice(0, 2) : some
}

/** The same book long in one underlying and short in another that follows it closely, or exactly: what the betas and the cap on the credit are for. */
function drawHedged(seed: number): Held[] {
  const [factor, other] = [underlyings[0], underlyings[1]]
  const query = drawQuery(seed)
  const residual = [0n, 500n, 1_500n][seed % 3]!
  const at = { ...query, time: BigInt(TIME), units: 0n }
  const turned = query.chains.map((chain) => ({ ...chain, legs: chain.legs.map(({ leg, lots }) => ({ leg, lots: -lots })) }))
  return [
    { ...factor, query: { ...at, rule: { ...query.rule, multiplier: 10_000n, residual: 0n } } },
    { ...other, query: { ...at, chains: turned, rule: { ...query.rule, multiplier: 10_000n, residual } } },
  ]
}

describe('Margin.sol over several underlyings', () => {
  let local: LocalChain
  let parts: MarginWorld
  let base: Hex

  beforeAll(async () => {
    local = await startLocalChain({ initialTime: START - 1_000, privateKeys: [KEY] })
    parts = await deployMarginWorld(local, privateKeyToAccount(KEY))
    const { set } = parts
    for (const { name, number } of underlyings) {
      await set('setMarket', [number, scopeOf(2, name)])
      await set('addCollateral', [
        GROUP,
        { token: zeroAddress, decimals: 18, market: number, asset: scopeOf(3, name), feed: scopeOf(2, name) },
      ])
    }
    await set('addCollateral', [GROUP, { token: zeroAddress, decimals: 6, market: 0, asset: scopeOf(3, 'EUR'), feed: scopeOf(2, 'EUR') }])
    await set('setValues', [GROUP, [id('margin.gainsCap')], [5_000n]])
    base = await local.snapshot()
  }, 300_000)
  beforeEach(async () => {
    await local.revert(base)
    base = await local.snapshot()
  })
  afterAll(() => local.close())

  async function put(held: readonly Held[]): Promise<void> {
    for (const { name, number, query } of held) {
      const { rule } = query
      const values: Readonly<Record<string, bigint>> = {
        'margin.priceScanRange': rule.range / 10n ** 14n,
        'margin.volScanUp': rule.volScanUp,
        'margin.volScanDown': rule.volScanDown,
        'margin.shortOptionMinimum': rule.shortOptionMinimum,
        'margin.tailWeight': rule.tailWeight,
        'margin.deltaAddOn': rule.deltaAddOn,
        'margin.gammaAddOn': rule.gammaAddOn,
        'margin.vegaAddOn': rule.vegaAddOn,
        'margin.betaResidual': rule.residual,
        'market.depth': rule.depth,
        'market.vegaDepth': rule.vegaDepth,
        'oracle.maxAge': 240n,
      }
      await parts.set('setValues', [scopeOf(2, name), Object.keys(values).map(id), Object.values(values)])
      await price(name, query.price)
      for (const [i, chain] of query.chains.entries()) {
        const status = chain.status === 'proved' ? 2 : 1
        await parts.set('setChain', [100 * number + i, number, Number(chain.expiry), status, blobOf(chain.ladder!)])
        await parts.set('setIndex', [chain.expiry, chain.index])
        if (chain.settlement !== null) await parts.set('settle', [100 * number + i, chain.settlement])
      }
    }
    await local.mine(TIME)
  }

  async function price(name: string, value: bigint, status = FRESH): Promise<void> {
    const quoted = { price: value, observedAt: START, status, median: 0n, recorded: value, recordedAt: 0 }
    await parts.set('setQuote', [scopeOf(2, name), quoted])
  }

  function assess(held: readonly Held[], { cash = 0n, pass = 0, euros = 0n } = {}): Promise<Assessment> {
    const fields = held.flatMap(({ number, query }) =>
      query.chains.map(({ legs }, i) => BigInt(100 * number + i) | (BigInt(legs.length) << 56n)),
    )
    const chains = Array.from({ length: Math.ceil(fields.length / 4) }, (_, word) =>
      fields.slice(4 * word, 4 * word + 4).reduce((sum, field, i) => sum | (field << BigInt(64 * i)), 0n),
    )
    const units = underlyings.map(({ number }) => held.find((each) => each.number === number)?.query.units ?? 0n)
    const holdings = {
      group: GROUP,
      cash,
      futuresCost: 0n,
      contributed: cash,
      chains,
      pages: held.flatMap(({ query }) => pagesOf(query.chains)),
      collateral: [...units, euros],
    }
    return local.client.readContract({
      address: parts.margin,
      abi: parts.marginAbi,
      functionName: 'assess',
      args: [holdings, pass],
    }) as Promise<Assessment>
  }

  it('gives what the twin gives, in whichever order the underlyings are held, and credits hedges between them', async () => {
    let credited = 0
    let capped = 0
    const seeds = Array.from({ length: deep ? 300 : 12 }, (_, k) => k + 1)
    // In the last two the beta of 1.4 decides, which is rare.
    const books = [...seeds.map(drawHeld), ...[...seeds, 25, 32].map(drawHedged)]
    for (const [seed, held] of books.entries()) {
      const snapshot = await local.snapshot()
      await put(held)
      const { equity, requirement, markets } = assessMarkets(held.map(({ query }) => query))
      const cash = wad(1_000)
      const answer = await assess(held, { cash })
      expect([answer.equity - cash, answer.requirement], `book ${seed}`).toEqual([equity, requirement])
      expect(answer.free, `book ${seed}`).toBe(answer.equity - answer.requirement)
      expect(await assess(held.toReversed(), { cash }), `book ${seed}, the other way round`).toEqual(answer)
      const apart = markets.reduce((sum, { required }) => sum + required, 0n)
      if (held.length > 1 && requirement < apart) credited++
      const losses = markets.map((market) => [...market.losses, ...market.far].reduce((worst, loss) => (loss > worst ? loss : worst), 0n))
      if (apart - requirement === losses.reduce((sum, loss) => sum + loss, 0n) / 2n && requirement < apart) capped++
      await local.revert(snapshot)
    }
    expect(credited).toBeGreaterThan(3)
    expect(capped).toBeGreaterThan(1)
  }, 1_200_000)

  it('takes an asset without a ladder at its haircut, and cuts it in every state by what it may fall besides', async () => {
    await parts.set('setValues', [scopeOf(2, 'EUR'), [id('oracle.maxAge')], [240n]])
    await price('EUR', wad(1.1))
    const euros = 1_000_000_000n
    for (const [haircut, fall] of [
      [500n, 1_200n],
      [1_000n, 1_300n],
      [9_000n, 10_000n],
      [10_000n, 10_000n],
    ] as const) {
      await parts.set('setValues', [scopeOf(3, 'EUR'), [id('collateral.haircut')], [haircut]])
      await local.mine(TIME)
      const { equity, requirement } = await assess([], { euros })
      expect(equity).toBe((wad(1_100) * (10_000n - haircut)) / 10_000n)
      expect(requirement).toBe((wad(1_100) * (fall - haircut)) / 10_000n)
    }
  })

  it('counts collateral for new risk at the target of a haircut that rises', async () => {
    await parts.set('setValues', [scopeOf(2, 'EUR'), [id('oracle.maxAge')], [240n]])
    await price('EUR', wad(1))
    await parts.set('setValue', [scopeOf(3, 'EUR'), id('collateral.haircut'), 2_000n, 1_000n])
    await local.mine(TIME)
    const euros = 1_000_000_000n
    const [now, later] = [await assess([], { euros }), await assess([], { euros, pass: 1 })]
    expect([now.equity, later.equity]).toEqual([wad(900), wad(900)])
    expect(now.free - later.free).toBeGreaterThanOrEqual(wad(100))
  })

  it('says nothing of an account whose asset never had a price', async () => {
    await price('EUR', 0n, UNAVAILABLE)
    await local.mine(TIME)
    expect(await assess([], { euros: 1_000_000_000n })).toMatchObject({ footing: 0 })
  })
})
