import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addHour,
  annualise,
  closeToClose,
  emptyVarianceMix,
  ewmaDecay,
  ewmaStep,
  garmanKlass,
  hourlyVariance,
  parkinson,
  realizedVol,
  sigmaMix,
  type VarianceMix,
} from '../../../risk/volatility/index.ts'
import { ewma, ohlc } from '../reference/ohlc.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { referenceNormals } from '../support/uniforms.ts'

const table = ohlc.bars.map(([open, high, low, close]) => ({ open, high, low, close }))
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const anyBar = fc
  .record({
    open: fc.double({ min: 1, max: 1e5, noNaN: true }),
    move: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    up: fc.double({ min: 0, max: 0.2, noNaN: true }),
    down: fc.double({ min: 0, max: 0.2, noNaN: true }),
  })
  .map(({ open, move, up, down }) => {
    const close = open * (1 + move)
    return { open, close, high: Math.max(open, close) * (1 + up), low: Math.min(open, close) * (1 - down) }
  })

describe('range estimators on case rv-01', () => {
  const used = table.slice(1)
  it('Parkinson', () => expectNear('rv-01', Math.sqrt(252 * mean(used.map(parkinson))), ohlc.parkinson, { rel: ohlc.rel }))
  it('Garman-Klass', () => expectNear('rv-01', Math.sqrt(252 * mean(used.map(garmanKlass))), ohlc.garmanKlass, { rel: ohlc.rel }))
  it('close to close with zero mean', () => {
    const got = Math.sqrt(252 * mean(used.map((bar, i) => closeToClose(table[i]!.close, bar.close))))
    expectNear('rv-01', got, ohlc.closeZeroMean, { rel: ohlc.rel })
  })
})

describe('each estimator against its formula written with the platform logarithm', () => {
  it('agrees to 1e-12', () => {
    fc.assert(
      fc.property(anyBar, fc.double({ min: 1, max: 1e5, noNaN: true }), (bar, before) => {
        const { open, high, low, close } = bar
        const tolerance = { abs: 1e-14 + 1e-12 * Math.log(high / low) ** 2 }
        expectNear(bar, parkinson(bar), Math.log(high / low) ** 2 / (4 * Math.log(2)), tolerance)
        expectNear(bar, garmanKlass(bar), Math.log(high / low) ** 2 / 2 - (2 * Math.log(2) - 1) * Math.log(close / open) ** 2, tolerance)
        expectNear(
          { before, bar },
          hourlyVariance(bar, before),
          (Math.log(close / before) ** 2 + Math.log(high / low) ** 2 / (4 * Math.log(2))) / 2,
          { rel: 1e-12 },
        )
      }),
      propertyRuns,
    )
  })
  it('scales with price and never goes below zero', () => {
    fc.assert(
      fc.property(anyBar, fc.double({ min: 0.01, max: 100, noNaN: true }), (bar, factor) => {
        const scaled = { open: bar.open * factor, high: bar.high * factor, low: bar.low * factor, close: bar.close * factor }
        fc.pre(scaled.high >= Math.max(scaled.open, scaled.close) && scaled.low <= Math.min(scaled.open, scaled.close))
        for (const estimator of [parkinson, garmanKlass]) {
          expect(estimator(bar)).toBeGreaterThanOrEqual(0)
          expectNear({ bar, factor }, estimator(scaled), estimator(bar), { abs: 1e-14 })
        }
      }),
      propertyRuns,
    )
  })
  it('sees the variance of a driftless path within sampling error (seed 7)', () => {
    const steps = referenceNormals(7, 400 * 200)
    const bars = Array.from({ length: 400 }, (_, i) => {
      const path = [0]
      for (let j = 0; j < 200; j++) path.push(path[j]! + 0.001 * steps[i * 200 + j]!)
      const prices = path.map((x) => 1000 * Math.exp(x))
      // A path seen 200 times misses 0.5826 of a step at each extreme on average (Broadie, Glasserman and Kou 1997).
      const missed = Math.exp(0.5826 * 0.001)
      return { open: prices[0]!, close: prices[200]!, high: Math.max(...prices) * missed, low: Math.min(...prices) / missed }
    })
    // 200 steps of 0.1 %: variance 2e-4. Four standard errors over 400 bars, from efficiencies of 5.2 and 7.4 against close to close.
    expectNear('Parkinson', mean(bars.map(parkinson)), 2e-4, { rel: 4 * Math.sqrt(2 / 5.2 / 400) })
    expectNear('Garman-Klass', mean(bars.map(garmanKlass)), 2e-4, { rel: 4 * Math.sqrt(2 / 7.4 / 400) })
  })
})

describe('hourlyVariance', () => {
  it('without a bar before takes the bar’s own open, and a gap counts with one', () => {
    const bar = { open: 100, high: 101, low: 99, close: 100 }
    expect(hourlyVariance(bar)).toBe(0.5 * parkinson(bar))
    expect(hourlyVariance(bar, 90)).toBeGreaterThan(hourlyVariance(bar))
  })
})

describe('EWMA', () => {
  it('rv-05: follows the RiskMetrics recursion', () => {
    const got = ewma.returns.reduce<number>((variance, r) => ewmaStep(variance, r * r, ewma.decay), ewma.initialVariance)
    expectNear('rv-05', got, ewma.expected, { rel: ewma.rel })
  })
  it('halves the weight of a bar after its half-life', () => {
    for (const halfLife of [1, 24, 168, 720]) {
      let weight = 1
      for (let i = 0; i < halfLife; i++) weight *= ewmaDecay(halfLife)
      expectNear({ halfLife }, weight, 0.5, { rel: 1e-12 })
    }
  })
  it('refuses a decay outside [0, 1], a negative variance, and a half-life of zero', () => {
    expectInvalid('decay', () => ewmaStep(1, 1, 1.1))
    expectInvalid('previous variance', () => ewmaStep(-1, 1, 0.5))
    expectInvalid('next variance', () => ewmaStep(1, Number.NaN, 0.5))
    expectInvalid('halfLife', () => ewmaDecay(0))
  })
})

describe('variance mix', () => {
  const fold = (values: number[]): VarianceMix => values.reduce((mix, value) => addHour(mix, value), emptyVarianceMix)

  it('is the plain mean of what it saw while it has seen less than its memory', () => {
    const mix = fold([1, 3, 8])
    expect(mix.hours).toBe(3)
    for (const name of ['day1', 'day7', 'day30'] as const) expectNear(name, mix[name], 4, { rel: 1e-15 })
  })
  it('afterwards gives half its weight to the last half-life', () => {
    const calm = fold(Array.from({ length: 20_000 }, () => 1))
    const hours = (n: number): VarianceMix => Array.from({ length: n }, () => 3).reduce((mix, value) => addHour(mix, value), calm)
    expectNear('day1', hours(24).day1, 2, { rel: 1e-12 })
    expectNear('day7', hours(168).day7, 2, { rel: 1e-12 })
    expectNear('day30', hours(720).day30, 2, { rel: 1e-12 })
  })
  it('weighs 0.5, 0.3 and 0.2', () => {
    expectNear('sigma', sigmaMix({ day1: 4, day7: 9, day30: 25 }), Math.sqrt(2 + 2.7 + 5), { rel: 1e-15 })
    expect(sigmaMix(emptyVarianceMix)).toBe(0)
  })
  it('stays between the smallest and the largest hour', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-12, max: 1, noNaN: true }), { minLength: 1, maxLength: 100 }), (values) => {
        const sigma = sigmaMix(fold(values))
        expect(sigma * sigma, JSON.stringify(values)).toBeGreaterThanOrEqual(Math.min(...values) * (1 - 1e-12))
        expect(sigma * sigma, JSON.stringify(values)).toBeLessThanOrEqual(Math.max(...values) * (1 + 1e-12))
      }),
      propertyRuns,
    )
  })
  it('refuses what is not a variance', () => {
    expectInvalid('next variance', () => addHour(emptyVarianceMix, -1e-9))
    expectInvalid('day7 variance', () => sigmaMix({ day1: 0, day7: Number.NaN, day30: 0 }))
  })
})

describe('realizedVol', () => {
  const bars = (closes: number[]) => closes.map((close, i) => ({ end: 3600 * (i + 1), close }))
  it('annualises the mean squared return of the last bars', () => {
    const got = realizedVol(bars([50, 100, 101, 99.99]), 2)
    expectNear('hand', got, Math.sqrt(((Math.log(1.01) ** 2 + Math.log(99.99 / 101) ** 2) / 2) * 8760), { rel: 1e-12 })
  })
  it('counts a gap as the time it took', () => {
    const gapped = [
      { end: 0, close: 100 },
      { end: 3600, close: 101 },
      { end: 6 * 3600, close: 103 },
    ]
    const squares = Math.log(1.01) ** 2 + Math.log(103 / 101) ** 2
    expectNear('gap', realizedVol(gapped, 2), Math.sqrt((squares / 6) * 8760), { rel: 1e-12 })
  })
  it('refuses too few bars, disorder, a bad count and a bad close', () => {
    expectInvalid('bars', () => realizedVol(bars([1, 2]), 2))
    expectInvalid('count', () => realizedVol(bars([1, 2]), 0))
    expectInvalid('bars[2].end', () =>
      realizedVol(
        [
          { end: 1, close: 1 },
          { end: 2, close: 1 },
          { end: 2, close: 1 },
        ],
        2,
      ),
    )
    expectInvalid('close', () => realizedVol(bars([1, Number.NaN]), 1))
    expectInvalid('barSeconds', () => annualise(1, 0))
    expectInvalid('variancePerBar', () => annualise(-1, 3600))
  })
})

describe('bars that are no bars', () => {
  const bar = { open: 100, high: 110, low: 90, close: 105 }
  it.each([
    ['bar.open', { open: 0 }],
    ['bar.open', { open: Number.NaN }],
    ['bar.high', { high: Number.POSITIVE_INFINITY }],
    ['bar.low', { low: -1 }],
    ['bar.close', { close: Number.NaN }],
    ['bar.high', { high: 104 }],
    ['bar.low', { low: 101 }],
  ] as const)('name %s in %j', (argument, change) => {
    for (const estimator of [parkinson, garmanKlass, hourlyVariance]) expectInvalid(argument, () => estimator({ ...bar, ...change }))
  })
  it('refuses closes that are not prices', () => {
    expectInvalid('previousClose', () => closeToClose(0, 1))
    expectInvalid('close', () => closeToClose(1, Number.NaN))
  })
})
