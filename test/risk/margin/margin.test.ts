import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { assessAccount, assessBook, type MarginMarket, type MarginParameters, portfolioRisk } from '../../../risk/margin/index.ts'
import { black76Price } from '../../../risk/pricing/index.ts'
import type { Instrument, Portfolio } from '../../../risk/types/index.ts'
import {
  market as anyMarket,
  parameters as anyParameters,
  portfolio as anyPortfolio,
  bookTime,
  instruments as chain,
} from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { naiveMargin } from '../support/naiveMargin.ts'
import { deep, propertyRuns } from '../support/propertyRuns.ts'

// A thousand books on a busy machine take longer than the suite's minute.
if (deep) vi.setConfig({ testTimeout: 600_000 })

const time = bookTime
const spot = 2000
const market: MarginMarket = { time, spot, markVol: 0.8 }
const parameters: MarginParameters = {
  priceScanRange: 0.2,
  initialRange: 0.3,
  volScanUp: 0.35,
  volScanDown: 0.17,
  initialMultiplier: 1.3,
  shortOptionMinimum: 0.015,
  tailWeight: 0.77,
  haircut: 0.25,
}
const in30d = time + 86_400 * 30
const in6h = time + 21_600
const option = (type: 'call' | 'put', strike: number, expiry = in30d): Instrument => ({
  kind: 'option',
  id: `${type}-${strike}-${expiry}`,
  type,
  strike,
  expiry,
})
const future: Instrument = { kind: 'future', id: 'F', expiry: in30d }
const value = (type: 'call' | 'put', strike: number, at: number, vol: number, days: number): number =>
  black76Price({ type, forward: at, strike, timeToExpiry: days / 365, vol, rate: 0 })

/** Assesses an account that holds the given quantities of the given instruments. */
function assess(legs: readonly (readonly [Instrument, number])[], more: Partial<Portfolio> = {}, change: Partial<MarginParameters> = {}) {
  const portfolio: Portfolio = {
    account: 'A',
    cash: 0,
    collateral: 0,
    positions: legs.map(([, quantity], instrument) => ({ instrument, quantity })),
    ...more,
  }
  return assessAccount(
    portfolio,
    legs.map(([instrument]) => instrument),
    market,
    { ...parameters, ...change },
  )
}
/** The parts of the rule that sharpen or cap the scan, taken out. */
const plain = { shortOptionMinimum: 0, initialMultiplier: 1 }

describe('the whole rule', () => {
  it('equals the rule written out position by position', () => {
    fc.assert(
      fc.property(anyPortfolio, anyMarket, anyParameters, (portfolio, at, with_) => {
        const got = assessAccount(portfolio, chain, at, with_)
        const expected = naiveMargin(portfolio, chain, at, with_)
        const gross = portfolio.positions.reduce((sum, { quantity }) => sum + Math.abs(quantity), portfolio.collateral + 1) * at.spot
        // Gamma is a second difference over 2^-10 of spot: rounding of a value comes back a million times larger.
        const accuracy = with_.liquidity === undefined ? 1e-11 : 1e-9
        const inputs = { portfolio, at, with_ }
        expectNear(inputs, got.equity, expected.equity, { abs: 1e-11 * gross + 1e-9 })
        expectNear(inputs, got.maintenance, expected.maintenance, { abs: accuracy * gross })
        expectNear(inputs, got.initial, expected.initial, { abs: accuracy * gross })
        expect(got.maximumLoss === null, JSON.stringify(inputs)).toBe(expected.maximumLoss === null)
        if (expected.maximumLoss !== null) expectNear(inputs, got.maximumLoss!, expected.maximumLoss, { abs: 1e-11 * gross })
        expect(got.liquidatable).toBe(got.equity < got.maintenance)
      }),
      propertyRuns,
    )
  })
  it('gives an account the same answer alone and inside a book', () => {
    fc.assert(
      fc.property(fc.array(anyPortfolio, { maxLength: 5 }), (portfolios) => {
        const { accounts } = assessBook({ instruments: chain, portfolios }, market, parameters)
        expect(accounts).toEqual(portfolios.map((portfolio) => assessAccount(portfolio, chain, market, parameters)))
      }),
      propertyRuns,
    )
  })
  it('visits a strike only where the account itself holds it to a near expiry (seed 1075096502)', () => {
    const held = [
      [35, 1.3],
      [86, 0.1],
      [23, 0.8],
    ] as const
    const portfolio = { account: 'A', cash: 0, collateral: 0, positions: held.map(([instrument, quantity]) => ({ instrument, quantity })) }
    expect(assessBook({ instruments: chain, portfolios: [portfolio] }, market, parameters).accounts[0]).toStrictEqual(
      assessAccount(portfolio, chain, market, parameters),
    )
  })
  it('adds the minimum of three classes in the same way alone and inside a book (seed 809043223)', () => {
    const held = [
      [36, 1.5],
      [66, -1.9],
      [84, -1.3],
      [67, 3.5],
      [39, -1.6],
      [52, -1],
    ] as const
    const portfolio = { account: 'A', cash: 0, collateral: 0, positions: held.map(([instrument, quantity]) => ({ instrument, quantity })) }
    const inBook = assessBook({ instruments: chain, portfolios: [portfolio] }, market, parameters).accounts[0]
    expect(inBook!.bindingCell.rule).toBe('shortOptionMinimum')
    expect(assessAccount(portfolio, chain, market, parameters)).toStrictEqual(inBook)
  })
})

describe('futures', () => {
  it('a long loses the range down, a short the range up, exactly', () => {
    const long = assess([[future, 2]])
    expectNear('long', long.maintenance, 2 * 0.2 * spot, { rel: 1e-13 })
    expectNear('initial over the larger range', long.initial, 1.3 * 2 * 0.3 * spot, { rel: 1e-13 })
    expect(long.bindingCell, 'the first of equal cells: vol up').toMatchObject({
      rule: 'scan',
      move: -0.2,
      spot: 1600,
      weight: 1,
      volState: 'up',
    })
    const short = assess([[future, -2]])
    expectNear('short', short.maintenance, 2 * 0.2 * spot, { rel: 1e-13 })
    expect(short.bindingCell).toMatchObject({ move: 0.2, spot: 2400 })
    expect([long.maximumLoss, short.maximumLoss]).toEqual([2 * spot, null])
    expect([long.notional, short.notional]).toEqual([4000, 4000])
  })
  it('equity is cash, which carries the entry, plus the index', () => {
    expect(assess([[future, 2]], { cash: -2 * 1900 }).equity).toBe(200)
    expect(assess([[future, -2]], { cash: 2 * 1900 }).equity).toBe(-200)
  })
  it('a far loss counts damped: with full weight a future is bound by the range all the same', () => {
    expectNear('tail weight 1', assess([[future, 1]], {}, { tailWeight: 1 }).maintenance, 0.2 * spot, { rel: 1e-13 })
    const heavy = assess([[future, -1]], {}, { tailWeight: 1.5 })
    expectNear('tail weight 1.5', heavy.maintenance, 1.5 * 0.2 * spot, { rel: 1e-13 })
    expect(heavy.bindingCell.move).toBeGreaterThanOrEqual(0.5)
  })
})

describe('long options', () => {
  it('a paid-up call needs no more than it is worth, for maintenance and for initial margin', () => {
    const paid = value('call', 2200, spot, 0.8, 30)
    const { maintenance, initial, maximumLoss, equity, liquidatable } = assess([[option('call', 2200), 1]])
    expectNear('maximum loss', maximumLoss!, paid, { rel: 1e-13 })
    expect(maintenance).toBeLessThanOrEqual(maximumLoss!)
    expect(initial).toBe(maximumLoss!)
    expect(equity).toBe(maximumLoss!)
    expect(liquidatable).toBe(false)
  })
  it('stressed values count at 0.97 e^(-0.05 T)', () => {
    const year = time + 86_400 * 365
    // Deep in the money the call is worth the index less its strike, in any vol state, down to the last digits.
    const deep = assess([[option('call', 10, year), 1]], {}, { priceScanRange: 0.001, tailWeight: 0, ...plain })
    const stressed = 0.97 * Math.exp(-0.05) * (spot * 0.999 - 10)
    expectNear('deep call', deep.maintenance, spot - 10 - stressed, { rel: 1e-9 })
  })
  it('within a day of expiry count at the payoff where that is worse, and get no credit for time', () => {
    const soon = option('call', 2100, in6h)
    const held = assess([[soon, 1]], {}, { priceScanRange: 0.01, tailWeight: 0, ...plain })
    expectNear('all of its time value', held.maintenance, value('call', 2100, spot, 0.8, 0.25), { rel: 1e-12 })
    const sold = assess([[soon, -1]], {}, { priceScanRange: 0.01, tailWeight: 0, ...plain })
    const up = 0.8 * (1 + 0.35 * Math.sqrt(30))
    expectNear(
      'short keeps the model value',
      sold.maintenance - sold.charges.maintenance.skew,
      value('call', 2100, spot * 1.01, up, 0.25) - value('call', 2100, spot, 0.8, 0.25),
      { rel: 1e-10 },
    )
  })
  it('of one expiry are netted before the worse of value and payoff is taken', () => {
    const spread = assess(
      [
        [option('call', 1500, in6h), 1],
        [option('call', 1500.5, in6h), -1],
      ],
      {},
      { priceScanRange: 0.01, tailWeight: 0, ...plain },
    )
    expect(spread.maintenance).toBeLessThanOrEqual(spread.maximumLoss!)
    expectNear('half a dollar, cut to its credit', spread.maintenance, 0.5 * (1 - 0.97 * Math.exp((-0.05 * 6) / 8760)), { abs: 1e-5 })
  })
})

describe('short options', () => {
  it('a short straddle is bound at an edge of the range with vol up, and has no cap', () => {
    const straddle = [
      [option('call', 2000), -1],
      [option('put', 2000), -1],
    ] as const
    const { maintenance, initial, bindingCell, maximumLoss } = assess(straddle, {}, { tailWeight: 0 })
    const up = 0.8 * 1.35
    const loss = (at: number): number =>
      value('call', 2000, at, up, 30) + value('put', 2000, at, up, 30) - 2 * value('call', 2000, spot, 0.8, 30)
    expectNear('worst edge', maintenance, Math.max(loss(1600), loss(2400)), { rel: 1e-12 })
    expect(bindingCell).toMatchObject({ rule: 'scan', volState: 'up' })
    expect(Math.abs(bindingCell.move)).toBe(0.2)
    expect(initial).toBeGreaterThan(1.3 * maintenance)
    expect(maximumLoss).toBeNull()
    const damped = assess(straddle)
    expect(damped.bindingCell).toMatchObject({ rule: 'scan', move: 5, spot: 12_000, volState: 'up' })
    expectNear('six times the spot, at 0.77 x 0.2 / 5', damped.maintenance, ((0.77 * 0.2) / 5) * loss(12_000), { rel: 1e-12 })
  })
  it('far from the money are bound by the minimum: per expiry and type, net', () => {
    const week = time + 86_400 * 7
    const rule = (legs: (readonly [Instrument, number])[]) =>
      assess(legs, {}, { volScanUp: 0, priceScanRange: 0.05, initialRange: 0.05, tailWeight: 0 })
    const one = rule([[option('call', 6000, week), -3]])
    expectNear('three calls', one.maintenance, 3 * 0.015 * spot, { rel: 1e-13 })
    expectNear('initial', one.initial, 1.3 * one.maintenance, { rel: 1e-13 })
    expect(one.bindingCell.rule).toBe('shortOptionMinimum')
    expectNear(
      'a long of the same chain offsets',
      rule([
        [option('call', 6000, week), -3],
        [option('call', 7000, week), 1],
      ]).maintenance,
      2 * 0.015 * spot,
      { rel: 1e-13 },
    )
    expectNear(
      'another type does not',
      rule([
        [option('call', 6000, week), -3],
        [option('put', 400, week), 3],
      ]).maintenance,
      3 * 0.015 * spot,
      { rel: 1e-6 },
    )
    expectNear(
      'another expiry does not',
      rule([
        [option('call', 6000, week), -3],
        [option('call', 7000, in30d), 3],
      ]).maintenance,
      3 * 0.015 * spot,
      { rel: 1e-6 },
    )
    expectNear(
      'both types add',
      rule([
        [option('call', 6000, week), -1],
        [option('put', 400, week), -1],
      ]).maintenance,
      2 * 0.015 * spot,
      { rel: 1e-13 },
    )
  })
  it('a covered spread needs no more than it can lose', () => {
    const credit = value('call', 2000, spot, 0.8, 30) - value('call', 2200, spot, 0.8, 30)
    const { maximumLoss, initial, maintenance } = assess([
      [option('call', 2000), -1],
      [option('call', 2200), 1],
    ])
    expectNear('width less credit', maximumLoss!, 200 - credit, { rel: 1e-12 })
    expect(initial).toBeLessThanOrEqual(maximumLoss!)
    expect(maintenance).toBeLessThanOrEqual(initial)
  })
  it('a short put can lose its strike', () => {
    const { maximumLoss } = assess([[option('put', 2000), -1]])
    expectNear('strike less premium', maximumLoss!, 2000 - value('put', 2000, spot, 0.8, 30), { rel: 1e-12 })
  })
  it('a cap that binds is named', () => {
    const tiny = assess([[option('put', 20), -1]], {}, { shortOptionMinimum: 0.03 })
    expect(tiny.bindingCell.rule).toBe('maximumLoss')
    expectNear('strike', tiny.maintenance, 20, { rel: 1e-6 })
  })
  it('quantities whose decimals do not cancel in binary still count as covered', () => {
    expect(0.3 - 0.1 - 0.2).toBeLessThan(0)
    const covered = [
      [option('call', 2000), -0.1],
      [option('call', 2100), -0.2],
      [option('call', 1900), 0.3],
    ] as const
    expect(assess(covered).maximumLoss).not.toBeNull()
    expect(
      assess([
        [option('call', 2000), 1e9],
        [option('call', 2100), -1e9 - 0.001],
      ]).maximumLoss,
      'a real short is not rounding',
    ).toBeNull()
  })
})

describe('initial margin', () => {
  it('is never below maintenance, also where the wider scan steps over a peak that the narrower one hits', () => {
    const in3d = time + 86_400 * 3
    const fly = [
      [option('call', 2039, in3d), -1],
      [option('call', 2040, in3d), 2],
      [option('call', 2041, in3d), -1],
    ] as const
    const { maintenance, initial } = assess(fly, {}, { ...plain, tailWeight: 0, initialRange: 0.21 })
    const wider = assess(fly, {}, { ...plain, tailWeight: 0, priceScanRange: 0.21, initialRange: 0.21 })
    expect(wider.maintenance).toBeLessThan(maintenance)
    expect(initial).toBe(maintenance)
  })
})

describe('collateral', () => {
  it('counts at 1 - haircut in equity and falls in the same cell', () => {
    const { equity, maintenance } = assess([], { cash: 100, collateral: 2 })
    expectNear('equity', equity, 100 + 2 * 0.75 * spot, { rel: 1e-15 })
    expectNear('maintenance', maintenance, 2 * 0.75 * spot * 0.2, { rel: 1e-13 })
  })
  it('backs a short call and not a short put', () => {
    const call = [[option('call', 2000), -1]] as const
    const put = [[option('put', 2000), -1]] as const
    const alone = { call: assess(call).maintenance, put: assess(put).maintenance }
    const backed = { call: assess(call, { collateral: 1 }).maintenance, put: assess(put, { collateral: 1 }).maintenance }
    expect(backed.call).toBeLessThan(alone.call)
    expect(backed.put).toBeGreaterThan(alone.put)
  })
  it('that covers the short in full bounds the loss', () => {
    expect(assess([[option('call', 2000), -1]], { collateral: 1 }).maximumLoss).toBeNull()
    expect(assess([[option('call', 2000), -1]], { collateral: 4 / 3 }).maximumLoss).not.toBeNull()
  })
})

describe('flags and totals', () => {
  it('an account is liquidatable below its maintenance, not at it', () => {
    const { maintenance } = assess([[future, 1]])
    expect(assess([[future, 1]], { cash: maintenance - spot }).liquidatable).toBe(false)
    expect(assess([[future, 1]], { cash: maintenance - spot - 1e-9 }).liquidatable).toBe(true)
  })
  it('an empty account needs nothing and is flagged only when it owes', () => {
    expect(assess([], { cash: 5 })).toMatchObject({
      equity: 5,
      maintenance: 0,
      initial: 0,
      liquidatable: false,
      notional: 0,
      maximumLoss: 0,
      bindingCell: { rule: 'none' },
    })
    expect(assess([], { cash: -1 }).liquidatable).toBe(true)
  })
  it('totals add up', () => {
    const portfolios = [
      { account: 'A', cash: -1900, collateral: 0, positions: [{ instrument: 0, quantity: 1 }] },
      { account: 'B', cash: 9000, collateral: 0, positions: [{ instrument: 0, quantity: -2 }] },
      { account: 'C', cash: -50, collateral: 0, positions: [] },
    ]
    const risk = portfolioRisk(assessBook({ instruments: [future], portfolios }, market, parameters), 12)
    expect(risk).toMatchObject({
      accounts: 3,
      equity: 100 + 5000 - 50,
      liquidatable: 2,
      liquidatableNotional: 2000,
      badDebt: 50,
      expectedShortfall: 12,
    })
    expectNear('maintenance', risk.maintenance, 3 * 0.2 * spot, { rel: 1e-13 })
    expectNear('initial', risk.initial, 1.3 * 3 * 0.3 * spot, { rel: 1e-13 })
    expect(portfolioRisk(assessBook({ instruments: [], portfolios: [] }, market, parameters), null)).toEqual({
      accounts: 0,
      equity: 0,
      maintenance: 0,
      initial: 0,
      liquidatable: 0,
      liquidatableNotional: 0,
      badDebt: 0,
      expectedShortfall: null,
    })
  })
})

describe('properties', () => {
  const merged = (a: Portfolio, b: Portfolio): Portfolio => {
    const net = new Map<number, number>()
    for (const { instrument, quantity } of [...a.positions, ...b.positions]) net.set(instrument, (net.get(instrument) ?? 0) + quantity)
    return {
      account: 'AB',
      cash: a.cash + b.cash,
      collateral: a.collateral + b.collateral,
      positions: [...net].map(([instrument, quantity]) => ({ instrument, quantity })),
    }
  }
  const worstLoss = (portfolio: Portfolio, with_: MarginParameters): number => {
    const { weight, loss } = assessAccount(portfolio, chain, market, with_).bindingCell
    return Math.max(0, weight * loss)
  }

  it('the worst loss of two books together is at most the sum of both', () => {
    fc.assert(
      fc.property(anyPortfolio, anyPortfolio, anyParameters, (a, b, with_) => {
        expect(worstLoss(merged(a, b), with_), JSON.stringify({ a, b, with_ })).toBeLessThanOrEqual(
          worstLoss(a, with_) + worstLoss(b, with_) + 1e-6,
        )
      }),
      propertyRuns,
    )
  })
  it('the order of positions, instruments and accounts changes no bit', () => {
    fc.assert(
      fc.property(
        fc.array(anyPortfolio, { minLength: 1, maxLength: 4 }),
        fc.shuffledSubarray(
          chain.map((_, i) => i),
          { minLength: chain.length },
        ),
        (portfolios, order) => {
          const base = assessBook({ instruments: chain, portfolios }, market, parameters)
          const place = new Map(order.map((from, to) => [from, to]))
          const moved = portfolios.map(({ positions, ...rest }) => ({
            ...rest,
            positions: positions.map(({ instrument, quantity }) => ({ instrument: place.get(instrument)!, quantity })).reverse(),
          }))
          const shuffled = assessBook({ instruments: order.map((i) => chain[i]!), portfolios: moved.reverse() }, market, parameters)
          expect([...shuffled.accounts].reverse()).toStrictEqual(base.accounts)
          expect(portfolioRisk(shuffled, null)).toStrictEqual(portfolioRisk(base, null))
        },
      ),
      propertyRuns,
    )
  })
  it('requirements scale with the book', () => {
    fc.assert(
      fc.property(anyPortfolio, fc.integer({ min: 2, max: 64 }), (portfolio, factor) => {
        const { cash, collateral, positions } = portfolio
        const scaled = {
          account: 'A',
          cash: cash * factor,
          collateral: collateral * factor,
          positions: positions.map(({ instrument, quantity }) => ({ instrument, quantity: quantity * factor })),
        }
        const one = assessAccount(portfolio, chain, market, parameters)
        const many = assessAccount(scaled, chain, market, parameters)
        for (const name of ['maintenance', 'initial', 'notional'] as const)
          expectNear({ portfolio, factor, name }, many[name], factor * one[name], {
            abs: 1e-10 * (factor * one.notional + 1) + 1e-11 * factor * collateral * spot,
          })
      }),
      propertyRuns,
    )
  })
  it('initial is at least maintenance, and neither is below zero nor above the maximum loss with the charges between expiries', () => {
    fc.assert(
      fc.property(anyPortfolio, anyMarket, anyParameters, (portfolio, at, with_) => {
        const { maintenance, initial, maximumLoss, charges } = assessAccount(portfolio, chain, at, with_)
        const { term, basis } = charges.initial
        expect(maintenance).toBeGreaterThanOrEqual(0)
        expect(initial).toBeGreaterThanOrEqual(maintenance)
        // Term and basis charges stand for expiries that part; the maximum loss is that at one price.
        if (maximumLoss !== null) expect(initial).toBeLessThanOrEqual(maximumLoss + with_.initialMultiplier * (term + basis))
      }),
      propertyRuns,
    )
  })
  it('more tail weight, a higher minimum or a higher multiplier never lowers a requirement', () => {
    fc.assert(
      fc.property(anyPortfolio, anyParameters, fc.double({ min: 0, max: 0.5, noNaN: true }), (portfolio, with_, more) => {
        const base = assessAccount(portfolio, chain, market, with_)
        for (const tighter of [
          { tailWeight: with_.tailWeight + more },
          { shortOptionMinimum: with_.shortOptionMinimum + more },
          { initialMultiplier: with_.initialMultiplier + more },
        ]) {
          const got = assessAccount(portfolio, chain, market, { ...with_, ...tighter })
          expect(got.maintenance, JSON.stringify({ portfolio, with_, tighter })).toBeGreaterThanOrEqual(base.maintenance)
          expect(got.initial, JSON.stringify({ portfolio, with_, tighter })).toBeGreaterThanOrEqual(base.initial)
        }
      }),
      propertyRuns,
    )
  })
  it('a wider range or vol scan never lowers the requirement of a naked short option or a future', () => {
    const sides = [option('call', 2100), option('put', 1900), future]
    fc.assert(
      fc.property(fc.constantFrom(...sides), anyParameters, fc.double({ min: 0, max: 0.3, noNaN: true }), (instrument, with_, more) => {
        const of = (change: Partial<MarginParameters>): number => assess([[instrument, -1]], {}, { ...with_, ...change }).maintenance
        for (const tighter of [{ priceScanRange: with_.priceScanRange + more }, { volScanUp: with_.volScanUp + more }]) {
          expect(of(tighter), JSON.stringify({ instrument, with_, tighter })).toBeGreaterThanOrEqual(of({}) * (1 - 1e-13))
        }
      }),
      propertyRuns,
    )
  })
})

describe('bad input', () => {
  const good: Portfolio = { account: 'A', cash: 0, collateral: 0, positions: [{ instrument: 0, quantity: 1 }] }
  const run = (
    portfolio: Partial<Portfolio>,
    instruments: readonly Instrument[] = [future],
    at: Partial<MarginMarket> = {},
    change: Partial<MarginParameters> = {},
  ) => assessAccount({ ...good, ...portfolio }, instruments, { ...market, ...at }, { ...parameters, ...change })

  it.each([
    ['priceScanRange', 0],
    ['priceScanRange', 1],
    ['initialRange', Number.NaN],
    ['volScanUp', -0.1],
    ['volScanDown', 1],
    ['initialMultiplier', 0.9],
    ['shortOptionMinimum', -1],
    ['tailWeight', 3],
    ['haircut', 1.1],
  ] as const)('parameter %s = %d', (name, value) => expectInvalid(name, () => run({}, [future], {}, { [name]: value })))
  it.each([
    ['time', 0.5],
    ['time', Number.NaN],
    ['spot', 0],
    ['spot', -1],
    ['spot', Number.POSITIVE_INFINITY],
    ['markVol', Number.NaN],
    ['markVol', -0.1],
  ] as const)('market %s = %d', (name, value) => expectInvalid(name, () => run({}, [future], { [name]: value })))
  it('an instrument that expired before the mark: its payment belongs into cash', () => {
    expectInvalid('expiry of F', () => run({}, [{ ...future, expiry: time - 1 }]))
    expect(run({}, [{ ...future, expiry: time }]).equity, 'at the instant of expiry it still stands').toBe(spot)
  })
  it('instruments with one id, a bad strike, a bad expiry or an unknown kind', () => {
    expectInvalid('instrument id', () => run({}, [future, future]))
    expectInvalid('strike', () => run({}, [option('call', -1)]))
    expectInvalid('expiry of F', () => run({}, [{ ...future, expiry: in30d + 0.5 }]))
    expectInvalid('kind of instrument', () => run({}, [{ kind: 'swap', id: 'S', expiry: in30d } as unknown as Instrument]))
  })
  it('positions that name nothing, name an instrument twice, or are no number', () => {
    for (const instrument of [1, -1, 0.5])
      expectInvalid('instrument of a position of A', () => run({ positions: [{ instrument, quantity: 1 }] }))
    expectInvalid('instrument of a position of A', () =>
      run({
        positions: [
          { instrument: 0, quantity: 1 },
          { instrument: 0, quantity: 1 },
        ],
      }),
    )
    expectInvalid('quantity of instrument 0 of A', () => run({ positions: [{ instrument: 0, quantity: Number.NaN }] }))
  })
  it('cash or collateral that is no number, or negative collateral', () => {
    expectInvalid('cash of A', () => run({ cash: Number.NaN }))
    expectInvalid('collateral of A', () => run({ collateral: -1 }))
  })
})
