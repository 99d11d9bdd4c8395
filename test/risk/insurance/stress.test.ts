import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  coverRequirement,
  mergeBySource,
  reverseStress,
  type StressScenario,
  stressExtremes,
  stressedShortfalls,
  stressSet,
  valueBook,
} from '../../../risk/insurance/index.ts'
import { black76Price } from '../../../risk/pricing/index.ts'
import type { Book, Portfolio } from '../../../risk/types/index.ts'
import * as arbitrary from '../support/arbitraryBook.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const DAY = 86_400
const time = 1_600_000_000
const market = { time, spot: 2000, markVol: 0.8 }
const book: Pick<Book, 'instruments' | 'portfolios'> = {
  instruments: [
    { kind: 'future', id: 'F', expiry: time + 30 * DAY },
    { kind: 'option', id: 'P', type: 'put', strike: 1800, expiry: time + 120 * DAY },
    { kind: 'perpetual', id: 'perp' },
  ],
  portfolios: [
    { account: 'long', cash: -19_000, collateral: 0, positions: [{ instrument: 0, quantity: 10 }] },
    { account: 'puts', cash: 15_000, collateral: 0, positions: [{ instrument: 1, quantity: -20 }] },
    { account: 'perp', cash: 3000, collateral: 1, positions: [{ instrument: 2, quantity: -2 }] },
    { account: 'cash', cash: 10, collateral: 0, positions: [] },
  ],
}
const still: StressScenario = { name: 'still', spotMove: 0, volMultiple: 1, basis: 0, depthDivisor: 1, gasMultiple: 1 }
const costs = { spread: 0.002, depthUsd: 5e6, gasUsd: 3 }

describe('stressSet', () => {
  it('holds the stress set of the policy', () => {
    const eth = stressSet('ETH')
    expect(eth).toHaveLength(6)
    expect(Math.min(...eth.map(({ spotMove }) => spotMove))).toBe(-0.58)
    expect(Math.max(...stressSet('BTC').map(({ spotMove }) => spotMove))).toBe(0.5)
    for (const scenario of eth) expect(scenario).toMatchObject({ volMultiple: 2.2, depthDivisor: 5, gasMultiple: 20 })
    expect(new Set(eth.map(({ name }) => name)).size).toBe(6)
  })
  it('knows no other market', () => {
    expectInvalid('market', () => stressSet('DOGE'))
    expectInvalid('market', () => stressSet('toString'))
  })
})

describe('valueBook', () => {
  const value = valueBook(book, market)
  it('at rest is equity at mark', () => {
    const { equity, netDelta, grossDelta } = value(still)
    const put = black76Price({ type: 'put', forward: 2000, strike: 1800, timeToExpiry: 120 / 365, vol: 0.8, rate: 0 })
    expectNear('long', equity[0]!, 1000, { abs: 1e-9 })
    expectNear('puts', equity[1]!, 15_000 - 20 * put, { abs: 1e-9 })
    expect(equity[2]).toBe(3000 + 2000 - 4000)
    expect(equity[3]).toBe(10)
    expectNear('delta of the long', netDelta[0]!, 20_000, { rel: 1e-9 })
    expectNear('delta of the perpetual and its collateral', netDelta[2]!, -2000, { rel: 1e-9 })
    expectNear('gross', grossDelta[2]!, 6000, { rel: 1e-9 })
  })
  it('moves spot, basis and vol as stated: full multiple to 30 days, less beyond', () => {
    const { equity } = value({ ...still, spotMove: -0.5, volMultiple: 2.2, basis: 0.05 })
    expectNear('future at its forward', equity[0]!, -19_000 + 10 * 1050, { abs: 1e-9 })
    expectNear('perpetual off the index, collateral on it', equity[2]!, 3000 + 1000 - 2 * 1050, { abs: 1e-9 })
    const vol = 0.8 * (1 + 1.2 * (30 / 120) ** 0.3)
    const put = black76Price({ type: 'put', forward: 1050, strike: 1800, timeToExpiry: 120 / 365, vol, rate: 0 })
    expectNear('put', equity[1]!, 15_000 - 20 * put, { rel: 1e-12 })
  })
  it('reads the vols and forwards of a surface', () => {
    const surface = {
      time,
      spot: 2000,
      expiries: [
        { expiry: time + 30 * DAY, forwardRatio: 1.01, atmVol: 0.8, smile: { kind: 'points' as const, strikes: [2000], vols: [0.8] } },
        {
          expiry: time + 120 * DAY,
          forwardRatio: 1.03,
          atmVol: 0.7,
          smile: { kind: 'points' as const, strikes: [1800, 2000], vols: [0.9, 0.7] },
        },
      ],
    }
    const { equity } = valueBook(book, surface)(still)
    expectNear('future', equity[0]!, -19_000 + 20_200, { abs: 1e-9 })
    const put = black76Price({ type: 'put', forward: 2060, strike: 1800, timeToExpiry: 120 / 365, vol: 0.9, rate: 0 })
    expectNear('put', equity[1]!, 15_000 - 20 * put, { rel: 1e-12 })
  })
  it('is linear in positions', () => {
    fc.assert(
      fc.property(
        arbitrary.portfolio,
        arbitrary.portfolio,
        arbitrary.market,
        fc.double({ min: -0.6, max: 0.6, noNaN: true }),
        (a, b, at, spotMove) => {
          const sum: Portfolio = {
            account: 'sum',
            cash: a.cash + b.cash,
            collateral: a.collateral + b.collateral,
            positions: arbitrary.instruments.flatMap((_, instrument) => {
              const quantity = [a, b]
                .flatMap(({ positions }) => positions)
                .reduce((total, each) => total + (each.instrument === instrument ? each.quantity : 0), 0)
              return quantity === 0 ? [] : [{ instrument, quantity }]
            }),
          }
          const { equity, netDelta } = valueBook(
            { instruments: arbitrary.instruments, portfolios: [a, b, sum] },
            at,
          )({ spotMove, volMultiple: 1.5, basis: 0.01 })
          expectNear([a, b], equity[2]!, equity[0]! + equity[1]!, { abs: 1e-6 })
          expectNear([a, b], netDelta[2]!, netDelta[0]! + netDelta[1]!, { abs: 1e-4 })
        },
      ),
      { ...propertyRuns, numRuns: propertyRuns.numRuns / 4 },
    )
  })
  it('refuses a book outside the margin rule', () => {
    expectInvalid('spot', () => valueBook(book, { ...market, spot: Number.NaN }))
  })
})

describe('stressedShortfalls', () => {
  const value = valueBook(book, market)
  it('is what closing costs beyond equity', () => {
    const [fall] = stressedShortfalls(value, costs, [{ ...still, spotMove: -0.5, depthDivisor: 5, gasMultiple: 20 }])
    // Long 10 at 1,000: equity -9,000; closing 10,000 at half of 0.2 % and 1 % sqrt(10,000 / 1e6), gas 60.
    expectNear('long', fall!.shortfalls[0]!, 9000 + 10_000 * (0.001 + 0.01 * Math.sqrt(1e4 / 1e6)) + 60, { rel: 1e-9 })
    expect(fall!.shortfalls[3]).toBe(50)
    expect(stressedShortfalls(value, costs, [still])[0]!.shortfalls[0]).toBe(0)
  })
  it('grows with thinner books and dearer gas, and is never negative', () => {
    const scenario = fc.record({
      name: fc.constant('any'),
      spotMove: fc.double({ min: -0.9, max: 2, noNaN: true }),
      volMultiple: fc.double({ min: 0.5, max: 3, noNaN: true }),
      basis: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      depthDivisor: fc.double({ min: 1, max: 10, noNaN: true }),
      gasMultiple: fc.double({ min: 1, max: 30, noNaN: true }),
    })
    fc.assert(
      fc.property(scenario, (each) => {
        const [thick, thin] = stressedShortfalls(value, costs, [
          each,
          { ...each, depthDivisor: 3 * each.depthDivisor, gasMultiple: 2 * each.gasMultiple },
        ])
        thick!.shortfalls.forEach((shortfall, i) => {
          expect(shortfall).toBeGreaterThanOrEqual(0)
          expect(thin!.shortfalls[i]!).toBeGreaterThanOrEqual(shortfall)
        })
      }),
      propertyRuns,
    )
  })
  it('refuses scenarios and costs outside their ranges', () => {
    expectInvalid('spotMove of still', () => stressedShortfalls(value, costs, [{ ...still, spotMove: -1 }]))
    expectInvalid('volMultiple of still', () => stressedShortfalls(value, costs, [{ ...still, volMultiple: Number.NaN }]))
    expectInvalid('basis of still', () => stressedShortfalls(value, costs, [{ ...still, basis: 1 }]))
    expectInvalid('depthDivisor of still', () => stressedShortfalls(value, costs, [{ ...still, depthDivisor: 0.5 }]))
    expectInvalid('gasMultiple of still', () => stressedShortfalls(value, costs, [{ ...still, gasMultiple: 0 }]))
    expectInvalid('depthUsd', () => stressedShortfalls(value, { ...costs, depthUsd: 0 }, [still]))
    expectInvalid('gasUsd', () => stressedShortfalls(value, { ...costs, gasUsd: -1 }, [still]))
  })
})

describe('coverRequirement', () => {
  const of = (...lists: number[][]) =>
    lists.map((list, i) => ({ scenario: { ...still, name: `s${i}` }, shortfalls: Float64Array.from(list) }))
  it('is the two largest of the worst scenario', () => {
    expect(coverRequirement(of([1, 5, 3], [4, 4, 0]))).toEqual({
      coverTwo: 8,
      requirement: 8,
      scenario: 's0',
      rule: 'coverTwo',
      total: 9,
      worst: [
        { account: 1, shortfall: 5 },
        { account: 2, shortfall: 3 },
        { account: 0, shortfall: 1 },
      ],
    })
  })
  it('is half of all where many fall short a little', () => {
    expect(coverRequirement(of([3, 3], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1].slice(0, 2)))).toMatchObject({ requirement: 6 })
    expect(coverRequirement(of(Array(20).fill(1) as number[]))).toMatchObject({ coverTwo: 2, requirement: 10, rule: 'halfOfAll' })
    expect(coverRequirement(of(Array(20).fill(1) as number[])).worst).toHaveLength(8)
  })
  it('nobody lowers it below half by splitting an account, while Cover-2 alone goes to nothing', () => {
    const list = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e6, noNaN: true })), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(list, fc.integer({ min: 2, max: 50 }), (shortfalls, pieces) => {
        const whole = coverRequirement(of(shortfalls))
        const split = coverRequirement(of(shortfalls.flatMap((each) => Array(pieces).fill(each / pieces) as number[])))
        expect(split.requirement).toBeGreaterThanOrEqual(0.5 * whole.requirement * (1 - 1e-12))
        expect(split.coverTwo).toBeLessThanOrEqual((2 / pieces) * Math.max(...shortfalls) * (1 + 1e-12))
        expect(whole.requirement).toBeGreaterThanOrEqual(whole.coverTwo)
        expect(whole.requirement).toBeLessThanOrEqual(whole.total * (1 + 1e-12))
      }),
      propertyRuns,
    )
  })
  it('counts accounts of one source as one', () => {
    const merged = mergeBySource(of([1, 2, 3, 4]), ['a', 'b', 'a', 'b'])
    expect([...merged[0]!.shortfalls]).toEqual([4, 6])
    expectInvalid('sources', () => mergeBySource(of([1]), []))
  })
  it('refuses nothing, unequal lengths and negative shortfalls', () => {
    expectInvalid('stressed', () => coverRequirement([]))
    expectInvalid('shortfalls of s1', () => coverRequirement(of([1], [1, 2])))
    expectInvalid('shortfalls[0] of s0', () => coverRequirement(of([-1])))
    expectInvalid('shortfalls[0] of s0', () => coverRequirement(of([Number.NaN])))
  })
})

describe('reverseStress', () => {
  const free = { spread: 0, depthUsd: 1e18, gasUsd: 0 }
  const extremes = stressExtremes['ETH']!
  const longs = { ...book, portfolios: [book.portfolios[0]!] }
  it('given a linear book, finds the fall that empties the fund', () => {
    // Equity 1,000 + 20,000 move; the fund of 2,000 is gone at -15 %. Basis of -5 % per unit helps: the shortest way mixes both.
    const result = reverseStress(valueBook(longs, market), free, extremes, 2000)
    if (result.kind !== 'found') return expect.fail(result.reason)
    expect(result.shortfall).toBeGreaterThanOrEqual(2000)
    expectNear('shortfall', result.shortfall, 2000, { rel: 1e-4 })
    expect(result.scenario.spotMove).toBeLessThan(0)
    expect(result.components.vol).toBe(0)
    // The gradient is (0.58, 0.05) in components, so the true minimum is 0.15 / |gradient| to first order, and the grid is at most a few per cent off.
    const alone = 0.15 / 0.58
    expect(result.size).toBeLessThanOrEqual(alone * (1 + 1e-6))
    expect(result.size).toBeGreaterThanOrEqual((0.15 / Math.hypot(0.58, 0.05)) * 0.97)
  })
  it('given short options, finds vol', () => {
    const puts = { ...book, portfolios: [{ ...book.portfolios[1]!, cash: 6000 }] }
    const result = reverseStress(valueBook(puts, market), free, extremes, 500)
    if (result.kind !== 'found') return expect.fail(result.reason)
    expect(result.components.vol).toBeGreaterThan(0)
    const { shortfalls } = stressedShortfalls(valueBook(puts, market), free, [result.scenario])[0]!
    expect(shortfalls[0]).toBe(result.shortfall)
  })
  it('finds nothing smaller on a dense grid around', () => {
    const value = valueBook(book, market)
    const result = reverseStress(value, costs, extremes, 20_000)
    if (result.kind !== 'found') return expect.fail(result.reason)
    const sums: number[] = []
    for (let a = -8; a <= 8; a++)
      for (let b = 0; b <= 4; b++)
        for (let c = -4; c <= 4; c++) {
          const raw = [a / 8, b / 8, c / 8] as const
          const length = Math.hypot(...raw)
          if (length === 0) continue
          const [spot, vol, basis] = raw.map((each) => (each / length) * result.size * 0.9) as [number, number, number]
          const scenario = {
            ...still,
            spotMove: spot * (spot < 0 ? extremes.fall : extremes.rise),
            volMultiple: 1 + 1.2 * vol,
            basis: 0.05 * basis,
          }
          sums.push(stressedShortfalls(value, costs, [scenario])[0]!.shortfalls.reduce((sum, each) => sum + each, 0))
        }
    expect(Math.max(...sums)).toBeLessThan(20_000)
  })
  it('says so when the fund outlasts the search', () => {
    const cash = { ...book, portfolios: [{ account: 'cash', cash: 1e6, collateral: 0, positions: [] }] }
    expect(reverseStress(valueBook(cash, market), costs, extremes, 1)).toMatchObject({
      kind: 'unavailable',
      reason: 'fundOutlastsSearch',
      shortfall: 0,
    })
  })
  it('a larger fund takes a larger stress', () => {
    const value = valueBook(book, market)
    const sizes = [100, 5000, 20_000].map((fund) => {
      const result = reverseStress(value, costs, extremes, fund)
      return result.kind === 'found' ? result.size : Number.POSITIVE_INFINITY
    })
    expect(sizes[0]).toBeLessThan(sizes[1]!)
    expect(sizes[1]).toBeLessThan(sizes[2]!)
  })
  it('refuses a fund that is none', () => {
    expectInvalid('fund', () => reverseStress(valueBook(book, market), costs, extremes, 0))
    expectInvalid('spread', () => reverseStress(valueBook(book, market), { ...costs, spread: -1 }, extremes, 1))
  })
})
