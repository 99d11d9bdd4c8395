import { beforeAll, describe, expect, it } from 'vitest'
import { assessMarked, type DecideInput, decide, markBook, parametersIn } from '../../../risk/decide/index.ts'
import { canonicalJson, contentHash } from '../../../risk/hash/index.ts'
import { groupShortfalls, stressedShortfalls, stressSet, valueBook } from '../../../risk/insurance/index.ts'
import { assessGroup } from '../../../risk/margin/group/index.ts'
import { assessBook, type MarginParameters } from '../../../risk/margin/index.ts'
import { openTick, replayMarket } from '../../../risk/replay/index.ts'
import type { Book, GroupReading, Json, LiveParameter, MarketReading, MarketSnapshot, ParameterValue } from '../../../risk/types/index.ts'
import { replayOf } from '../replay/harness.ts'
import { barsFromCloses, walk } from '../support/bars.ts'

const START = 1_577_836_800
const FROM = START + 4_400 * 3_600
const DAY = 86_400
const SOON = FROM + 10 * DAY
const PAST = FROM - DAY

/** A slice with the same vol at every strike. */
const flat = (vol: number, expiry = SOON, spot = 200) => {
  const asOf = FROM - 600
  return { expiry, asOf, spot, forwardRatio: 1, atmVol: vol, a: (vol * vol * (expiry - asOf)) / (365 * DAY), b: 0, rho: 0, m: 0, sigma: 1 }
}
const reading = (market: string, change: Partial<MarketReading> = {}): MarketReading => ({
  market,
  price: 200,
  priceTime: FROM,
  openInterest: 100,
  underlying: `asset:${market}`,
  slices: [flat(0.8)],
  settlements: [],
  ...change,
})
const marketIds: readonly (readonly [string, number])[] = [
  ['margin.betaResidual', 0],
  ['margin.deltaAddOn', 50],
  ['margin.gammaAddOn', 50],
  ['margin.initialMultiplier', 13_000],
  ['margin.initialRangeFloor', 2_200],
  ['margin.priceScanRange', 1_600],
  ['margin.shortOptionMinimum', 110],
  ['margin.tailWeight', 7_700],
  ['margin.vegaAddOn', 100],
  ['margin.volScanDown', 1_700],
  ['margin.volScanUp', 3_500],
  ['market.depth', 10_000_000],
  ['market.vegaDepth', 100_000],
  ['oracle.maxAge', 240],
]
const groupOf = (change: Partial<GroupReading> = {}): GroupReading => ({
  group: 'group:MAIN',
  fundUsd: 1_000,
  shownCoverUsd: 5,
  markets: [reading('ETH')],
  assets: [],
  values: [
    { scope: 'asset:ETH', id: 'collateral.haircut', value: 2_500 as ParameterValue, effective: 2_000 as ParameterValue },
    ...marketIds.map(([id, value]) => ({
      scope: 'market:BTC' as const,
      id,
      value: value as ParameterValue,
      effective: value as ParameterValue,
    })),
  ],
  flagged: [],
  ...change,
})
const bookOf = (change: Partial<Book> = {}): Book => ({
  schema: 'ballast.book',
  version: 2,
  market: 'ETH',
  instruments: [
    { kind: 'future', id: 'ETH-1-F', expiry: SOON },
    { kind: 'option', id: 'ETH-1-180-P', type: 'put', strike: 180, expiry: SOON },
  ],
  portfolios: [
    { account: 'long', cash: -18_500, collateral: 2, positions: [{ instrument: 0, quantity: 100 }], principal: 1_500 },
    { account: 'writer', cash: 2_000, collateral: 0, positions: [{ instrument: 1, quantity: -30 }], principal: 2_000 },
    { account: 'idle', cash: -1, collateral: 0, positions: [], principal: 0 },
  ],
  elsewhere: [],
  ...change,
})

describe('the accounts of a deployed group', () => {
  let input: DecideInput
  beforeAll(async () => {
    const options = replayOf(barsFromCloses(walk(4_400, 3), START), 'eth', FROM, FROM)
    const { configuration, catalogue, engine, documents } = options
    for await (const { snapshot } of replayMarket(options))
      input = { ...openTick(snapshot!.hash, documents), configuration, catalogue, engine, documents }
  }, 60_000)

  /** The tick on a group and a book; time of the chain is that of the tick. */
  const tickOf = (group: GroupReading, book: Book, change: (live: LiveParameter) => LiveParameter = (live) => live): DecideInput => {
    const { chain } = input.snapshot
    const snapshot: MarketSnapshot = {
      ...input.snapshot,
      version: 2,
      group,
      book: contentHash(canonicalJson(book as unknown as Json)),
      clearing: [],
      chain: { ...chain, time: FROM, parameters: chain.parameters.map(change) },
    }
    return { ...input, snapshot, book }
  }
  const live = (snapshot: MarketSnapshot) => new Map(snapshot.chain.parameters.map(({ id, state }) => [id, state.value]))
  const parameters = (
    { snapshot, configuration }: DecideInput,
    stage: 'inForce' | 'settled' = 'inForce',
    market = 'ETH',
  ): MarginParameters => parametersIn(market, { stage, values: live(snapshot) }, snapshot, configuration)
  const assessed = (tick: DecideInput) =>
    assessMarked(markBook(tick.snapshot, tick.book), (market) => ({
      parameters: parameters(tick, 'inForce', market),
      residual: market === 'ETH' ? 0.7 : 0,
    }))

  it('are marked at the price and the surface of the contracts, and judged by the rule of the book', () => {
    const tick = tickOf(groupOf(), bookOf())
    const { instruments, portfolios } = tick.book
    const direct = assessBook({ instruments, portfolios }, { time: FROM, spot: 200, markVol: 0.8 }, parameters(tick)).accounts
    for (const [i, account] of assessed(tick).entries())
      for (const field of ['equity', 'maintenance', 'initial'] as const) expect(account[field]).toBeCloseTo(direct[i]![field], 6)
    // 100 x 200 - 18,500 of cash, and two units at the effective haircut of 20 %.
    expect(assessed(tick)[0]!.equity).toBeCloseTo(1_500 + 2 * 200 * 0.8, 9)
  })

  it('keep the vol of a strike as the price moves, within what a mark takes, and fall back on the flat vol without a slice', () => {
    const smile = { ...flat(0.8), b: 0.05, rho: -0.5, sigma: 0.2 }
    const volAt = (price: number, slices: MarketReading['slices']) => {
      const [own] = markBook(tickOf(groupOf({ markets: [reading('ETH', { price, slices })] }), bookOf()).snapshot, bookOf())
      const [quote] = 'expiries' in own!.mark ? own!.mark.expiries : []
      return quote?.smile.kind === 'points' ? quote.smile.vols[0] : Number.NaN
    }
    expect(volAt(100, [smile])).toBe(volAt(200, [smile]))
    expect(volAt(200, [smile])).toBeGreaterThan(0.8)
    expect(volAt(200, [{ ...flat(0.8), a: 1_000 }])).toBe(10)
    expect(volAt(200, [])).toBe(input.snapshot.markVol)
  })

  it('have been paid for what expired: at the final price, else at the price of now, also in another underlying', () => {
    const book = bookOf({
      instruments: [{ kind: 'option', id: 'ETH-9-210-P', type: 'put', strike: 210, expiry: PAST }],
      portfolios: [{ account: 'a', cash: 100, collateral: 0, positions: [{ instrument: 0, quantity: -2 }], principal: 0 }],
      elsewhere: [
        {
          market: 'BTC',
          instruments: [{ kind: 'future', id: 'BTC-8-F', expiry: PAST }],
          holdings: [{ account: 'a', collateral: 0, positions: [{ instrument: 0, quantity: 1 }] }],
        },
      ],
    })
    const markets = [reading('BTC', { price: 9_000 }), reading('ETH')]
    const open = tickOf(groupOf({ markets }), book)
    expect(assessed(open)).toMatchObject([{ account: 'a', equity: 100 - 2 * 10 + 9_000, maintenance: 0 }])
    const settled = markets.map((each) => ({ ...each, settlements: [{ expiry: PAST, price: each.price / 2 }] }))
    expect(assessed(tickOf(groupOf({ markets: settled }), book))).toMatchObject([{ equity: 100 - 2 * 110 + 4_500 }])
  })

  it('are judged by effective values for flags and by targets for new risk, which an old price widens', () => {
    const ramping = (each: LiveParameter): LiveParameter =>
      each.id === 'margin.priceScanRange'
        ? { ...each, state: { ...each.state, effective: (each.state.value - 300) as ParameterValue } }
        : each
    const tick = tickOf(groupOf(), bookOf(), ramping)
    const target = live(tick.snapshot).get('margin.priceScanRange')! / 10_000
    expect(parameters(tick).priceScanRange).toBeCloseTo(target - 0.03, 12)
    expect(parameters(tick).newRisk?.priceScanRange).toBe(target)
    expect(parameters(tick, 'settled')).toMatchObject({ priceScanRange: target, haircut: 0.25 })
    expect([parameters(tick).haircut, parameters(tick).newRisk?.haircut]).toEqual([0.2, 0.25])
    const old = tickOf(groupOf({ markets: [reading('ETH', { priceTime: FROM - 240 - DAY })] }), bookOf(), ramping)
    expect(parameters(old).priceScanRange).toBe(parameters(tick).priceScanRange)
    const { initialRange } = parameters(tick)
    expect(parameters(old).newRisk?.priceScanRange).toBeCloseTo(Math.SQRT2 * Math.max(target, initialRange), 9)
  })

  it('hold several underlyings on the beta ladder, with their cash once', () => {
    const book = bookOf({
      portfolios: [{ account: 'pair', cash: -15_000, collateral: 0, positions: [{ instrument: 0, quantity: 100 }], principal: 0 }],
      elsewhere: [
        {
          market: 'BTC',
          instruments: [{ kind: 'future', id: 'BTC-2-F', expiry: SOON }],
          holdings: [{ account: 'pair', collateral: 0, positions: [{ instrument: 0, quantity: -2 }] }],
        },
      ],
    })
    const tick = tickOf(groupOf({ markets: [reading('BTC', { price: 9_000, slices: [flat(0.7, SOON, 9_000)] }), reading('ETH')] }), book)
    const [account] = assessed(tick)
    const member = (market: 'ETH' | 'BTC', price: number, quantity: number, cash: number) => ({
      market,
      instruments: [{ kind: 'future' as const, id: market, expiry: SOON }],
      portfolio: { account: 'pair', cash, collateral: 0, positions: [{ instrument: 0, quantity }] },
      mark: { time: FROM, spot: price, markVol: market === 'ETH' ? 0.8 : 0.7 },
      parameters: parameters(tick, 'inForce', market),
      residual: market === 'ETH' ? 0.7 : 0,
    })
    const direct = assessGroup([member('ETH', 200, 100, -15_000), member('BTC', 9_000, -2, 0)], 'BTC')
    expect(account).toMatchObject({ equity: 20_000 - 15_000 - 18_000, ownNotional: 20_000, notional: 38_000 })
    expect(account!.maintenance).toBeCloseTo(direct.maintenance, 6)
    const single = direct.members.reduce((sum, { maintenance }) => sum + maintenance, 0)
    expect(account!.maintenance).toBeLessThan(single)
  })

  it('lead to a round with their impact, the cover that they need and the fund that is there', () => {
    const tight = tickOf(groupOf({ flagged: ['writer'] }), bookOf())
    const { decision, report, signals } = decide(tight)
    if (decision.kind === 'halt') throw new Error(decision.detail)
    expect(report!.before.accounts).toBe(3)
    expect(signals!.clearing).toMatchObject({
      fundUsd: 1_000,
      shownCoverUsd: 5,
      openInterestUsd: 20_000,
      auctionedShare: 0.3,
      gasShare: null,
    })
    const markets = markBook(tight.snapshot, tight.book)
    const valuer = valueBook(markets[0]!.book, markets[0]!.mark)
    const costs = { spread: 0, depthUsd: parameters(tight).liquidity!.depth, gasUsd: 0 }
    const shortfalls = stressedShortfalls(valuer, costs, stressSet('ETH')).map((each) => [...each.shortfalls].sort((a, b) => b - a))
    const cover = Math.max(...shortfalls.map(([first, second]) => first! + second!))
    expect(signals!.clearing!.coverTwoUsd).toBeCloseTo(cover, 9)
    expect(cover).toBeGreaterThan(0)
    expect(decide(tight).report).toEqual(report)
  })

  it('say nothing of cover where a market that is held has no stress set', () => {
    const book = bookOf({
      elsewhere: [{ market: 'SOL', instruments: [], holdings: [{ account: 'writer', collateral: 3, positions: [] }] }],
    })
    const values = [
      ...groupOf().values,
      ...marketIds.map(([id, value]) => ({
        scope: 'market:SOL' as const,
        id,
        value: value as ParameterValue,
        effective: value as ParameterValue,
      })),
      { scope: 'asset:SOL' as const, id: 'collateral.haircut', value: 3_500 as ParameterValue, effective: 3_500 as ParameterValue },
    ]
    const { signals, report } = decide(tickOf(groupOf({ markets: [reading('ETH'), reading('SOL', { price: 20 })], values }), book))
    expect(signals!.clearing).toMatchObject({ coverTwoUsd: null, fundUsd: 1_000 })
    expect(report!.recommendations.find(({ id }) => id === 'market.openInterestCap')?.flags).toContain('missing:fund')
  })

  it('and their snapshot are of one version', () => {
    const tick = tickOf(groupOf(), { ...bookOf(), version: 1 })
    expect(() => decide(tick)).toThrow('version of the book')
    const { group: _, ...without } = tickOf(groupOf(), bookOf()).snapshot
    expect(() => decide({ ...tickOf(groupOf(), bookOf()), snapshot: without })).toThrow('group of the snapshot')
  })
})

describe('groupShortfalls', () => {
  const costs = { spread: 0.001, depthUsd: 1e7, gasUsd: 0 }
  const member = (market: string, cash: number, quantity: number) => ({
    valuer: valueBook(
      {
        instruments: [{ kind: 'future', id: market, expiry: SOON }],
        portfolios: [{ account: 'a', cash, collateral: 0, positions: [{ instrument: 0, quantity }] }],
      },
      { time: FROM, spot: 100, markVol: 0.8 },
    ),
    costs,
    scenarios: stressSet(market),
  })
  it('of one underlying are the shortfalls of its book', () => {
    const eth = member('ETH', -9_000, 100)
    expect(groupShortfalls([eth])).toEqual(stressedShortfalls(eth.valuer, costs, eth.scenarios))
  })
  it('let what is won in one underlying pay for what is lost in another', () => {
    const [fall] = groupShortfalls([member('ETH', -9_000, 100), member('BTC', 10_000, -100)])
    expect(fall!.shortfalls[0]).toBe(0)
    expect(groupShortfalls([member('ETH', -9_000, 100), member('BTC', 0, 0)])[0]!.shortfalls[0]).toBeGreaterThan(0)
  })
  it('refuse members that differ in scenarios or accounts', () => {
    const eth = member('ETH', 0, 1)
    expect(() => groupShortfalls([])).toThrow('one underlying or more')
    expect(() => groupShortfalls([eth, { ...eth, scenarios: eth.scenarios.slice(1) }])).toThrow('scenarios of a member')
    const two = { ...eth, valuer: () => ({ equity: new Float64Array(2), netDelta: new Float64Array(2), grossDelta: new Float64Array(2) }) }
    expect(() => groupShortfalls([eth, two])).toThrow('accounts of a member')
  })
})
