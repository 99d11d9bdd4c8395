import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  conditionalTail,
  expectedShortfall,
  type FilteredHistory,
  filteredScenarios,
  filterReturns,
  historicalVar,
  normalTail,
  simulateFiltered,
  type VarianceFilter,
} from '../../../risk/tail/index.ts'
import { ewmaStep, fitGarch, forecastGarch, garchStep } from '../../../risk/volatility/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { readSeries } from '../support/readSeries.ts'
import { simulateGarch } from '../support/simulateGarch.ts'
import { referenceNormals } from '../support/uniforms.ts'

const ewma: VarianceFilter = { kind: 'ewma', decay: 0.94 }
const truth = { mean: 0, omega: 0.05, alpha: 0.1, gamma: 0, beta: 0.85 }
const garch: VarianceFilter = { kind: 'garch', ...truth }
const series = simulateGarch(truth, referenceNormals(101, 3000))
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length
type Filtered = Extract<FilteredHistory, { status: 'filtered' }>
function filtered(history: FilteredHistory): Filtered {
  if (history.status !== 'filtered') expect.fail(JSON.stringify(history))
  return history
}

describe('filterReturns', () => {
  it('divides each return by the volatility known before it', () => {
    for (const [filter, step] of [
      [ewma, (variance: number, r: number) => ewmaStep(variance, r * r, 0.94)],
      [garch, (variance: number, r: number) => garchStep(truth, variance, r)],
    ] as const) {
      const { residuals, vols, nextVol } = filtered(filterReturns(series, filter))
      let variance = mean(series.slice(0, 20).map((r) => r * r))
      expect(residuals).toHaveLength(2980)
      for (let t = 20; t < 3000; t++) {
        expectNear({ t }, vols[t - 20]!, Math.sqrt(variance), { rel: 1e-12 })
        expectNear({ t }, residuals[t - 20]! * vols[t - 20]!, series[t]!, { rel: 1e-12 })
        variance = step(variance, series[t]!)
      }
      expectNear('next', nextVol, Math.sqrt(variance), { rel: 1e-12 })
    }
  })
  it('does not look ahead: a residual is the same whatever comes after', () => {
    const one = filtered(filterReturns(series.slice(0, 200), ewma)).residuals
    const other = filtered(filterReturns([...series.slice(0, 200), 1e6, -1e6], ewma)).residuals
    expect([...other.subarray(0, one.length)]).toEqual([...one])
  })
  it('takes the clustering out of GARCH returns', () => {
    const autocorrelation = (x: ArrayLike<number>): number => {
      const squares = Array.from(x, (v) => v * v)
      const m = mean(squares)
      return squares.slice(1).reduce((s, v, i) => s + (v - m) * (squares[i]! - m), 0) / squares.reduce((s, v) => s + (v - m) ** 2, 0)
    }
    expect(autocorrelation(series)).toBeGreaterThan(0.1)
    const { residuals } = filtered(filterReturns(series, garch))
    expectNear('clustering left', autocorrelation(residuals), 0, { abs: 4 / Math.sqrt(2980) })
    expectNear('variance', mean(residuals.map((z) => z * z)), 1, { abs: (4 * Math.SQRT2) / Math.sqrt(2980) })
  })
  it('leaves out returns after flat prices instead of dividing by zero (trap D3)', () => {
    const flat = [...new Array<number>(40).fill(0), ...series.slice(0, 100)]
    const { residuals } = filtered(filterReturns(flat, ewma))
    expect(residuals).toHaveLength(99)
    for (const z of residuals) expect(Number.isFinite(z)).toBe(true)
    expect(filterReturns(new Array<number>(200).fill(0), ewma)).toEqual({ status: 'tooFewReturns', residuals: 0, needed: 50 })
    expect(filterReturns(series.slice(0, 69), ewma)).toEqual({ status: 'tooFewReturns', residuals: 49, needed: 50 })
    expect(filterReturns([1], ewma)).toEqual({ status: 'tooFewReturns', residuals: 0, needed: 50 })
  })
  it('does not change residuals with the unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (factor) => {
        const one = filtered(filterReturns(series.slice(0, 120), ewma))
        const other = filtered(
          filterReturns(
            series.slice(0, 120).map((r) => factor * r),
            ewma,
          ),
        )
        one.residuals.forEach((z, i) => {
          expectNear({ factor, i }, other.residuals[i]!, z, { rel: 1e-11 })
        })
        expectNear({ factor }, other.nextVol, factor * one.nextVol, { rel: 1e-11 })
      }),
      propertyRuns,
    )
  })
})

describe('filteredScenarios', () => {
  it('scale the residuals to today’s volatility, or to the floor', () => {
    const { residuals, nextVol } = filtered(filterReturns(series, ewma))
    const free = filteredScenarios(series, ewma)
    const floored = filteredScenarios(series, ewma, 2 * nextVol)
    if (free.status !== 'ready' || floored.status !== 'ready') expect.fail('ready')
    expect(free).toMatchObject({ vol: nextVol, isFloored: false })
    expect(floored).toMatchObject({ vol: 2 * nextVol, isFloored: true })
    expect([...free.scenarios]).toEqual([...residuals.map((z) => nextVol * z)])
    expectNear('floor', expectedShortfall(floored.scenarios, 0.99), 2 * expectedShortfall(free.scenarios, 0.99), { rel: 1e-12 })
  })
  it('follow a change of regime that the plain history averages away', () => {
    const calm = referenceNormals(5, 1500).map((z) => 0.01 * z)
    const rough = referenceNormals(6, 100).map((z) => 0.05 * z)
    const scenarios = filteredScenarios([...calm, ...rough], ewma)
    if (scenarios.status !== 'ready') expect.fail('ready')
    const normal = normalTail(0, 0.05, 0.99).valueAtRisk
    expectNear('filtered', historicalVar(scenarios.scenarios, 0.99), normal, { rel: 0.4 })
    expect(historicalVar([...calm, ...rough], 0.99)).toBeLessThan(0.75 * normal)
  })
  it('cover one step ahead at the stated rate (99 % over 1,500 days of GARCH returns)', () => {
    let breaches = 0
    for (let t = 1500; t < 3000; t += 3) {
      const scenarios = filteredScenarios(series.slice(0, t), garch)
      if (scenarios.status !== 'ready') expect.fail('ready')
      if (-series[t]! > historicalVar(scenarios.scenarios, 0.99)) breaches += 1
    }
    expectNear('breaches', breaches / 500, 0.01, { abs: 4 * Math.sqrt(0.0099 / 500) })
  })
  it('pass the status of a short history on', () =>
    expect(filteredScenarios(series.slice(0, 30), ewma)).toEqual({ status: 'tooFewReturns', residuals: 10, needed: 50 }))
})

describe('simulateFiltered', () => {
  const plan = { horizon: 10, paths: 20_000, seed: 7 }
  const totals = (filter: VarianceFilter, change: Partial<typeof plan> & { floor?: number } = {}): Float64Array => {
    const simulated = simulateFiltered(series, filter, { ...plan, ...change })
    if (simulated.status !== 'ready') expect.fail(simulated.status)
    return simulated.totals
  }
  it('has the variance that the recursion forecasts', () => {
    const { nextVol, residuals } = filtered(filterReturns(series, garch))
    const expected = forecastGarch(truth, nextVol * nextVol, 10).reduce((a, b) => a + b, 0)
    const sums = totals(garch)
    const m = mean(sums)
    const variance = mean(sums.map((x) => (x - m) * (x - m)))
    // The residuals' own mean square is within sampling error of one and enters every step.
    const unit = mean(residuals.map((z) => z * z))
    expectNear('variance', variance, expected * unit, { rel: 0.06 })
  })
  it('of one step draws the scenarios of filteredScenarios', () => {
    const scenarios = filteredScenarios(series, ewma)
    if (scenarios.status !== 'ready') expect.fail('ready')
    const known = new Set(scenarios.scenarios)
    for (const total of totals(ewma, { horizon: 1, paths: 500 }))
      expect([...known].some((x) => Math.abs(x - total) <= 1e-12 * Math.abs(x))).toBe(true)
  })
  it('repeats with its seed, and the floor raises the risk', () => {
    expect(totals(garch, { paths: 50 })).toEqual(totals(garch, { paths: 50 }))
    expect(totals(garch, { paths: 50, seed: 8 })).not.toEqual(totals(garch, { paths: 50 }))
    expect(expectedShortfall(totals(garch, { floor: 3 }), 0.99)).toBeGreaterThan(2 * expectedShortfall(totals(garch), 0.99))
  })
  it('passes the status of a short history on and refuses bad plans', () => {
    expect(simulateFiltered([1, 2], ewma, plan).status).toBe('tooFewReturns')
    expectInvalid('horizon', () => simulateFiltered(series, ewma, { ...plan, horizon: 0 }))
    expectInvalid('paths', () => simulateFiltered(series, ewma, { ...plan, paths: 0.5 }))
    expectInvalid('seed', () => simulateFiltered(series, ewma, { ...plan, seed: -1 }))
    expectInvalid('floor', () => simulateFiltered(series, ewma, { ...plan, floor: -1 }))
    // Returns that grow by a fifth a step: every residual lifts the variance.
    const growing = Array.from({ length: 120 }, (_, t) => 1e-10 * 1.2 ** t)
    expectInvalid('horizon', () => simulateFiltered(growing, { kind: 'ewma', decay: 0.5 }, { ...plan, horizon: 5000, paths: 1 }))
  })
})

describe('conditionalTail', () => {
  it('scales the tail of the residuals: normal residuals give the normal measures (3,000 returns)', () => {
    const measures = conditionalTail(series, garch, { level: 0.99, side: 'long' })
    if (measures.status !== 'ready') expect.fail(measures.status)
    const normal = normalTail(0, measures.vol, 0.99)
    expectNear('VaR', measures.valueAtRisk, normal.valueAtRisk, { rel: 0.15 })
    expectNear('ES', measures.expectedShortfall, normal.expectedShortfall, { rel: 0.2 })
    expect(measures.expectedShortfall).toBeGreaterThan(measures.valueAtRisk)
  })
  it('of the short side is that of the long side of the mirrored returns', () => {
    const long = conditionalTail(
      series.map((r) => -r),
      ewma,
      { level: 0.99, side: 'long' },
    )
    expect(conditionalTail(series, ewma, { level: 0.99, side: 'short' })).toEqual(long)
  })
  it('works on real returns: marks against pounds, filter and tail fitted', () => {
    const demGbp = readSeries('demGbp')
    const fit = fitGarch(demGbp)
    if (fit.status !== 'fitted') expect.fail(fit.status)
    const measures = conditionalTail(demGbp, { kind: 'garch', ...fit.parameters }, { level: 0.99, side: 'long' })
    if (measures.status !== 'ready') expect.fail(measures.status)
    const empirical = filteredScenarios(demGbp, { kind: 'garch', ...fit.parameters })
    if (empirical.status !== 'ready') expect.fail(empirical.status)
    expectNear('VaR', measures.valueAtRisk, historicalVar(empirical.scenarios, 0.99), { rel: 0.1 })
    expectNear('ES', measures.expectedShortfall, expectedShortfall(empirical.scenarios, 0.99), { rel: 0.15 })
  })
  it('rises with the level and the floor', () => {
    const at = (level: number, floor = 0): number => {
      const measures = conditionalTail(series, ewma, { level, side: 'long', floor })
      return measures.status === 'ready' ? measures.expectedShortfall : expect.fail(measures.status)
    }
    expect(at(0.999)).toBeGreaterThan(at(0.99))
    expect(at(0.99)).toBeGreaterThan(at(0.96))
    expect(at(0.99, 100)).toBeGreaterThan(10 * at(0.99))
  })
  it('names short histories and few exceedances', () => {
    expect(conditionalTail(series.slice(0, 60), ewma, { level: 0.99, side: 'long' })).toEqual({
      status: 'tooFewReturns',
      residuals: 40,
      needed: 50,
    })
    expect(conditionalTail(series.slice(0, 120), ewma, { level: 0.99, side: 'long' })).toEqual({
      status: 'tooFewExceedances',
      exceedances: 10,
      needed: 20,
    })
  })
})

describe('bad input', () => {
  it('is refused with the name of the argument', () => {
    for (const decay of [0, 1, Number.NaN]) expectInvalid('decay', () => filterReturns(series, { kind: 'ewma', decay }))
    expectInvalid('beta', () => filterReturns(series, { kind: 'garch', ...truth, beta: 1 }))
    expectInvalid('returns', () => filterReturns([], ewma))
    expectInvalid('returns[30]', () =>
      filterReturns(
        series.map((r, t) => (t === 30 ? 1e200 : r)),
        ewma,
      ),
    )
    expectInvalid('floor', () => filteredScenarios(series, ewma, -1))
    expectInvalid('level', () => conditionalTail(series, ewma, { level: 0.94, side: 'long' }))
    expectInvalid('floor', () => conditionalTail(series, ewma, { level: 0.99, side: 'long', floor: Number.NaN }))
    expectInvalid('limits', () => conditionalTail(series, ewma, { level: 0.99, side: 'long', limits: [-0.5, 1] }))
  })
})
