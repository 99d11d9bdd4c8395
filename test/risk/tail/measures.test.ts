import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalCdf, randomSource } from '../../../risk/math/index.ts'
import {
  expectedShortfall,
  historicalVar,
  normalTail,
  shortfallBand,
  stressedShortfall,
  stressedWindows,
  studentTTail,
  varBand,
} from '../../../risk/tail/index.ts'
import { studentShortfall } from '../reference/extreme.ts'
import { normalShortfall } from '../reference/tail.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { referenceNormals } from '../support/uniforms.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const pnl = fc.array(real(-1e6, 1e6), { minLength: 2, maxLength: 120 })

describe('closed forms', () => {
  it('es-n-0.975', () =>
    expectNear('es-n-0.975', normalTail(0, 1, normalShortfall.level).expectedShortfall, normalShortfall.expected, {
      rel: normalShortfall.rel,
    }))
  it('es-t4', () => {
    const { level, degrees, valueAtRisk, expectedShortfall: shortfall, rel } = studentShortfall
    const got = studentTTail(0, 1, degrees, level)
    expectNear('VaR', got.valueAtRisk, valueAtRisk, { rel })
    expectNear('ES', got.expectedShortfall, shortfall, { rel })
  })
  it('ES is the mean of VaR beyond the level (Simpson over the tail)', () => {
    // ES = integral of VaR over (level, 1) / (1 - level); u = (1 - level) s^4 tames the end.
    const tailMean = (valueAtRisk: (level: number) => number, level: number): number => {
      const n = 600
      let sum = 0
      for (let i = 0; i <= n; i++) {
        const s = i / n
        const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2
        sum += s === 0 ? 0 : weight * valueAtRisk(1 - (1 - level) * s ** 4) * 4 * s ** 3
      }
      return sum / (3 * n)
    }
    for (const level of [0.9, 0.975]) {
      expectNear(
        { level },
        normalTail(0.1, 2, level).expectedShortfall,
        tailMean((at) => normalTail(0.1, 2, at).valueAtRisk, level),
        { rel: 1e-7 },
      )
      for (const degrees of [3, 5, 30])
        expectNear(
          { level, degrees },
          studentTTail(0.1, 2, degrees, level).expectedShortfall,
          tailMean((at) => studentTTail(0.1, 2, degrees, at).valueAtRisk, level),
          { rel: 1e-4 },
        )
    }
  })
  it('ES is at least VaR, homogeneous, and shifts with cash; Student’s tends to the normal', () => {
    fc.assert(
      fc.property(real(-10, 10), real(0, 10), real(0.01, 0.9999), real(1.1, 100), real(0.1, 10), (mean, size, level, degrees, factor) => {
        for (const measure of [normalTail, (m: number, s: number, at: number) => studentTTail(m, s, degrees, at)] as const) {
          const { valueAtRisk, expectedShortfall: shortfall } = measure(mean, size, level)
          expect(shortfall).toBeGreaterThanOrEqual(valueAtRisk - 1e-12)
          const limit = { abs: 1e-10 * (1 + Math.abs(shortfall)) * factor }
          expectNear(
            { mean, size, level, factor },
            measure(factor * mean, factor * size, level).expectedShortfall,
            factor * shortfall,
            limit,
          )
          expectNear({ mean, size, level }, measure(mean + 1, size, level).valueAtRisk, valueAtRisk - 1, limit)
        }
        expectNear({ level }, studentTTail(0, 1, 1e8, level).expectedShortfall, normalTail(0, 1, level).expectedShortfall, { abs: 1e-5 })
      }),
      propertyRuns,
    )
  })
})

describe('varBand', () => {
  it('is exact for a small sample: 59 scenarios bound the 95 % quantile above with 95 %', () => {
    const losses = Array.from({ length: 59 }, (_, i) => -(i + 1))
    const band = varBand(losses, 0.95, 0.9)
    expect(band.high).toBe(59)
    expectNear('side above', 0.95 ** 59, 0.0485, { abs: 1e-4 })
    expect(varBand(losses.slice(0, 58), 0.95, 0.9).high).toBeNull()
    expect(varBand([-1, -2], 0.01, 0.9).low).toBeNull()
  })
  it('counts its confidence by the binomial distribution', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 150 }), real(0.02, 0.98), real(0.5, 0.99), (n, level, confidence) => {
        const band = varBand(
          Array.from({ length: n }, (_, i) => -(i + 1)),
          level,
          confidence,
        )
        const [low, high] = [band.low ?? 0, band.high ?? n + 1]
        // P(low-th loss <= quantile < high-th loss) = P(low <= count of losses below the quantile < high).
        let term = (1 - level) ** n
        let inside = 0
        for (let k = 0; k <= n; k++) {
          if (k >= low && k < high) inside += term
          term *= ((n - k) / (k + 1)) * (level / (1 - level))
        }
        expectNear({ n, level, confidence }, band.confidence, inside, { abs: 1e-10 })
        expect(band.confidence).toBeGreaterThanOrEqual(confidence - 1e-12)
      }),
      propertyRuns,
    )
  })
  it('covers the true quantile of normals at least as often as it says (seeds 1 to 400)', () => {
    const truth = normalTail(0, 1, 0.95).valueAtRisk
    let covered = 0
    for (let seed = 1; seed <= 400; seed++) {
      const { low, high } = varBand(referenceNormals(seed * 7919, 300), 0.95, 0.9)
      if (low! <= truth && truth <= high!) covered += 1
    }
    expect(covered / 400).toBeGreaterThan(0.9 - 4 * Math.sqrt((0.9 * 0.1) / 400))
  })
  it('encloses the estimate and ignores the order', () => {
    fc.assert(
      fc.property(pnl, real(0.5, 0.99), (values, level) => {
        const band = varBand(values, level, 0.9)
        expect(band.valueAtRisk).toBe(historicalVar(values, level))
        // Without an upper end the sample says that the quantile lies beyond its largest loss, and so may the lower end.
        if (band.low !== null && band.high !== null) {
          const slack = 1e-12 * Math.max(...values.map(Math.abs))
          expect(band.low).toBeLessThanOrEqual(band.valueAtRisk + slack)
          expect(band.high).toBeGreaterThanOrEqual(band.valueAtRisk - slack)
        }
        expect(varBand([...values].reverse(), level, 0.9)).toEqual(band)
      }),
      propertyRuns,
    )
  })
})

describe('shortfallBand', () => {
  it('has the spread of the estimator: 400 normals at 90 % (seeds 1 to 60)', () => {
    const estimates: number[] = []
    const errors: number[] = []
    for (let seed = 1; seed <= 60; seed++) {
      const { expectedShortfall: estimate, standardError } = shortfallBand(referenceNormals(seed * 104729, 400), 0.9, 0.9, seed, 200)
      estimates.push(estimate)
      errors.push(standardError)
    }
    const mean = estimates.reduce((a, b) => a + b, 0) / 60
    const spread = Math.sqrt(estimates.reduce((s, e) => s + (e - mean) ** 2, 0) / 59)
    expectNear('error', errors.reduce((a, b) => a + b, 0) / 60, spread, { rel: 0.35 })
  })
  it('repeats with its seed, whatever the order of the scenarios, and lies around the estimate', () => {
    const values = referenceNormals(9, 300)
    const band = shortfallBand(values, 0.95, 0.9, 17)
    expect(shortfallBand([...values].reverse(), 0.95, 0.9, 17)).toEqual(band)
    expect(shortfallBand(values, 0.95, 0.9, 18)).not.toEqual(band)
    expect(band.expectedShortfall).toBe(expectedShortfall(values, 0.95))
    expect(band.low).toBeLessThan(band.expectedShortfall)
    expect(band.high).toBeGreaterThan(band.expectedShortfall)
  })
})

describe('stressedWindows', () => {
  const values = [0, -1, -5, 2, 3, -4, -4, 1, 0, 9]
  it('are the worst ones that do not overlap', () => {
    expect(stressedWindows(values, 2, 2, 'fall')).toEqual([
      { start: 5, end: 7, stress: 8 },
      { start: 1, end: 3, stress: 6 },
    ])
    expect(stressedWindows(values, 2, 1, 'rise')).toEqual([{ start: 8, end: 10, stress: 9 }])
    expect(stressedWindows(values, 1, 2, 'turbulence')).toEqual([
      { start: 9, end: 10, stress: 81 },
      { start: 2, end: 3, stress: 25 },
    ])
    expect(stressedWindows(values, 6, 5, 'fall')).toHaveLength(1)
  })
  it('agree with a search over all windows, one at a time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        (series, asked) => {
          const length = Math.min(asked, series.length)
          const taken = new Set<number>()
          for (const { start, end, stress } of stressedWindows(series, length, 100, 'fall')) {
            let best = Number.NEGATIVE_INFINITY
            for (let s = 0; s + length <= series.length; s++) {
              if (Array.from({ length }, (_, i) => s + i).some((i) => taken.has(i))) continue
              best = Math.max(best, 0 - series.slice(s, s + length).reduce((a, b) => a + b, 0))
            }
            expect(stress).toBe(best)
            for (let i = start; i < end; i++) taken.add(i)
          }
          for (let s = 0; s + length <= series.length; s++)
            expect(
              Array.from({ length }, (_, i) => s + i).some((i) => taken.has(i)),
              JSON.stringify({ series, length }),
            ).toBe(true)
        },
      ),
      propertyRuns,
    )
  })
})

describe('stressedShortfall', () => {
  it('is the largest of all windows, and no less than that of the whole when the whole is one of them', () => {
    fc.assert(
      fc.property(
        fc.array(real(-10, 10), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 20 }),
        real(0.5, 0.99),
        (series, asked, level) => {
          const length = Math.min(asked, series.length)
          const windows = Array.from({ length: series.length - length + 1 }, (_, s) =>
            expectedShortfall(series.slice(s, s + length), level),
          )
          const worst = stressedShortfall(series, level, length)
          expect(worst.expectedShortfall).toBe(Math.max(...windows))
          expect(windows[worst.start]).toBe(worst.expectedShortfall)
          expect(stressedShortfall(series, level, series.length).expectedShortfall).toBe(expectedShortfall(series, level))
          const coarse = stressedShortfall(series, level, length, 3)
          expect(coarse.expectedShortfall).toBeLessThanOrEqual(worst.expectedShortfall)
          expect(coarse.expectedShortfall).toBeGreaterThanOrEqual(windows.at(-1)!)
        },
      ),
      propertyRuns,
    )
  })
})

describe('bad input', () => {
  it('is refused with the name of the argument', () => {
    for (const level of [0, 1, Number.NaN]) {
      expectInvalid('level', () => normalTail(0, 1, level))
      expectInvalid('level', () => studentTTail(0, 1, 4, level))
      expectInvalid('level', () => varBand([1], level, 0.9))
      expectInvalid('confidence', () => varBand([1], 0.9, level))
      expectInvalid('level', () => shortfallBand([1, 2], level, 0.9, 1))
      expectInvalid('confidence', () => shortfallBand([1, 2], 0.9, level, 1))
      expectInvalid('level', () => stressedShortfall([1, 2], level, 1))
    }
    expectInvalid('deviation', () => normalTail(0, -1, 0.9))
    expectInvalid('mean', () => normalTail(Number.NaN, 1, 0.9))
    expectInvalid('degrees', () => studentTTail(0, 1, 1, 0.9))
    expectInvalid('scale', () => studentTTail(0, -1, 3, 0.9))
    expectInvalid('pnl', () => varBand([], 0.9, 0.9))
    expectInvalid('pnl', () => shortfallBand([1], 0.9, 0.9, 1))
    expectInvalid('seed', () => shortfallBand([1, 2], 0.9, 0.9, 0.5))
    expectInvalid('resamples', () => shortfallBand([1, 2], 0.9, 0.9, 1, 10))
    expectInvalid('values', () => stressedWindows([], 1, 1, 'fall'))
    expectInvalid('length', () => stressedWindows([1], 2, 1, 'fall'))
    expectInvalid('count', () => stressedWindows([1], 1, 0, 'fall'))
    expectInvalid('length', () => stressedShortfall([1], 0.9, 0))
    expectInvalid('step', () => stressedShortfall([1], 0.9, 1, 0))
  })
})

describe('the numbers behind simulations', () => {
  it('reach the tails they are meant for (seed 2)', () => {
    // 200,000 uniforms pushed through the normal quantile have the shortfall of the closed form.
    const { uniform } = randomSource(2)
    const u = Array.from({ length: 200_000 }, uniform)
    const beyond = u.filter((x) => x > normalCdf(2)).length
    expectNear('beyond two deviations', beyond / u.length, 1 - normalCdf(2), { abs: 4 * Math.sqrt(0.0228 / 200_000) })
  })
})
