import { describe, expect, it } from 'vitest'
import {
  assessAccount,
  basisCharge,
  type FlatMarket,
  liquidityCharge,
  type MarginParameters,
  skewCharge,
  termCharge,
} from '../../../risk/margin/index.ts'
import { black76Greeks } from '../../../risk/pricing/index.ts'
import type { Instrument, Portfolio } from '../../../risk/types/index.ts'
import { bookTime } from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'

const spot = 2000
const day = 1 / 365
const market: FlatMarket = { time: bookTime, spot, markVol: 0.8 }
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
const liquidity = { depth: 10_000, vegaDepth: 50, deltaAddOn: 0.005, gammaAddOn: 0.005, vegaAddOn: 1 }
const expiryOf = (days: number): number => bookTime + 86_400 * days
const call = (strike: number, days: number): Instrument => ({
  kind: 'option',
  id: `C-${strike}-${days}`,
  type: 'call',
  strike,
  expiry: expiryOf(days),
})
const put = (strike: number, days: number): Instrument => ({
  kind: 'option',
  id: `P-${strike}-${days}`,
  type: 'put',
  strike,
  expiry: expiryOf(days),
})
const future = (days: number): Instrument => ({ kind: 'future', id: `F-${days}`, expiry: expiryOf(days) })
const perpetual: Instrument = { kind: 'perpetual', id: 'PERP' }

function assess(legs: readonly (readonly [Instrument, number])[], change: Partial<MarginParameters> = {}, more: Partial<Portfolio> = {}) {
  const portfolio = {
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
const greeksOf = (type: 'call' | 'put', strike: number, days: number) =>
  black76Greeks({ type, forward: spot, strike, timeToExpiry: days * day, vol: 0.8, rate: 0 })

describe('skewCharge', () => {
  it('is 6 points at 30 days, more for shorter expiries, 20 at most, whatever the sign', () => {
    expectNear('30 d', skewCharge([{ timeToExpiry: 30 * day, skew: 7 }]), 42, { rel: 1e-13 })
    expectNear('7.5 d', skewCharge([{ timeToExpiry: 7.5 * day, skew: -7 }]), 84, { rel: 1e-13 })
    expectNear('120 d', skewCharge([{ timeToExpiry: 120 * day, skew: 7 }]), 21, { rel: 1e-13 })
    expectNear('ceiling', skewCharge([{ timeToExpiry: 0, skew: 7 }]), 140, { rel: 1e-13 })
  })
  it('nets within an expiry and not across', () => {
    expectNear(
      'two',
      skewCharge([
        { timeToExpiry: 30 * day, skew: 7 },
        { timeToExpiry: 30.5 * day, skew: -7 },
      ]),
      42 + 42 / Math.sqrt(30.5 / 30),
      { rel: 1e-13 },
    )
    expect(skewCharge([])).toBe(0)
  })
  it('of an account: vega per point times the distance from the money, net of the expiry', () => {
    const wing = Math.log(2600 / spot) / (0.8 * Math.sqrt(30 * day))
    const one = assess([[call(2600, 30), -3]]).charges.maintenance
    expectNear('a short wing', one.skew, 6 * 3 * 0.01 * greeksOf('call', 2600, 30).vega * wing, { rel: 1e-6 })
    const wings = assess([
      [call(2600, 30), -3],
      [put(1540, 30), -3],
    ]).charges.maintenance
    expect(wings.skew, 'a strangle has little skew').toBeLessThan(0.25 * one.skew)
    const reversal = assess([
      [call(2600, 30), -3],
      [put(1540, 30), 3],
    ]).charges.maintenance
    expect(reversal.skew, 'a risk reversal has twice').toBeGreaterThan(1.7 * one.skew)
    const far = assess([[call(6000, 30), -1]]).charges.maintenance
    expectNear('held at two deviations', far.skew, 6 * 2 * 0.01 * greeksOf('call', 6000, 30).vega, { rel: 1e-4 })
  })
})

describe('termCharge', () => {
  it('is 30 % of what the buckets offset', () => {
    const at = (days: number, shockedVega: number) => ({ timeToExpiry: days * day, shockedVega })
    expectNear('week against quarter', termCharge([at(5, 100), at(60, -40)]), 12, { rel: 1e-13 })
    expect(termCharge([at(5, 100), at(6.9, -40)]), 'one bucket nets').toBe(0)
    expectNear('7 days is the next bucket', termCharge([at(6.9, 100), at(7, -40)]), 12, { rel: 1e-13 })
    expectNear('three', termCharge([at(5, 100), at(20, -40), at(100, -50)]), 27, { rel: 1e-13 })
    expect(termCharge([at(5, 100), at(60, 40)])).toBe(0)
  })
  it('of a calendar of straddles: vega times the up shock of each expiry', () => {
    const near = 2 * greeksOf('call', 2000, 5).vega * 0.8 * 0.35 * Math.sqrt(6)
    const far = 2 * greeksOf('call', 2000, 60).vega * 0.8 * 0.35 * 2 ** -0.3
    const { term } = assess([
      [call(2000, 5), -1],
      [put(2000, 5), -1],
      [call(2000, 60), 1],
      [put(2000, 60), 1],
    ]).charges.maintenance
    expectNear('30 % of the smaller side', term, 0.3 * Math.min(near, far), { rel: 1e-6 })
  })
})

describe('basisCharge', () => {
  it('is max(1 %, 7.5 % x years) of what dates offset', () => {
    expectNear(
      'near',
      basisCharge(
        [
          { timeToExpiry: 0, delta: 3 },
          { timeToExpiry: 0, delta: -2 },
        ],
        100,
      ),
      2,
      { rel: 1e-13 },
    )
    expectNear(
      'a year',
      basisCharge(
        [
          { timeToExpiry: 0.1, delta: -3 },
          { timeToExpiry: 1.1, delta: 2 },
        ],
        100,
      ),
      15,
      { rel: 1e-13 },
    )
    expect(
      basisCharge(
        [
          { timeToExpiry: 0, delta: 3 },
          { timeToExpiry: 1, delta: 2 },
        ],
        100,
      ),
    ).toBe(0)
    expect(basisCharge([], 100)).toBe(0)
  })
  it('pairs the nearest dates', () => {
    const lanes = [
      { timeToExpiry: 0, delta: 1 },
      { timeToExpiry: 0.5, delta: -1.5 },
      { timeToExpiry: 2, delta: 1 },
    ]
    expectNear('one and a half', basisCharge(lanes, 100), 100 * (1 * 0.0375 + 0.5 * 0.1125), { rel: 1e-13 })
  })
  it('of accounts: calendars of futures, perpetuals against dates, the index as collateral', () => {
    const calendar = assess([
      [future(30), 2],
      [future(120), -2],
    ])
    expectNear('charge', calendar.charges.maintenance.basis, 2 * spot * 0.075 * (90 / 365), { rel: 1e-9 })
    expect(calendar.maximumLoss, 'at one price nothing can be lost').toBe(0)
    expectNear('and is asked for all the same', calendar.maintenance, calendar.charges.maintenance.basis, { rel: 1e-12 })
    expectNear('with the multiplier for new risk', calendar.initial, 1.3 * calendar.maintenance, { rel: 1e-12 })
    const carry = assess([[perpetual, -0.75]], {}, { collateral: 1 })
    expectNear('1 % of the index against a perpetual', carry.charges.maintenance.basis, 0.75 * spot * 0.01, { rel: 1e-9 })
    expectNear('all of it', carry.maintenance, carry.charges.maintenance.basis, { rel: 1e-9 })
    expectNear(
      'net',
      assess([
        [perpetual, 1],
        [future(30), -1],
      ]).charges.maintenance.basis,
      spot * 0.01,
      { rel: 1e-9 },
    )
  })
  it('does not ask more than all expiries can lose one by one', () => {
    const { maintenance, maximumLoss, charges, equity } = assess([
      [put(2000, 10), 1],
      [call(2000, 200), 1],
    ])
    expect(charges.maintenance.basis).toBeGreaterThan(0)
    expect(maintenance).toBeLessThanOrEqual(equity + 1e-9)
    expect(maximumLoss).toBeLessThanOrEqual(equity)
  })
})

describe('liquidityCharge', () => {
  it('is nothing up to the depth, then c x size x (size / depth)^0.5 in either direction', () => {
    expect([liquidityCharge(0.005, 10_000, 10_000), liquidityCharge(0.005, -9000, 10_000)]).toEqual([0, 0])
    expectNear('four depths', liquidityCharge(0.005, 40_000, 10_000), 0.005 * 40_000 * 2, { rel: 1e-14 })
    expectNear('short', liquidityCharge(0.005, -40_000, 10_000), 400, { rel: 1e-14 })
  })
  it('of accounts: net delta, gamma over the range, vega per point', () => {
    const long = assess([[future(30), 20]], { liquidity })
    expectNear('delta', long.charges.maintenance.delta, 0.005 * 40_000 * 2, { rel: 1e-9 })
    expectNear('is added to the scan', long.maintenance, 20 * 400 + 400, { rel: 1e-9 })
    expect(assess([[future(30), 20]]).maintenance, 'where no depth is known, nothing').toBeLessThan(long.maintenance)
    const { gamma, vega } = greeksOf('call', 2000, 30)
    const straddles = assess(
      [
        [call(2000, 30), -50],
        [put(2000, 30), -50],
      ],
      { liquidity },
    )
    const sizes = { gamma: 100 * gamma * spot * spot * 0.2, vega: 100 * vega * 0.01 }
    expectNear('gamma', straddles.charges.maintenance.gamma, 0.005 * sizes.gamma * Math.sqrt(sizes.gamma / 10_000), { rel: 1e-4 })
    expectNear('gamma over the larger range', straddles.charges.initial.gamma / straddles.charges.maintenance.gamma, 1.5 ** 1.5, {
      rel: 1e-9,
    })
    expectNear('vega', straddles.charges.maintenance.vega, sizes.vega * Math.sqrt(sizes.vega / 50), { rel: 1e-4 })
  })
  it('refuses a depth of zero', () => {
    expectInvalid('liquidity.depth', () => assess([], { liquidity: { ...liquidity, depth: 0 } }))
    expectInvalid('liquidity.vegaDepth', () => assess([], { liquidity: { ...liquidity, vegaDepth: Number.NaN } }))
    for (const name of ['deltaAddOn', 'gammaAddOn', 'vegaAddOn'] as const)
      expectInvalid(`liquidity.${name}`, () => assess([], { liquidity: { ...liquidity, [name]: -1 } }))
  })
})

describe('the parts of the binding cell', () => {
  it('add up to its loss', () => {
    const { parts, loss } = assess([
      [call(2000, 30), -1],
      [put(1900, 5), -2],
      [future(30), 0.5],
    ]).bindingCell
    expectNear(parts, parts.delta + parts.gamma + parts.vega + parts.other, loss, { rel: 1e-13 })
    expect(parts.gamma).toBeGreaterThan(0)
    expect(parts.vega).toBeGreaterThan(0)
  })
  it('of a future is all delta; of collateral too', () => {
    const { parts, loss } = assess([[future(30), -1]]).bindingCell
    expectNear('delta', parts.delta, loss, { rel: 1e-9 })
    expect(Math.abs(parts.gamma) + Math.abs(parts.other) + Math.abs(parts.vega)).toBeLessThan(1e-6)
    const backing = assess([], {}, { collateral: 2 }).bindingCell
    expectNear('collateral', backing.parts.delta, backing.loss, { rel: 1e-12 })
  })
})
