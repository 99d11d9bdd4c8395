import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  amihud,
  bulkVpin,
  corwinSchultz,
  corwinSchultzOfBars,
  kyleLambda,
  orderFlowImbalance,
  rollSpread,
  volumeBuckets,
} from '../../../risk/liquidity/index.ts'
import { corwinSchultzCase, kyleCase, orderFlowCase, rollCase, vpinCase } from '../reference/liquidity.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { referenceNormals, uniforms } from '../support/uniforms.ts'

const bar = (i: number, high: number, low: number, close = (high + low) / 2) => ({ start: 60 * i, end: 60 * i + 60, high, low, close })

describe('corwinSchultz', () => {
  const [first, second] = corwinSchultzCase.high.map((high, i) => ({ high, low: corwinSchultzCase.low[i]! })) as [
    { high: number; low: number },
    { high: number; low: number },
  ]
  it(corwinSchultzCase.id, () => {
    const got = corwinSchultz(first, second)
    for (const part of ['spread', 'alpha', 'beta', 'gamma'] as const)
      expectNear(`${corwinSchultzCase.id} ${part}`, got[part], corwinSchultzCase.expected[part], { rel: corwinSchultzCase.rel })
  })
  it('agrees with the same formula in hyperbolic form and platform arithmetic on a dense grid', () => {
    const u = uniforms(11, 8000)
    for (let i = 0; i + 3 < u.length; i += 4) {
      const a = { low: 50 + 100 * u[i]!, high: 0 }
      a.high = a.low * (1 + 0.2 * u[i + 1]!)
      const b = { low: a.low * (0.9 + 0.2 * u[i + 2]!), high: 0 }
      b.high = b.low * (1 + 0.2 * u[i + 3]!)
      const k = 3 - 2 * Math.SQRT2
      const beta = Math.log(a.high / a.low) ** 2 + Math.log(b.high / b.low) ** 2
      const gamma = Math.log(Math.max(a.high, b.high) / Math.min(a.low, b.low)) ** 2
      const alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / k - Math.sqrt(gamma / k)
      expectNear([a, b], corwinSchultz(a, b).spread, 2 * Math.tanh(alpha / 2), { abs: 1e-13 })
    }
  })
  it('finds the spread that was put on a walk: highs are buys, lows are sells', () => {
    // 400 trades a period, 2,000 periods; the authors report a small downward bias.
    const spread = 0.01
    const normals = referenceNormals(7, 2000 * 400)
    let log = 0
    const bars = Array.from({ length: 2000 }, (_, i) => {
      let [high, low] = [0, Number.POSITIVE_INFINITY]
      for (let j = 0; j < 400; j++) {
        log += (0.02 / Math.sqrt(400)) * normals[400 * i + j]!
        high = Math.max(high, Math.exp(log) * (1 + spread / 2))
        low = Math.min(low, Math.exp(log) * (1 - spread / 2))
      }
      return bar(i, high, low, Math.exp(log))
    })
    const kept = bars.slice(1).reduce((sum, each, i) => sum + corwinSchultz(bars[i]!, each).spread, 0) / 1999
    expectNear('recovered', kept, spread, { rel: 0.25 })
    const zeroed = corwinSchultzOfBars(bars)
    expect(zeroed).toMatchObject({ kind: 'measured', pairs: 1999 })
    expect(zeroed.kind === 'measured' ? zeroed.spread : 0).toBeGreaterThan(kept)
  })
  it('keeps a negative pair, and counts it as zero in a mean', () => {
    const [calm, far] = [bar(0, 100.1, 100, 100.1), bar(1, 102.1, 100.05, 101)]
    expect(corwinSchultz({ high: 101, low: 100 }, { high: 103, low: 102 }).spread).toBeLessThan(0)
    const got = corwinSchultzOfBars([calm, far])
    expect(got).toEqual({ kind: 'measured', spread: 0, pairs: 1, negative: 1 })
  })
  it('shifts a bar that opened beyond the close before it', () => {
    const apart = corwinSchultzOfBars([bar(0, 101, 100, 100.5), bar(1, 111, 110.5)])
    const joined = corwinSchultzOfBars([bar(0, 101, 100, 100.5), bar(1, 101, 100.5)])
    const below = corwinSchultzOfBars([bar(0, 101, 100, 100.5), bar(1, 90.5, 90)])
    expect(apart).toEqual(joined)
    expect(below).toEqual(corwinSchultzOfBars([bar(0, 101, 100, 100.5), bar(1, 100.5, 100)]))
  })
  it('leaves gaps out, and says so when nothing is left', () => {
    expect(corwinSchultzOfBars([bar(0, 2, 1), bar(5, 2, 1)])).toEqual({ kind: 'unavailable', reason: 'noAdjacentBars' })
    expect(corwinSchultzOfBars([bar(0, 2, 1), bar(5, 2, 1), bar(6, 2, 1)])).toMatchObject({ pairs: 1 })
  })
  it('is scale free and stays inside (-2, 2)', () => {
    const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
    const widths = fc.double({ min: 0, max: 5, noNaN: true })
    fc.assert(
      fc.property(price, widths, price, widths, (a, x, b, y) => {
        const [p, q] = [
          { low: a, high: a * (1 + x) },
          { low: b, high: b * (1 + y) },
        ]
        const { spread } = corwinSchultz(p, q)
        expect(Math.abs(spread)).toBeLessThanOrEqual(2)
        const scaled = corwinSchultz({ low: 8 * p.low, high: 8 * p.high }, { low: 8 * q.low, high: 8 * q.high })
        expectNear([p, q], scaled.spread, spread, { abs: 1e-12 })
      }),
      propertyRuns,
    )
  })
  it('refuses what is no bar, disorder and too few', () => {
    expectInvalid('first.high', () => corwinSchultz({ high: 1, low: 2 }, { high: 1, low: 1 }))
    expectInvalid('second.low', () => corwinSchultz({ high: 1, low: 1 }, { high: 1, low: 0 }))
    expectInvalid('first.high', () => corwinSchultz({ high: Number.POSITIVE_INFINITY, low: 1 }, { high: 1, low: 1 }))
    expectInvalid('bars', () => corwinSchultzOfBars([bar(0, 2, 1)]))
    expectInvalid('bars[1].start', () => corwinSchultzOfBars([bar(1, 2, 1), bar(0, 2, 1)]))
    expectInvalid('bars[1].close', () => corwinSchultzOfBars([bar(0, 2, 1), bar(1, 2, 1, Number.NaN)]))
  })
})

describe('rollSpread', () => {
  it(rollCase.id, () => {
    const got = rollSpread(rollCase.prices)
    expect(got.kind).toBe('measured')
    expectNear(rollCase.id, got.autocovariance, rollCase.expected.autocovariance, { rel: rollCase.rel })
    expectNear(rollCase.id, got.kind === 'measured' ? got.spread : 0, rollCase.expected.spread, { rel: rollCase.rel })
  })
  it('agrees with the covariance from raw moments on random prices', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 90, max: 110, noNaN: true }), { minLength: 4, maxLength: 60 }), (prices) => {
        const d = prices.slice(1).map((price, i) => price - prices[i]!)
        const n = d.length - 1
        const [x, y] = [d.slice(1), d.slice(0, -1)]
        const sum = (list: number[]) => list.reduce((total, value) => total + value, 0)
        const raw = (sum(x.map((value, i) => value * y[i]!)) - (sum(x) * sum(y)) / n) / (n - 1)
        const got = rollSpread(prices)
        expectNear(prices, got.autocovariance, raw, { abs: 1e-9 })
        if (got.kind === 'measured') expectNear(prices, got.spread ** 2, -4 * got.autocovariance, { abs: 1e-9 })
        else expect(got.autocovariance).toBeGreaterThanOrEqual(0)
      }),
      propertyRuns,
    )
  })
  it('finds the spread of a bid-ask bounce on a walk', () => {
    const normals = referenceNormals(3, 40_000)
    const sides = uniforms(5, 40_000)
    let mid = 1000
    const prices = normals.map((z, i) => {
      mid += 0.02 * z
      return mid + (sides[i]! < 0.5 ? -0.05 : 0.05)
    })
    const got = rollSpread(prices)
    expectNear('bounce', got.kind === 'measured' ? got.spread : 0, 0.1, { rel: 0.02 })
  })
  it('has no spread where prices trend or never move', () => {
    expect(rollSpread([1, 2, 4, 8, 16])).toMatchObject({ kind: 'unavailable', reason: 'autocovarianceNotNegative' })
    expect(rollSpread([5, 5, 5, 5])).toEqual({ kind: 'unavailable', reason: 'autocovarianceNotNegative', autocovariance: 0 })
  })
  it('refuses too few and what is no price', () => {
    expectInvalid('prices', () => rollSpread([1, 2, 3]))
    expectInvalid('prices[2]', () => rollSpread([1, 2, 0, 4]))
    expectInvalid('prices[0]', () => rollSpread([Number.NaN, 2, 3, 4]))
  })
})

describe('kyleLambda', () => {
  it(kyleCase.id, () => {
    const got = kyleLambda(kyleCase.priceChange, kyleCase.signedVolume)
    if (got.kind !== 'measured') return expect.fail(got.reason)
    for (const part of ['slope', 'intercept', 'r2'] as const)
      expectNear(`${kyleCase.id} ${part}`, got[part], kyleCase.expected[part], { rel: kyleCase.rel })
  })
  it('agrees with the normal equations in raw moments', () => {
    const value = fc.double({ min: -100, max: 100, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 3, maxLength: 40 }), (rows) => {
        const [y, x] = [rows.map(([first]) => first), rows.map(([, second]) => second)]
        const n = rows.length
        const sum = (list: number[]) => list.reduce((total, each) => total + each, 0)
        const determinant = n * sum(x.map((each) => each * each)) - sum(x) ** 2
        fc.pre(determinant > 1)
        const slope = (n * sum(x.map((each, i) => each * y[i]!)) - sum(x) * sum(y)) / determinant
        const intercept = (sum(y) - slope * sum(x)) / n
        const rss = sum(y.map((each, i) => (each - intercept - slope * x[i]!) ** 2))
        const got = kyleLambda(y, x)
        if (got.kind !== 'measured') return expect.fail(got.reason)
        expectNear(rows, got.slope, slope, { abs: 1e-6 * (1 + Math.abs(slope)) })
        expectNear(rows, got.intercept, intercept, { abs: 1e-6 * (1 + Math.abs(intercept)) })
        expectNear(rows, got.standardError!, Math.sqrt((rss / (n - 2) / determinant) * n), { abs: 1e-5 * (1 + got.standardError!) })
        expect(got.r2).toBeGreaterThanOrEqual(0)
        expect(got.r2).toBeLessThanOrEqual(1)
      }),
      propertyRuns,
    )
  })
  it('two observations leave no error to estimate; constant volume no slope; constant prices explain nothing', () => {
    expect(kyleLambda([0, 1], [0, 2])).toEqual({ kind: 'measured', slope: 0.5, intercept: 0, r2: 1, standardError: null })
    expect(kyleLambda([1, 2, 3], [7, 7, 7])).toEqual({ kind: 'unavailable', reason: 'constantVolume' })
    expect(kyleLambda([1, 1, 1], [1, 2, 3])).toMatchObject({ slope: 0, r2: 0, standardError: 0 })
  })
  it('refuses unequal lengths, too few and bad numbers', () => {
    expectInvalid('signedVolumes', () => kyleLambda([1, 2], [1]))
    expectInvalid('priceChanges', () => kyleLambda([1], [1]))
    expectInvalid('priceChanges', () => kyleLambda([], []))
    expectInvalid('signedVolumes[1]', () => kyleLambda([1, 2], [1, Number.POSITIVE_INFINITY]))
  })
})

describe('orderFlowImbalance', () => {
  const quotes = orderFlowCase.rows.map(([bid, bidSize, ask, askSize]) => ({ bid, bidSize, ask, askSize }))
  it(orderFlowCase.id, () => expect(orderFlowImbalance(quotes)).toEqual(orderFlowCase.expected))
  it('agrees with the case by case definition, and mirrors when sides are swapped', () => {
    const tick = fc.record({
      bid: fc.integer({ min: 90, max: 99 }),
      bidSize: fc.nat(50),
      ask: fc.integer({ min: 101, max: 110 }),
      askSize: fc.nat(50),
    })
    fc.assert(
      fc.property(fc.array(tick, { minLength: 2, maxLength: 30 }), (list) => {
        const cases = list.slice(1).map((now, i) => {
          const before = list[i]!
          const bid = now.bid > before.bid ? now.bidSize : now.bid < before.bid ? 0 - before.bidSize : now.bidSize - before.bidSize
          const ask = now.ask < before.ask ? now.askSize : now.ask > before.ask ? 0 - before.askSize : now.askSize - before.askSize
          return bid - ask
        })
        const { events, total } = orderFlowImbalance(list)
        expect(events).toEqual(cases)
        expect(total).toBe(cases.reduce((sum, event) => sum + event, 0))
        const mirrored = list.map(({ bid, bidSize, ask, askSize }) => ({
          bid: 200 - ask,
          bidSize: askSize,
          ask: 200 - bid,
          askSize: bidSize,
        }))
        expect(orderFlowImbalance(mirrored).total + total).toBe(0)
      }),
      propertyRuns,
    )
  })
  it('refuses one quote, crossed quotes and bad sizes', () => {
    expectInvalid('quotes', () => orderFlowImbalance([quotes[0]!]))
    expectInvalid('quotes[1].bid', () => orderFlowImbalance([quotes[0]!, { ...quotes[1]!, bid: 101 }]))
    expectInvalid('quotes[0].askSize', () => orderFlowImbalance([{ ...quotes[0]!, askSize: -1 }, quotes[1]!]))
    expectInvalid('quotes[0].bidSize', () => orderFlowImbalance([{ ...quotes[0]!, bidSize: Number.NaN }, quotes[1]!]))
  })
})

describe('bulkVpin and volumeBuckets', () => {
  /** Simpson's rule over the density from -10: shares nothing with the library's distribution. */
  const simpson = (to: number): number => {
    const n = 2000
    const step = (to + 10) / n
    let sum = 0
    for (let i = 0; i <= n; i++) {
      const x = -10 + i * step
      sum += (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-0.5 * x * x)
    }
    return (sum * step) / 3 / Math.sqrt(2 * Math.PI)
  }
  it(vpinCase.id, () => {
    const got = bulkVpin(vpinCase.priceChange, vpinCase.sigma, vpinCase.bucketVolume)
    got.bought.forEach((bought, i) => {
      expectNear(vpinCase.id, bought, vpinCase.expected.bought[i]!, { rel: vpinCase.rel })
    })
    expectNear(vpinCase.id, got.vpin, vpinCase.expected.vpin, { rel: vpinCase.rel })
  })
  it('agrees with the integral of the density', () => {
    const scores = uniforms(17, 40).map((u) => 8 * u - 4)
    const { bought, vpin } = bulkVpin(scores, 1, 1)
    const expected = scores.map(simpson)
    bought.forEach((share, i) => {
      expectNear(scores[i], share, expected[i]!, { abs: 1e-10 })
    })
    expectNear('vpin', vpin, expected.reduce((sum, share) => sum + Math.abs(2 * share - 1), 0) / scores.length, { abs: 1e-10 })
  })
  it('is 0 without moves, near 1 when every bucket trends, and never outside', () => {
    expect(bulkVpin([0, 0], 1, 5)).toEqual({ bought: [2.5, 2.5], vpin: 0 })
    expect(bulkVpin([9, -9], 1, 1).vpin).toBeGreaterThan(0.999)
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e20, max: 1e20, noNaN: true }), { minLength: 1, maxLength: 20 }), (changes) => {
        const { vpin } = bulkVpin(changes, 0.5, 10)
        expect(vpin).toBeGreaterThanOrEqual(0)
        expect(vpin).toBeLessThanOrEqual(1)
      }),
      propertyRuns,
    )
  })
  it('cuts bars at equal volumes, at interpolated prices', () => {
    const bars = [
      { end: 1, close: 100, volume: 99 },
      { end: 2, close: 104, volume: 4 },
      { end: 3, close: 104, volume: 0 },
      { end: 4, close: 100, volume: 8 },
    ]
    expect(volumeBuckets(bars, 3)).toEqual([3, 0, -1.5, -1.5])
    expect(volumeBuckets(bars, 100)).toEqual([])
  })
  it('buckets tell the same however the bars are cut', () => {
    const step = fc.record({ change: fc.integer({ min: -8, max: 8 }), volume: fc.integer({ min: 1, max: 9 }) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 12 }), (steps, size) => {
        const bars = [{ end: 0, close: 100, volume: 1 }]
        const halves = [{ end: 0, close: 100, volume: 1 }]
        for (const { change, volume } of steps) {
          const { end, close } = bars.at(-1)!
          bars.push({ end: end + 2, close: close + change, volume })
          halves.push(
            { end: end + 1, close: close + change / 2, volume: volume / 2 },
            { end: end + 2, close: close + change, volume: volume / 2 },
          )
        }
        fc.pre(bars.every(({ close }) => close > 0))
        const [whole, cut] = [volumeBuckets(bars, size), volumeBuckets(halves, size)]
        expect(cut).toHaveLength(whole.length)
        whole.forEach((change, i) => {
          expectNear(steps, cut[i]!, change, { abs: 1e-9 })
        })
      }),
      propertyRuns,
    )
  })
  it('refuses bad numbers', () => {
    expectInvalid('priceChanges', () => bulkVpin([], 1, 1))
    expectInvalid('sigma', () => bulkVpin([1], 0, 1))
    expectInvalid('bucketVolume', () => bulkVpin([1], 1, Number.NaN))
    expectInvalid('bars', () => volumeBuckets([{ end: 1, close: 1, volume: 1 }], 1))
    const two = [
      { end: 1, close: 1, volume: 1 },
      { end: 2, close: 1, volume: 1 },
    ]
    expectInvalid('bucketVolume', () => volumeBuckets(two, 0))
    expectInvalid('bars[1].volume', () => volumeBuckets([two[0]!, { ...two[1]!, volume: -1 }], 1))
    expectInvalid('bars[1].end', () => volumeBuckets([two[0]!, { ...two[1]!, end: 1 }], 1))
  })
})

describe('amihud', () => {
  it('refuses a volume so small that the ratio is no number', () => expectInvalid('volumes[0]', () => amihud([1], [1e-310])))
})
