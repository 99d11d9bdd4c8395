import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialCdf } from '../../../risk/backtest/binomialCdf.ts'
import {
  baselPlusFactor,
  baselZones,
  breachTransitions,
  calendarZones,
  christoffersen,
  conditionalCoverage,
  coverageByStart,
  coverageZone,
  dynamicQuantile,
  excessBreaches,
  holm,
  kupiec,
  kupiecAcceptance,
  triggeredBreachRate,
} from '../../../risk/backtest/index.ts'
import { chiSquareQuantile, randomSource } from '../../../risk/math/index.ts'
import { acceptanceCases, independence, kupiecCases, trafficLight } from '../reference/backtest.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const outcomes = fc.array(fc.boolean(), { minLength: 2, maxLength: 300 })
const share = fc.double({ min: 0.001, max: 0.3, noNaN: true })

describe('kupiec', () => {
  it.each(kupiecCases)('$id', ({ observations, breaches, probability, expected, abs }) =>
    expectNear({ observations, breaches }, kupiec({ observations, breaches, probability }).statistic, expected, { abs }),
  )
  it('equals minus twice the log ratio of the likelihoods, written out', () => {
    fc.assert(
      fc.property(outcomes, share, (breaches, probability) => {
        const count = breaches.filter(Boolean).length
        const rate = count / breaches.length
        const ratio = breaches.reduce((sum, breach) => sum + Math.log(breach ? rate / probability : (1 - rate) / (1 - probability)), 0)
        const got = kupiec({ observations: breaches.length, breaches: count, probability })
        expectNear({ count, probability }, got.statistic, 2 * ratio, { abs: 1e-9 })
        expect(got.pValue).toBeGreaterThanOrEqual(0)
        expect(got.pValue).toBeLessThanOrEqual(1)
      }),
      propertyRuns,
    )
  })
  it.each(acceptanceCases)('$id: $observations at $probability', ({ observations, probability, open }) =>
    expect(kupiecAcceptance(observations, probability, 0.05)).toEqual({ fewest: open[0] + 1, most: open[1] - 1 }),
  )
  it('rejects outside its acceptance and not inside', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 50, max: 3000 }),
        share,
        fc.double({ min: 0.01, max: 0.2, noNaN: true }),
        (observations, probability, significance) => {
          const { fewest, most } = kupiecAcceptance(observations, probability, significance)
          const limit = chiSquareQuantile(1 - significance, 1)
          const statistic = (breaches: number): number => kupiec({ observations, breaches, probability }).statistic
          expect(statistic(fewest)).toBeLessThanOrEqual(limit * (1 + 1e-9))
          expect(statistic(most)).toBeLessThanOrEqual(limit * (1 + 1e-9))
          if (fewest > 0) expect(statistic(fewest - 1)).toBeGreaterThan(limit * (1 - 1e-9))
          expect(statistic(most + 1)).toBeGreaterThan(limit * (1 - 1e-9))
        },
      ),
      propertyRuns,
    )
  })
  it('one-sided lets a prudent charge pass and counts the exact tail', () => {
    const prudent = { observations: 1000, breaches: 1, probability: 0.01 }
    expect(kupiec(prudent).pValue).toBeLessThan(0.01)
    expect(excessBreaches(prudent)).toBeGreaterThan(0.99)
    expect(excessBreaches({ ...prudent, breaches: 0 })).toBe(1)
    let tail = 0
    let term = 0.99 ** 1000
    for (let k = 0; k <= 1000; k++) {
      if (k >= 18) tail += term
      term *= ((1000 - k) / (k + 1)) * (0.01 / 0.99)
    }
    expectNear('18', excessBreaches({ ...prudent, breaches: 18 }), tail, { rel: 1e-10 })
    expect(excessBreaches({ observations: 7, breaches: 7, probability: 0.1 })).toBeCloseTo(1e-7, 20)
  })
})

describe('christoffersen', () => {
  it('bt-02', () => {
    expectNear('independence', christoffersen(independence.transitions).statistic, independence.independence, { abs: independence.abs })
    expectNear('joint', conditionalCoverage(independence.transitions, independence.probability).statistic, independence.joint, {
      abs: independence.abs,
    })
  })
  it('counts transitions, all of them', () => {
    expect(breachTransitions([false, true, true, false, false])).toEqual({ calmCalm: 1, calmBreach: 1, breachCalm: 1, breachBreach: 1 })
    fc.assert(
      fc.property(outcomes, (breaches) => {
        const t = breachTransitions(breaches)
        expect(t.calmCalm + t.calmBreach + t.breachCalm + t.breachBreach).toBe(breaches.length - 1)
        expect(t.calmBreach + t.breachBreach).toBe(breaches.slice(1).filter(Boolean).length)
      }),
      propertyRuns,
    )
  })
  it('is the sum over outcomes of log ratios, and joint coverage adds Kupiec’s', () => {
    fc.assert(
      fc.property(outcomes, share, (breaches, probability) => {
        const t = breachTransitions(breaches)
        const later = breaches.slice(1)
        const rate = later.filter(Boolean).length / later.length
        const rateAfter = (before: boolean): number => {
          const seen = later.filter((_, i) => breaches[i] === before)
          return seen.filter(Boolean).length / seen.length
        }
        const statistic =
          2 *
          later.reduce(
            (sum, breach, i) => sum + Math.log(breach ? rateAfter(breaches[i]!) / rate : (1 - rateAfter(breaches[i]!)) / (1 - rate)),
            0,
          )
        expectNear({ breaches }, christoffersen(t).statistic, statistic, { abs: 1e-8 })
        const coverage = kupiec({ observations: later.length, breaches: later.filter(Boolean).length, probability })
        expectNear({ breaches }, conditionalCoverage(t, probability).statistic, coverage.statistic + statistic, { abs: 1e-8 })
      }),
      { ...propertyRuns, numRuns: propertyRuns.numRuns / 2 },
    )
  })
  it('rejects independent breaches about as often as it says (seed 5, 500 histories), clustered ones nearly always', () => {
    const { uniform } = randomSource(5)
    let rejections = 0
    for (let run = 0; run < 500; run++) {
      const breaches = Array.from({ length: 1000 }, () => uniform() < 0.05)
      if (conditionalCoverage(breachTransitions(breaches), 0.05).pValue < 0.05) rejections += 1
    }
    expectNear('rejections', rejections / 500, 0.05, { abs: 4 * Math.sqrt((0.05 * 0.95) / 500) })
    let found = 0
    for (let run = 0; run < 100; run++) {
      let before = false
      const breaches = Array.from({ length: 1000 }, () => {
        before = uniform() < (before ? 0.5 : 0.0263)
        return before
      })
      if (christoffersen(breachTransitions(breaches)).pValue < 0.01) found += 1
    }
    expect(found).toBeGreaterThan(95)
  })
})

describe('zones', () => {
  it('bt-10: the Basel table', () => {
    for (const [count, expected] of trafficLight.cumulative)
      expectNear({ count }, binomialCdf(count, trafficLight.days, trafficLight.probability).lower, expected, { abs: trafficLight.abs })
    const zones = baselZones(trafficLight.days, trafficLight.probability)
    expect(zones).toEqual(trafficLight.zones)
    expect([4, 5, 9, 10].map((breaches) => coverageZone(breaches, zones))).toEqual(['green', 'yellow', 'yellow', 'red'])
    expect(trafficLight.plusFactors.map((_, breaches) => baselPlusFactor(breaches))).toEqual(trafficLight.plusFactors)
  })
  it('of a year without pause are green to 7 and red from 11; 287 days scale', () => {
    expect(calendarZones(365, 0.01)).toEqual({ lastGreen: 7, firstRed: 11 })
    expect(calendarZones(287, 0.01)).toEqual({ lastGreen: 6, firstRed: 10 })
    expectNear('a right model is green', binomialCdf(7, 365, 0.01).lower, 0.968, { abs: 5e-4 })
    expectNear('twenty cells', binomialCdf(7, 365, 0.01).lower ** 20, 0.52, { abs: 5e-3 })
    expectNear('Basel’s four of 365', binomialCdf(4, 365, 0.01).lower, 0.7, { abs: 5e-3 })
  })
  it('rise with the days and stay in order', () => {
    let before = { lastGreen: -1, firstRed: 0 }
    for (let days = 1; days <= 1500; days += 13) {
      for (const zones of [baselZones(days, 0.01), calendarZones(days, 0.01)])
        expect(zones.firstRed, `${days}`).toBeGreaterThan(zones.lastGreen)
      const next = calendarZones(days, 0.01)
      expect(next.lastGreen).toBeGreaterThanOrEqual(before.lastGreen)
      before = next
    }
  })
  it('agree with sums of binomial terms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), share, fc.integer({ min: 0, max: 400 }), (trials, probability, count) => {
        let sum = 0
        let term = (1 - probability) ** trials
        for (let k = 0; k <= Math.min(count, trials); k++) {
          sum += term
          term *= ((trials - k) / (k + 1)) * (probability / (1 - probability))
        }
        const { lower, upper } = binomialCdf(count, trials, probability)
        expectNear({ trials, probability, count }, lower, sum, { abs: 1e-11 })
        expectNear({ trials, probability, count }, lower + upper, 1, { abs: 1e-15 })
      }),
      propertyRuns,
    )
  })
})

describe('dynamicQuantile', () => {
  const history = (seed: number, clustered: boolean) => {
    const { uniform } = randomSource(seed)
    let hot = false
    const forecasts: number[] = []
    const breaches = Array.from({ length: 1000 }, () => {
      forecasts.push(1 + uniform())
      hot = uniform() < (hot ? 0.9 : 0.02)
      return uniform() < (clustered ? (hot ? 0.25 : 0.015) : 0.05)
    })
    return { breaches, forecasts }
  }
  it('rejects right models about as often as it says and finds clusters (seeds 1 to 200)', () => {
    const rejects = (clustered: boolean): number =>
      mean(
        Array.from({ length: 200 }, (_, seed) => {
          const { breaches, forecasts } = history(seed + 1, clustered)
          return dynamicQuantile(breaches, forecasts, 0.05)!.pValue < 0.05 ? 1 : 0
        }),
      )
    expectNear('size', rejects(false), 0.06, { abs: 4 * Math.sqrt((0.05 * 0.95) / 200) })
    expect(rejects(true)).toBeGreaterThan(0.8)
  })
  it('is the explained sum of squares: zero lags by hand', () => {
    const breaches = [true, false, false, true, false, false]
    const forecasts = [1, 2, 3, 1, 2, 4]
    const p = 0.2
    const hits = breaches.map((b) => (b ? 1 : 0) - p)
    const [mf, mh] = [mean(forecasts), mean(hits)]
    const slope = forecasts.reduce((s, f, i) => s + (f - mf) * (hits[i]! - mh), 0) / forecasts.reduce((s, f) => s + (f - mf) ** 2, 0)
    const explained = forecasts.reduce((s, f) => s + (mh + slope * (f - mf)) ** 2, 0)
    expectNear('by hand', dynamicQuantile(breaches, forecasts, p, 0)!.statistic, explained / (p * (1 - p)), { rel: 1e-12 })
  })
  it('answers null to constant forecasts and to no breach at all', () => {
    const { breaches, forecasts } = history(1, false)
    expect(
      dynamicQuantile(
        breaches,
        forecasts.map(() => 1),
        0.05,
      ),
    ).toBeNull()
    expect(
      dynamicQuantile(
        breaches.map(() => false),
        forecasts,
        0.05,
      ),
    ).toBeNull()
  })
})

describe('coverageByStart', () => {
  it('tests windows without overlap, one sequence per start', () => {
    const breaches = Array.from({ length: 240 }, (_, t) => t % 24 === 3 || t === 100)
    const { starts, medianJoint, passing } = coverageByStart(breaches, 24, 0.05)
    expect(starts).toHaveLength(24)
    expect(starts[3]).toMatchObject({ start: 3, observations: 10, breaches: 10 })
    expect(starts[4]).toMatchObject({ start: 4, observations: 10, breaches: 1 })
    const used = breaches.filter((_, t) => t % 24 === 4)
    expect(starts[4]!.joint).toBe(conditionalCoverage(breachTransitions(used), 0.05).pValue)
    expect(starts[4]!.coverage).toBe(kupiec({ observations: 10, breaches: 1, probability: 0.05 }).pValue)
    expect(medianJoint).toBe(starts[0]!.joint)
    expect(passing).toBe(23 / 24)
  })
  it('one loss in overlapping windows fools the naive test, not this one (trap D4)', () => {
    // A single loss an hour wide breaches 24 windows in a row.
    const breaches = Array.from({ length: 2400 }, (_, t) => t >= 1000 && t < 1024)
    expect(christoffersen(breachTransitions(breaches)).pValue).toBeLessThan(1e-20)
    expect(coverageByStart(breaches, 24, 0.01).passing).toBe(1)
  })
})

describe('triggeredBreachRate', () => {
  const binomialTail = (least: number, n: number, p: number): number => {
    let tail = 0
    let term = (1 - p) ** n
    for (let k = 0; k <= n; k++) {
      if (k >= least) tail += term
      term *= ((n - k) / (k + 1)) * (p / (1 - p))
    }
    return tail
  }
  it('counts breaches among triggered windows only, between rates at which they would be as rare as stated', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 120 }), (windows) => {
        const got = triggeredBreachRate(
          windows.map(([breach]) => breach),
          windows.map(([, trigger]) => trigger),
          0.9,
        )
        const triggered = windows.filter(([, trigger]) => trigger)
        if (got.status === 'noTriggers') {
          expect(triggered).toHaveLength(0)
          return
        }
        const hits = triggered.filter(([breach]) => breach).length
        expect(got).toMatchObject({ triggers: triggered.length, breaches: hits, rate: hits / triggered.length })
        expect(got.low).toBeLessThanOrEqual(got.rate)
        expect(got.high).toBeGreaterThanOrEqual(got.rate)
        if (hits > 0) expectNear({ hits }, binomialTail(hits, triggered.length, got.low), 0.05, { rel: 1e-9 })
        if (hits < triggered.length) expectNear({ hits }, 1 - binomialTail(hits + 1, triggered.length, got.high), 0.05, { rel: 1e-9 })
      }),
      propertyRuns,
    )
  })
  it('covers the true rate at least as often as it says (500 histories of 60 triggers at 5 %, seed 8)', () => {
    const { uniform } = randomSource(8)
    let covered = 0
    for (let run = 0; run < 500; run++) {
      const breaches = Array.from({ length: 60 }, () => uniform() < 0.05)
      const got = triggeredBreachRate(
        breaches,
        breaches.map(() => true),
        0.9,
      )
      if (got.status === 'measured' && got.low <= 0.05 && 0.05 <= got.high) covered += 1
    }
    expect(covered / 500).toBeGreaterThan(0.9 - 4 * Math.sqrt((0.9 * 0.1) / 500))
  })
})

describe('holm', () => {
  it('steps down until the first that is kept', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005], 0.05)).toEqual([true, false, false, true])
    expect(holm([0.01], 0.05)).toEqual([true])
    expect(holm([0.001, 0.002], 0.05)).toEqual([true, true])
  })
  it('rejects no more than each test alone and no fewer than Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (pValues) => {
        holm(pValues, 0.05).forEach((rejected, i) => {
          if (rejected) expect(pValues[i]).toBeLessThanOrEqual(0.05)
          if (pValues[i]! <= 0.05 / pValues.length) expect(rejected).toBe(true)
        })
      }),
      propertyRuns,
    )
  })
})

describe('bad input', () => {
  const good = { observations: 10, breaches: 1, probability: 0.1 }
  it('is refused with the name of the argument', () => {
    for (const test of [kupiec, excessBreaches]) {
      expectInvalid('observations', () => test({ ...good, observations: 0 }))
      for (const breaches of [-1, 11, 0.5, Number.NaN]) expectInvalid('breaches', () => test({ ...good, breaches }))
      for (const probability of [0, 1, Number.NaN]) expectInvalid('probability', () => test({ ...good, probability }))
    }
    expectInvalid('significance', () => kupiecAcceptance(10, 0.1, 0))
    expectInvalid('breaches', () => breachTransitions([true]))
    expectInvalid('calmCalm', () => christoffersen({ ...independence.transitions, calmCalm: 0.5 }))
    expectInvalid('transitions', () => christoffersen({ calmCalm: 0, calmBreach: 0, breachCalm: 0, breachBreach: 0 }))
    expectInvalid('probability', () => conditionalCoverage(independence.transitions, 1))
    for (const zones of [baselZones, calendarZones]) {
      expectInvalid('observations', () => zones(0.5, 0.1))
      expectInvalid('probability', () => zones(10, 0))
    }
    expectInvalid('breaches', () => coverageZone(-1, { lastGreen: 1, firstRed: 2 }))
    expectInvalid('breaches', () => baselPlusFactor(0.5))
    expectInvalid('forecasts', () => dynamicQuantile([true], [1, 2], 0.1))
    expectInvalid('breaches', () => dynamicQuantile([true, false], [1, 2], 0.1))
    expectInvalid('lags', () => dynamicQuantile([true, false], [1, 2], 0.1, -1))
    expectInvalid('horizon', () => coverageByStart([true], 0, 0.1))
    expectInvalid('breaches', () => coverageByStart([true, true, true], 2, 0.1))
    expectInvalid('breaches', () => triggeredBreachRate([], []))
    expectInvalid('triggers', () => triggeredBreachRate([true], []))
    expectInvalid('confidence', () => triggeredBreachRate([true], [true], 1))
    expectInvalid('pValues', () => holm([], 0.1))
    expectInvalid('pValues[0]', () => holm([2], 0.1))
  })
})
