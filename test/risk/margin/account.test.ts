import { describe, expect, it } from 'vitest'
import {
  admitCollateral,
  assessAccount,
  assessAtTwoMarks,
  type CollateralQuote,
  type FlatMarket,
  type MarginParameters,
  nodeCut,
  widenForStaleness,
} from '../../../risk/margin/index.ts'
import type { Instrument, Portfolio } from '../../../risk/types/index.ts'
import { bookTime } from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'

const spot = 2000
const future: Instrument = { kind: 'future', id: 'F', expiry: bookTime + 86_400 * 30 }
const alt: CollateralQuote = { asset: 'ALT', kind: 'volatile', beta: 1.2, price: 10, haircut: 0.3, admitted: 1 }
const hedge: CollateralQuote = { asset: 'HEDGE', kind: 'volatile', beta: -0.5, price: 10, haircut: 0.3, admitted: 1 }
const unknown: CollateralQuote = { asset: 'UNKNOWN', kind: 'volatile', beta: 0, price: 10, haircut: 0.3, admitted: 1 }
const stable: CollateralQuote = { asset: 'USD2', kind: 'stable', price: 1, haircut: 0.03, admitted: 1 }
const market: FlatMarket = { time: bookTime, spot, markVol: 0.8, collaterals: [alt, hedge, unknown, stable] }
const parameters: MarginParameters = {
  priceScanRange: 0.2,
  initialRange: 0.3,
  volScanUp: 0.35,
  volScanDown: 0.17,
  initialMultiplier: 1.3,
  shortOptionMinimum: 0,
  tailWeight: 0.77,
  haircut: 0.25,
}
const portfolio = (more: Partial<Portfolio>, quantity = 0): Portfolio => ({
  account: 'A',
  cash: 0,
  collateral: 0,
  positions: quantity === 0 ? [] : [{ instrument: 0, quantity }],
  ...more,
})
/** Without far cells, so that the figures below can be followed. */
const near = { ...parameters, tailWeight: 0 }
const assess = (account: Portfolio, with_: MarginParameters = parameters, at: FlatMarket = market) =>
  assessAccount(account, [future], at, with_)

describe('nodeCut', () => {
  it('cuts by the haircut at the mark and in down states, more where the asset falls with the state, nothing in up states', () => {
    const cuts = (quote: CollateralQuote) => [-0.2, 0, 0.2].map((move) => nodeCut(quote, move))
    expect(cuts(alt)).toEqual([1.3 * 0.3, 0.3, 0])
    expect(cuts(hedge)).toEqual([0.3, 0.3, 1.3 * 0.3])
    expect(cuts(unknown)).toEqual([0.3, 0.3, 0])
    expect(cuts({ ...alt, haircut: 0.9 })).toEqual([1, 0.9, 0])
  })
  it('takes a stable asset 12 % down in every state', () => {
    expect([-0.2, 0, 0.2].map((move) => nodeCut(stable, move))).toEqual([0.12, 0.03, 0.12])
    expect(nodeCut({ ...stable, haircut: 0.15 }, 0.1)).toBe(0.15)
  })
})

describe('collateral without a ladder', () => {
  it('counts in equity at 1 - haircut and falls further in the states that hurt', () => {
    const { equity, maintenance } = assess(portfolio({ assets: [{ asset: 'ALT', amount: 100 }] }))
    expectNear('equity', equity, 700, { rel: 1e-14 })
    expectNear('wrong way', maintenance, 1000 * 0.09, { rel: 1e-12 })
  })
  it('backs a short without its haircut in up states, and a long only with it', () => {
    const assets = [{ asset: 'ALT', amount: 100 }]
    expectNear('short', assess(portfolio({ assets }, -1), near).maintenance, 400 - 300, { rel: 1e-12 })
    expectNear('long', assess(portfolio({ assets }, 1)).maintenance, 400 + 90, { rel: 1e-12 })
    const other = [{ asset: 'HEDGE', amount: 100 }]
    expectNear('an asset that falls when the index rises', assess(portfolio({ assets: other }, -1), near).maintenance, 400 + 90, {
      rel: 1e-12,
    })
  })
  it('in a stable asset loses its fall beside any position', () => {
    const assets = [{ asset: 'USD2', amount: 1000 }]
    for (const quantity of [1, -1])
      expectNear({ quantity }, assess(portfolio({ assets }, quantity), near).maintenance, 400 + 90, { rel: 1e-12 })
  })
  it('is refused when the market does not quote it, or twice', () => {
    expectInvalid('assets of A', () => assess(portfolio({ assets: [{ asset: 'X', amount: 1 }] })))
    expectInvalid('assets of A', () =>
      assess(
        portfolio({
          assets: [
            { asset: 'ALT', amount: 1 },
            { asset: 'ALT', amount: 1 },
          ],
        }),
      ),
    )
    expectInvalid('amount of ALT of A', () => assess(portfolio({ assets: [{ asset: 'ALT', amount: -1 }] })))
    expectInvalid('collaterals', () => assess(portfolio({}), parameters, { ...market, collaterals: [alt, alt] }))
    expectInvalid('haircut of ALT', () => assess(portfolio({}), parameters, { ...market, collaterals: [{ ...alt, haircut: 2 }] }))
    expectInvalid('beta of ALT', () => assess(portfolio({}), parameters, { ...market, collaterals: [{ ...alt, beta: Number.NaN }] }))
  })
})

describe('admitCollateral', () => {
  it('counts no asset for more than 25 % of what is counted in the market', () => {
    const book = [
      portfolio({ cash: 1000, collateral: 1 }),
      portfolio({
        assets: [
          { asset: 'ALT', amount: 300 },
          { asset: 'USD2', amount: 500 },
        ],
      }),
    ]
    const [cut, free] = admitCollateral(book, [alt, stable], spot)
    expectNear('a quarter of the whole', (3000 * cut!.admitted) / (1000 + 2000 + 500 + 3000 * cut!.admitted), 0.25, { rel: 1e-13 })
    expect(free!.admitted).toBe(1)
    const { equity } = assess(book[1]!, parameters, { ...market, collaterals: [cut!, free!] })
    expectNear('and in the account', equity, 3000 * cut!.admitted * 0.7 + 500 * 0.97, { rel: 1e-13 })
  })
  it('admits nothing of an asset that is all there is, and refuses one without a quote', () => {
    expect(admitCollateral([portfolio({ assets: [{ asset: 'ALT', amount: 1 }] })], [alt], spot)[0]!.admitted).toBe(0)
    expect(admitCollateral([], [alt], spot)[0]!.admitted).toBe(1)
    expectInvalid('assets of A', () => admitCollateral([portfolio({ assets: [{ asset: 'X', amount: 1 }] })], [alt], spot))
  })
})

describe('target and effective values', () => {
  it('new risk sees the targets, maintenance the values in effect', () => {
    const targets = { priceScanRange: 0.4, volScanUp: 0.5, volScanDown: 0.2, shortOptionMinimum: 0, tailWeight: 0.77, haircut: 0.35 }
    const before = assess(portfolio({ collateral: 1 }, 1))
    const ramping = assess(portfolio({ collateral: 1 }, 1), { ...parameters, newRisk: targets })
    expect(ramping.maintenance).toBe(before.maintenance)
    expect(ramping.equity).toBe(before.equity)
    expectNear('the wider of target and floor', ramping.initial, 1.3 * 0.4 * spot * 1.75, { rel: 1e-12 })
    expectNear('equity at the target haircut', ramping.freeMargin, ramping.equity - 0.1 * spot - ramping.initial, { rel: 1e-12 })
  })
  it('vol shocks of new risk are its own', () => {
    const call: Instrument = { kind: 'option', id: 'C', type: 'call', strike: 2000, expiry: future.expiry }
    const of = (with_: MarginParameters) => assessAccount(portfolio({}, -1), [call], market, with_)
    const flat = { ...parameters, initialRange: 0.2, initialMultiplier: 1 }
    const targets = { priceScanRange: 0.2, volScanUp: 0.5, volScanDown: 0.17, shortOptionMinimum: 0, tailWeight: 0.77, haircut: 0.25 }
    expect(of({ ...flat, newRisk: targets }).maintenance).toBe(of(flat).maintenance)
    expect(of({ ...flat, newRisk: targets }).initial).toBe(of({ ...flat, volScanUp: 0.5 }).maintenance)
  })
})

describe('widenForStaleness', () => {
  const initialOf = (age: number): number => assess(portfolio({}, 1), widenForStaleness(parameters, age, 240)).initial / (1.3 * spot)
  it('leaves a fresh market alone, then widens new risk at once by 10 %, with the root of the age, by half at most', () => {
    expect(widenForStaleness(parameters, 240, 240)).toBe(parameters)
    expectNear('at once', initialOf(241), 0.3 * 1.1, { rel: 1e-12 })
    expectNear('half a day', initialOf(240 + 43_200), 0.3 * Math.sqrt(1.5), { rel: 1e-12 })
    expectNear('a week', initialOf(240 + 604_800), 0.3 * 1.5, { rel: 1e-12 })
  })
  it('never flags: maintenance is that of the last valid range', () => {
    const account = portfolio({ cash: -1600 }, 1)
    expect(assess(account).liquidatable).toBe(false)
    const stale = assess(account, widenForStaleness(parameters, 1e6, 240))
    expect(stale.maintenance).toBe(assess(account).maintenance)
    expect(stale.liquidatable).toBe(false)
    expect(stale.freeMargin).toBeLessThan(assess(account).freeMargin)
  })
  it('refuses an age below zero', () => {
    expectInvalid('age', () => widenForStaleness(parameters, -1, 240))
    expectInvalid('maxAge', () => widenForStaleness(parameters, 1, Number.NaN))
  })
})

describe('gains since deposit', () => {
  it('back new risk up to half of the initial margin, and maintenance in full', () => {
    const account = portfolio({ cash: -1000 }, 1)
    const free = assess(account)
    const capped = assess({ ...account, principal: 200 })
    expect(free.equity).toBe(1000)
    expectNear('800 of gains, half of 780 counts', capped.freeMargin, 200 + 0.5 * capped.initial - capped.initial, { rel: 1e-12 })
    expect([capped.maintenance, capped.equity, capped.liquidatable]).toEqual([free.maintenance, free.equity, free.liquidatable])
  })
  it('of an account at a loss, or one with small gains, change nothing', () => {
    const account = portfolio({ cash: -1000 }, 1)
    for (const principal of [1500, 1000, 900]) expect(assess({ ...account, principal }).freeMargin).toBe(assess(account).freeMargin)
  })
})

describe('assessAtTwoMarks', () => {
  it('liquidates by the milder price and admits by the worse', () => {
    const book = { instruments: [future], portfolios: [portfolio({ cash: -1550 }, 1), portfolio({ cash: 2450 }, -1)] }
    const [long, short] = assessAtTwoMarks(book, market, 1900, parameters)
    expect([long!.forLiquidation.equity, long!.forNewRisk.equity]).toEqual([450, 350])
    expect(long!.forLiquidation.liquidatable, 'one bad print does not close it').toBe(false)
    expect(assessAtTwoMarks(book, { ...market, spot: 1900 }, 1900, parameters)[0]!.forLiquidation.liquidatable).toBe(true)
    expect([short!.forLiquidation.equity, short!.forNewRisk.equity]).toEqual([550, 450])
    expectInvalid('median', () => assessAtTwoMarks(book, market, Number.NaN, parameters))
  })
})
