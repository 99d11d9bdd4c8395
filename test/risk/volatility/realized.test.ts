import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bipowerVariation,
  closeToClose,
  fitHar,
  garmanKlassYangZhang,
  type HarFit,
  jumpTest,
  medRv,
  minRv,
  realizedQuarticity,
  realizedSemivariance,
  realizedVariance,
  rogersSatchell,
  sampleVariance,
  tripowerQuarticity,
  yangZhang,
} from '../../../risk/volatility/index.ts'
import { ohlc } from '../reference/ohlc.ts'
import { garchSimulated, har, intraday, ohlcFurther } from '../reference/volatility.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { referenceGarch } from '../support/simulateGarch.ts'
import { referenceNormals } from '../support/uniforms.ts'

const table = ohlc.bars.map(([open, high, low, close]) => ({ open, high, low, close }))
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const yearly = (variance: number): number => Math.sqrt(252 * variance)
type TestBar = { readonly open: number; readonly high: number; readonly low: number; readonly close: number }

/**
 * Bars of a geometric Brownian path of `steps` steps with sigma 1 % a bar and a drift, each opening at a gap from the close before. The extremes carry the 0.5826 step that a path
 * seen at discrete times misses (Broadie, Glasserman and Kou 1997).
 */
function brownianBars(seed: number, count: number, steps: number, drift: number, gap: number): TestBar[] {
  const draws = referenceNormals(seed, count * (steps + 1))
  const step = 0.01 / Math.sqrt(steps)
  let x = 0
  return Array.from({ length: count }, (_, i) => {
    x += gap * draws[i * (steps + 1)]!
    const open = x
    let [high, low] = [x, x]
    for (let j = 1; j <= steps; j++) {
      x += drift / steps + step * draws[i * (steps + 1) + j]!
      high = Math.max(high, x)
      low = Math.min(low, x)
    }
    const missed = 0.5826 * step
    return { open: Math.exp(open), high: Math.exp(high + missed), low: Math.exp(low - missed), close: Math.exp(x) }
  })
}

describe('estimators from bars, case rv-01', () => {
  const used = table.slice(1)
  const { rel } = ohlcFurther
  it('Rogers-Satchell', () => expectNear('rv-01', yearly(mean(used.map(rogersSatchell))), ohlcFurther.rogersSatchell, { rel }))
  it('Garman-Klass-Yang-Zhang', () =>
    expectNear('rv-01', yearly(mean(used.map((bar, i) => garmanKlassYangZhang(bar, table[i]!.close)))), ohlcFurther.garmanKlassYangZhang, {
      rel,
    }))
  it('Yang-Zhang', () => expectNear('rv-01', yearly(yangZhang(table)), ohlcFurther.yangZhang, { rel }))
  it('Yang-Zhang is its three parts at the table’s weight', () => {
    const k = ohlcFurther.yangZhangWeight
    const gaps = sampleVariance(used.map((bar, i) => Math.log(bar.open / table[i]!.close)))
    const moves = sampleVariance(used.map((bar) => Math.log(bar.close / bar.open)))
    expectNear('rv-01', yangZhang(table), gaps + k * moves + (1 - k) * mean(used.map(rogersSatchell)), { rel: 1e-12 })
  })
  it('close to close about its mean', () => {
    const moves = used.map((bar, i) => Math.log(bar.close / table[i]!.close))
    expectNear('rv-01', yearly(sampleVariance(moves)), ohlcFurther.closeSampleDeviation, { rel })
    expectNear('rv-01', yearly(mean(used.map((bar, i) => closeToClose(table[i]!.close, bar.close)))), ohlc.closeZeroMean, { rel })
  })
})

describe('estimators from bars on simulated paths (seeds 41 to 43, 2,000 bars)', () => {
  // Four standard errors from efficiencies of 6 (Rogers-Satchell) and 8 (Yang-Zhang) against close to close, plus 1 % for discrete paths.
  const limit = (efficiency: number): { readonly rel: number } => ({ rel: 4 * Math.sqrt(2 / efficiency / 2000) + 0.01 })
  it('Rogers-Satchell does not see the drift, Garman-Klass does', () => {
    const bars = brownianBars(41, 2000, 100, 0.02, 0)
    expectNear('Rogers-Satchell', mean(bars.map(rogersSatchell)), 1e-4, limit(6))
    expect(mean(bars.map((bar) => garmanKlassYangZhang(bar, bar.open)))).toBeGreaterThan(1.3e-4)
  })
  it('Yang-Zhang adds the variance of the gaps', () => {
    const bars = brownianBars(42, 2000, 100, 0.005, 0.007)
    expectNear('Yang-Zhang', yangZhang(bars), 1.49e-4, limit(4))
  })
  it('Yang-Zhang varies less than close to close over samples of 20 bars', () => {
    const bars = brownianBars(43, 2000, 100, 0, 0.003)
    const blocks = Array.from({ length: 90 }, (_, i) => bars.slice(i * 21, i * 21 + 21))
    const close = blocks.map((block) => sampleVariance(block.slice(1).map((bar, i) => Math.log(bar.close / block[i]!.close))))
    expect(sampleVariance(blocks.map(yangZhang))).toBeLessThan(sampleVariance(close) / 4)
  })
})

describe('estimators within a span, case rv-03', () => {
  const { returns, rel } = intraday
  it('all figures', () => {
    expectNear('RV', realizedVariance(returns), intraday.realizedVariance, { rel })
    expectNear('BV', bipowerVariation(returns), intraday.bipower, { rel })
    expectNear('BV without correction', bipowerVariation(returns) * (11 / 12), intraday.bipowerUncorrected, { rel })
    expectNear('MinRV', minRv(returns), intraday.minRv, { rel })
    expectNear('MedRV', medRv(returns), intraday.medRv, { rel })
    expectNear('RQ', realizedQuarticity(returns), intraday.quarticity, { rel })
    expectNear('TQ', tripowerQuarticity(returns), intraday.tripowerQuarticity, { rel })
    expectNear('semivariance', realizedSemivariance(returns).down, intraday.downSemivariance, { rel })
    const test = jumpTest(returns)
    expectNear('statistic', test.statistic, intraday.statistic, { rel })
    expectNear('share', test.jump / (test.jump + test.continuous), intraday.jumpShare, { rel })
    expect(test.pValue).toBeLessThan(0.001)
  })
})

describe('estimators within a span', () => {
  // Fourth powers of anything smaller leave the range of doubles, and scaling with them.
  const oneReturn = fc.double({ min: -0.1, max: 0.1, noNaN: true, noDefaultInfinity: true }).map((v) => (Math.abs(v) < 1e-30 ? 0 : v))
  const returns = fc.array(oneReturn, { minLength: 3, maxLength: 60 })
  const estimators = { realizedVariance, bipowerVariation, minRv, medRv } as const
  it('are homogeneous of degree two, quarticities of degree four, and never negative', () => {
    fc.assert(
      fc.property(returns, fc.constantFrom(0.25, 0.5, 2, 8), (r, factor) => {
        const scaled = r.map((v) => v * factor)
        for (const [name, estimator] of Object.entries(estimators)) {
          expect(estimator(r), name).toBeGreaterThanOrEqual(0)
          expectNear({ name, r, factor }, estimator(scaled), factor ** 2 * estimator(r), { abs: 1e-14 })
        }
        expectNear({ r, factor }, realizedQuarticity(scaled), factor ** 4 * realizedQuarticity(r), { abs: 1e-14 })
        expectNear({ r, factor }, tripowerQuarticity(scaled), factor ** 4 * tripowerQuarticity(r), { abs: 1e-13 })
        expectNear({ r, factor }, jumpTest(scaled).statistic, jumpTest(r).statistic, { abs: 1e-9 })
      }),
      propertyRuns,
    )
  })
  it('split realized variance without remainder, by sign and by jump', () => {
    fc.assert(
      fc.property(returns, (r) => {
        const { down, up } = realizedSemivariance(r)
        expectNear(r, down + up, realizedVariance(r), { abs: 1e-16 })
        const { continuous, jump } = jumpTest(r)
        expect(jump, JSON.stringify(r)).toBeGreaterThanOrEqual(0)
        expectNear(r, continuous + jump, realizedVariance(r), { abs: 1e-16 })
      }),
      propertyRuns,
    )
  })
  const spans = (seed: number, jump: number): number[][] => {
    const draws = referenceNormals(seed, 400 * 78)
    return Array.from({ length: 400 }, (_, day) =>
      Array.from({ length: 78 }, (__, i) => (0.01 / Math.sqrt(78)) * draws[day * 78 + i]! + (i === 40 ? jump : 0)),
    )
  }
  it('agree on a path without jumps (seed 51, 400 spans of 78 returns)', () => {
    const days = spans(51, 0)
    // Variances relative to realized variance: 1 for it, 1.3 bipower, 1.9 MinRV, 1.5 MedRV; four standard errors.
    const spread = Math.sqrt(2 / 78 / 400)
    for (const [name, estimator, loss] of [
      ['RV', realizedVariance, 1],
      ['BV', bipowerVariation, 1.3],
      ['MinRV', minRv, 1.91],
      ['MedRV', medRv, 1.48],
    ] as const)
      expectNear(name, mean(days.map(estimator)), 1e-4, { rel: 4 * spread * Math.sqrt(loss) })
    expectNear('RQ', mean(days.map(realizedQuarticity)), 1e-8, { rel: 0.05 })
    expectNear('TQ', mean(days.map(tripowerQuarticity)), 1e-8, { rel: 0.05 })
    const tests = days.map(jumpTest)
    expectNear('mean of the statistic', mean(tests.map((t) => t.statistic)), 0, { abs: 0.3 })
    expect(tests.filter((t) => t.pValue < 0.01).length).toBeLessThan(20)
  })
  it('tell a jump of three daily deviations from diffusion (seed 52)', () => {
    const days = spans(52, 0.03)
    expectNear('RV', mean(days.map(realizedVariance)), 1e-4 + 9e-4, { rel: 0.03 })
    for (const estimator of [minRv, medRv]) expectNear(estimator.name, mean(days.map(estimator)), 1e-4, { rel: 0.08 })
    expect(days.filter((day) => jumpTest(day).statistic > 3.09).length).toBeGreaterThan(390)
    expectNear('jump', mean(days.map((day) => jumpTest(day).jump)), 9e-4, { rel: 0.1 })
  })
  it('answer a span without moves', () => {
    expect(jumpTest([0, 0, 0])).toEqual({ continuous: 0, jump: 0, statistic: 0, pValue: 0.5 })
    const lone = jumpTest([0, 0.1, 0, 0])
    expect(lone.continuous).toBe(0)
    expect(lone.jump).toBeGreaterThan(0)
  })
  it('refuse too few returns and NaN', () => {
    for (const [estimator, least] of [
      [realizedVariance, 1],
      [realizedSemivariance, 1],
      [realizedQuarticity, 1],
      [bipowerVariation, 2],
      [minRv, 2],
      [medRv, 3],
      [tripowerQuarticity, 3],
      [jumpTest, 3],
    ] as const) {
      expectInvalid('returns', () => estimator(new Array<number>(least - 1).fill(0.01)))
      expectInvalid('returns[0]', () => estimator([Number.NaN, 1, 1]))
    }
    expectInvalid('values', () => sampleVariance([1]))
    expectInvalid('bars', () => yangZhang(table.slice(0, 2)))
    expectInvalid('bar.high', () => yangZhang([...table.slice(0, 3), { open: 2, high: 1, low: 1, close: 1 }]))
    expectInvalid('previousClose', () => garmanKlassYangZhang(table[0]!, 0))
    expectInvalid('bar.low', () => rogersSatchell({ open: 1, high: 2, low: 0, close: 1 }))
  })
})

describe('fitHar', () => {
  type Fitted = Extract<HarFit, { status: 'fitted' }>
  const fitted = (fit: HarFit): Fitted => {
    if (fit.status !== 'fitted') expect.fail(`expected a fit, got ${JSON.stringify(fit)}`)
    return fit
  }
  const realized = (() => {
    const x = referenceGarch(garchSimulated.seed, 1000, garchSimulated)
    const z = referenceNormals(har.noiseSeed, 1000)
    let h = 1
    return x.map((value, t) => {
      const rv = h * Math.exp(0.3 * z[t]! - 0.045)
      h = 0.02 + 0.08 * value * value + 0.9 * h
      return rv
    })
  })()
  const listed = ({ coefficients: { constant, day, week, month } }: Fitted): number[] => [constant, day, week, month]

  it('ha-01: levels and logarithms', () => {
    for (const [i, figure] of har.first3.entries()) expectNear({ i }, realized[i]!, figure, { rel: 1e-10 })
    const level = fitted(fitHar(realized))
    for (const [i, value] of listed(level).entries()) expectNear({ i }, value, har.level[i]!, { rel: har.rel })
    expectNear('R2', level.rSquared, har.rSquared, { rel: har.rel })
    expectNear('next', level.next, har.next, { rel: har.rel })
    expect(level.observations).toBe(har.observations)
    for (const [i, value] of listed(fitted(fitHar(realized, { scale: 'log' }))).entries())
      expectNear({ i }, value, har.log[i]!, { rel: har.rel })
  })
  it('finds the coefficients of a simulated model, with jumps, within four of its own standard errors (seed 61)', () => {
    const z = referenceNormals(61, 6200)
    const jumps = Array.from({ length: 3100 }, (_, t) => (z[3100 + t]! > 1.5 ? 0.5 * z[3100 + t]! ** 2 : 0))
    const series: number[] = []
    for (let t = 0; t < 3100; t++) {
      const span = (k: number): number => mean(series.slice(t - k))
      const expected = t < 22 ? 1 : 0.1 + 0.4 * series[t - 1]! + 0.3 * span(5) + 0.2 * span(22) - 0.3 * jumps[t - 1]!
      series.push(Math.max(0.01, expected + 0.05 * z[t]!) + jumps[t]! * 0.5)
    }
    const fit = fitted(fitHar(series, { jumps }))
    // The jump part adds 0.5 jump to the day itself, so its mean enters the constant.
    for (const [name, truth] of [
      ['day', 0.4],
      ['week', 0.3],
      ['month', 0.2],
      ['jump', -0.3],
    ] as const)
      expectNear(name, fit.coefficients[name]!, truth, { abs: 4 * fit.standardErrors[name]! })
    expect(fit.rSquared).toBeGreaterThan(0.1)
  })
  it('averages the response over the horizon', () => {
    const fit = fitted(fitHar(realized, { horizon: 5 }))
    expect(fit.observations).toBe(974)
    expect(fit.lags).toBe(8)
    // Normal equations by hand: the residuals of the response are orthogonal to the last day.
    const rows = Array.from({ length: 974 }, (_, i) => i + 21)
    const [b0, b1, b2, b3] = listed(fit) as [number, number, number, number]
    const residual = (t: number): number =>
      mean(realized.slice(t + 1, t + 6)) -
      b0 -
      b1 * realized[t]! -
      b2 * mean(realized.slice(t - 4, t + 1)) -
      b3 * mean(realized.slice(t - 21, t + 1))
    expectNear('orthogonal', mean(rows.map((t) => residual(t) * realized[t]!)), 0, { abs: 1e-10 })
    expectNear('centred', mean(rows.map(residual)), 0, { abs: 1e-12 })
  })
  it('gives White’s errors without lags, and the definition’s with', () => {
    const fit = fitted(fitHar(realized, { lags: 0 }))
    const other = fitted(fitHar(realized, { lags: 7 }))
    const rows = Array.from({ length: har.observations }, (_, i) => [
      1,
      realized[21 + i]!,
      mean(realized.slice(17 + i, 22 + i)),
      mean(realized.slice(i, 22 + i)),
    ])
    const beta = listed(fit)
    const residuals = rows.map((row, i) => realized[22 + i]! - row.reduce((s, x, k) => s + x * beta[k]!, 0))
    // Error of a' beta for each unit vector a, by weights on the residuals: beta_k = sum w[t] y[t].
    const gram = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => rows.reduce((s, row) => s + row[i]! * row[j]!, 0)))
    for (const [lags, errors] of [
      [0, fit.standardErrors],
      [7, other.standardErrors],
    ] as const) {
      const figures = [errors.constant, errors.day, errors.week, errors.month]
      for (let k = 0; k < 4; k++) {
        const weights = solve(
          gram,
          [0, 1, 2, 3].map((i) => (i === k ? 1 : 0)),
        )
        const u = residuals.map((e, t) => e * rows[t]!.reduce((s, x, j) => s + x * weights[j]!, 0))
        let variance = 0
        for (let s = 0; s < u.length; s++)
          for (let t = Math.max(0, s - lags); t <= Math.min(u.length - 1, s + lags); t++)
            variance += (1 - Math.abs(s - t) / (lags + 1)) * u[s]! * u[t]!
        expectNear({ lags, k }, figures[k]!, Math.sqrt(variance), { rel: 1e-8 })
      }
    }
  })
  it('scales with the variances', () => {
    const one = fitted(fitHar(realized))
    const other = fitted(fitHar(realized.map((v) => 1e-4 * v)))
    expectNear('constant', other.coefficients.constant, 1e-4 * one.coefficients.constant, { rel: 1e-9 })
    expectNear('day', other.coefficients.day, one.coefficients.day, { rel: 1e-9 })
    expectNear('next', other.next, 1e-4 * one.next, { rel: 1e-9 })
    expectNear('R2', other.rSquared, one.rSquared, { rel: 1e-9 })
  })
  it('answers few observations and constant series with a status', () => {
    expect(fitHar([1, 2, 3])).toEqual({ status: 'tooFewObservations', observations: 0, needed: 60 })
    expect(fitHar(realized.slice(0, 81))).toEqual({ status: 'tooFewObservations', observations: 59, needed: 60 })
    expect(fitHar(new Array<number>(200).fill(2))).toEqual({ status: 'collinear' })
    expect(fitHar(realized, { jumps: realized.map(() => 0) })).toEqual({ status: 'collinear' })
  })
  it('refuses bad variances, jumps and options', () => {
    expectInvalid('realized', () => fitHar([]))
    expectInvalid('realized[1]', () => fitHar([1, -1]))
    expectInvalid('realized[1]', () => fitHar([1, 0], { scale: 'log' }))
    expectInvalid('jumps', () => fitHar([1, 1], { jumps: [0] }))
    expectInvalid('jumps[0]', () => fitHar([1, 1], { jumps: [-1, 0] }))
    expectInvalid('horizon', () => fitHar(realized, { horizon: 0 }))
    expectInvalid('lags', () => fitHar(realized, { lags: 0.5 }))
  })
})

/** Gauss elimination with pivots, for checks. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows.slice(k).reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? i + k : best), k)
    ;[rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!]
    for (let i = 0; i < rows.length; i++) {
      if (i === k) continue
      const factor = rows[i]![k]! / rows[k]![k]!
      for (let j = k; j <= rows.length; j++) rows[i]![j]! -= factor * rows[k]![j]!
    }
  }
  return rows.map((row, i) => row[rows.length]! / row[i]!)
}
