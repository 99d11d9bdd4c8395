import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  acerbiSzekely,
  areaUnderCurve,
  brierScore,
  dieboldMariano,
  fzScore,
  type LogisticFit,
  logisticRegression,
  logLoss,
  meanSquaredError,
  qlike,
} from '../../../risk/backtest/index.ts'
import { randomSource } from '../../../risk/math/index.ts'
import { classifier, fz, logistic, qlikeCase } from '../reference/backtest.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'
import { referenceNormals } from '../support/uniforms.ts'

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const fill = (n: number, value: number): number[] => new Array<number>(n).fill(value)

describe('fzScore', () => {
  const score = (profit: number, valueAtRisk: number, expectedShortfall: number, level: number): number =>
    fzScore({ profits: [profit], valueAtRisk: [valueAtRisk], expectedShortfall: [expectedShortfall], level })
  it('bt-11', () => expectNear('bt-11', score(fz.profit, fz.valueAtRisk, fz.expectedShortfall, fz.level), fz.expected, { abs: fz.abs }))
  it('is Patton, Ziegel and Chen’s formula in profits', () => {
    const amount = fc.double({ min: 0.1, max: 10, noNaN: true })
    fc.assert(
      fc.property(
        fc.double({ min: -20, max: 20, noNaN: true }),
        amount,
        amount,
        fc.double({ min: 0.5, max: 0.99, noNaN: true }),
        (y, risk, more, level) => {
          const [v, e, a] = [-risk, -(risk + more), 1 - level]
          const formula = -((y <= v ? 1 : 0) * (v - y)) / (a * e) + v / e + Math.log(-e) - 1
          expectNear({ y, risk, more, level }, score(y, risk, risk + more, level), formula, { abs: 1e-10 })
        },
      ),
      propertyRuns,
    )
  })
  it('is lowest in expectation at the true measures (seed 15, 100,000 normals)', () => {
    const profits = referenceNormals(15, 100_000)
    const at = (v: number, e: number): number =>
      fzScore({ profits, valueAtRisk: fill(profits.length, v), expectedShortfall: fill(profits.length, e), level: 0.975 })
    const best = at(1.959964, 2.337803)
    for (const [v, e] of [
      [1.76, 2.1],
      [2.16, 2.5],
      [1.96, 2.0],
      [1.96, 2.7],
    ] as const)
      expect(at(v, e)).toBeGreaterThan(best)
  })
})

describe('acerbiSzekely', () => {
  const profits = referenceNormals(16, 100_000)
  const at = (v: number, e: number): number =>
    acerbiSzekely({ profits, valueAtRisk: fill(profits.length, v), expectedShortfall: fill(profits.length, e), level: 0.975 })
  it('is 0 for a right model within sampling error, positive for one that promises too little (seed 16)', () => {
    expectNear('right', at(1.959964, 2.337803), 0, { abs: 0.08 })
    expect(at(1.6, 1.95)).toBeGreaterThan(0.7)
    expect(at(100, 101)).toBe(-1)
  })
})

describe('qlike and meanSquaredError', () => {
  it('ml-05', () => expectNear('ml-05', qlike(qlikeCase.realized, qlikeCase.forecast), qlikeCase.expected, { rel: qlikeCase.rel }))
  const variances = fc.array(fc.tuple(fc.double({ min: 1e-6, max: 10, noNaN: true }), fc.double({ min: 1e-6, max: 10, noNaN: true })), {
    minLength: 1,
    maxLength: 50,
  })
  it('equal their formulas, do not depend on the unit (QLIKE), and are 0 for perfect forecasts only', () => {
    fc.assert(
      fc.property(variances, (pairs) => {
        const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
        const loss = qlike(a, b)
        expectNear({ pairs }, loss, mean(pairs.map(([x, y]) => x / y - Math.log(x / y) - 1)), { abs: 1e-9 * (1 + loss) })
        expectNear(
          { pairs },
          qlike(
            a.map((x) => 1e-4 * x),
            b.map((x) => 1e-4 * x),
          ),
          loss,
          { abs: 1e-9 * (1 + loss) },
        )
        expect(loss).toBeGreaterThanOrEqual(-1e-15)
        expectNear({ pairs }, qlike(a, a), 0, { abs: 1e-15 })
        expectNear({ pairs }, meanSquaredError(a, b), mean(pairs.map(([x, y]) => (x - y) ** 2)), { abs: 1e-12 })
        expect(meanSquaredError(a, a)).toBe(0)
      }),
      propertyRuns,
    )
  })
  it('QLIKE ranks forecasts of a noisy variance as of the true one (seed 17)', () => {
    const z = referenceNormals(17, 40_000)
    const truth = Array.from({ length: 20_000 }, (_, i) => Math.exp(0.5 * z[i]!))
    const noisy = truth.map((h, i) => h * z[20_000 + i]! ** 2).map((x) => Math.max(x, 1e-12))
    expect(qlike(noisy, truth)).toBeLessThan(
      qlike(
        noisy,
        truth.map((h) => 1.2 * h),
      ),
    )
    expect(qlike(noisy, truth)).toBeLessThan(
      qlike(
        noisy,
        truth.map((h) => h / 1.2),
      ),
    )
  })
})

describe('dieboldMariano', () => {
  it('is the t statistic of the mean difference without lags, and rejects equal forecasts as often as it says (seeds 1 to 400)', () => {
    let rejections = 0
    for (let seed = 1; seed <= 400; seed++) {
      const { uniform } = randomSource(seed)
      const a = Array.from({ length: 200 }, uniform)
      const b = Array.from({ length: 200 }, uniform)
      const { statistic, pValue } = dieboldMariano(a, b, 0)!
      const d = a.map((x, i) => x - b[i]!)
      expectNear({ seed }, statistic, mean(d) / Math.sqrt(d.reduce((s, x) => s + (x - mean(d)) ** 2, 0) / 200 ** 2), { rel: 1e-9 })
      if (pValue < 0.05) rejections += 1
    }
    expectNear('rejections', rejections / 400, 0.05, { abs: 4 * Math.sqrt((0.05 * 0.95) / 400) })
  })
  it('sees the better forecast, and answers null to equal losses', () => {
    const { uniform } = randomSource(3)
    const losses = Array.from({ length: 300 }, uniform)
    const better = dieboldMariano(
      losses,
      losses.map((x) => 0.8 * x),
      5,
    )!
    expect(better.statistic).toBeGreaterThan(5)
    expect(better.pValue).toBeLessThan(1e-6)
    expect(dieboldMariano(losses, losses, 3)).toBeNull()
  })
})

describe('classifiers', () => {
  const { labels, probabilities, rel } = classifier
  it('ml-03', () => {
    expectNear('AUC', areaUnderCurve(labels, probabilities)!, classifier.auc, { rel })
    expectNear('Brier', brierScore(labels, probabilities), classifier.brier, { rel })
    expectNear('log loss', logLoss(labels, probabilities), classifier.logLoss, { rel })
  })
  it('AUC is the share of pairs in order, ties one half, and turns round with the labels', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 60 }),
        (cases) => {
          const y = cases.map(([label]) => label)
          const scores = cases.map(([, score]) => score / 10)
          const positives = scores.filter((_, i) => y[i] === 1)
          const negatives = scores.filter((_, i) => y[i] === 0)
          const got = areaUnderCurve(y, scores)
          if (positives.length === 0 || negatives.length === 0) {
            expect(got).toBeNull()
            return
          }
          const wins = positives.flatMap((p) => negatives.map((n): number => (p > n ? 1 : p === n ? 0.5 : 0)))
          expectNear({ cases }, got!, mean(wins), { abs: 1e-14 })
          expectNear(
            { cases },
            areaUnderCurve(
              y.map((label) => 1 - label),
              scores,
            )!,
            1 - got!,
            { abs: 1e-14 },
          )
        },
      ),
      propertyRuns,
    )
  })
})

describe('logisticRegression', () => {
  type Fitted = Extract<LogisticFit, { status: 'fitted' }>
  const fitted = (fit: LogisticFit): Fitted => {
    if (fit.status !== 'fitted') expect.fail(`expected a fit, got ${JSON.stringify(fit)}`)
    return fit
  }
  const cars = { labels: logistic.rows.map(([y]) => y), features: [logistic.rows.map(([, x]) => x), logistic.rows.map(([, , x]) => x)] }
  it('ml-01', () => {
    const fit = fitted(logisticRegression(cars.features, cars.labels))
    for (const [k, expected] of logistic.coefficients.entries()) expectNear({ k }, fit.coefficients[k]!, expected, { rel: logistic.rel })
    expectNear('deviance', fit.deviance, logistic.deviance, { rel: logistic.rel })
  })
  const simulated = (seed: number, n: number) => {
    const z = referenceNormals(seed, 2 * n)
    const { uniform } = randomSource(seed)
    const [a, b] = [z.slice(0, n), z.slice(n).map((x) => 100 + 5 * x)]
    const odds = a.map((x, i) => -1 + 0.8 * x + 0.1 * (b[i]! - 100))
    return { features: [a, b], labels: odds.map((o) => (uniform() < 1 / (1 + Math.exp(-o)) ? 1 : 0)) }
  }
  it('solves the score equations, and its errors are the inverse information (seed 71)', () => {
    const { features, labels } = simulated(71, 500)
    const fit = fitted(logisticRegression(features, labels))
    const rows = labels.map((_, i) => [1, features[0]![i]!, features[1]![i]!])
    const p = rows.map((row) => 1 / (1 + Math.exp(-row.reduce((s, x, k) => s + x * fit.coefficients[k]!, 0))))
    for (let k = 0; k < 3; k++)
      expectNear(
        { k },
        rows.reduce((s, row, i) => s + row[k]! * (labels[i]! - p[i]!), 0),
        0,
        { abs: 1e-8 },
      )
    expectNear('deviance', fit.deviance, -2 * labels.reduce<number>((s, y, i) => s + Math.log(y === 1 ? p[i]! : 1 - p[i]!), 0), {
      rel: 1e-12,
    })
    const information = [0, 1, 2].map((j) =>
      [0, 1, 2].map((k) => rows.reduce((s, row, i) => s + p[i]! * (1 - p[i]!) * row[j]! * row[k]!, 0)),
    )
    const [[a, b, c], [, d, e], [, , f]] = information as [[number, number, number], [number, number, number], [number, number, number]]
    const determinant = a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d)
    const diagonal = [d * f - e * e, a * f - c * c, a * d - b * b].map((minor) => Math.sqrt(minor / determinant))
    for (const [k, error] of diagonal.entries()) expectNear({ k }, fit.standardErrors[k]!, error, { rel: 1e-6 })
  })
  it('finds the coefficients within four standard errors (seeds 72 to 81)', () => {
    for (let seed = 72; seed <= 81; seed++) {
      const { features, labels } = simulated(seed, 2000)
      const fit = fitted(logisticRegression(features, labels))
      for (const [k, truth] of [-11, 0.8, 0.1].entries())
        expectNear({ seed, k }, fit.coefficients[k]!, truth, { abs: 4 * fit.standardErrors[k]! })
    }
  })
  it('is the log odds of the share without features', () => {
    const fit = fitted(logisticRegression([], [1, 0, 0, 0]))
    expectNear('constant', fit.coefficients[0]!, Math.log(1 / 3), { rel: 1e-10 })
  })
  it('names data without a finite estimate', () => {
    const x = [1, 2, 3, 4, 5, 6]
    expect(logisticRegression([x], [0, 0, 0, 1, 1, 1])).toEqual({ status: 'separated' })
    expect(logisticRegression([[1, 2, 3, 3, 4, 5]], [0, 0, 0, 1, 1, 1])).toEqual({ status: 'separated' })
    expect(logisticRegression([x, x.map((v) => 3 - 2 * v)], [0, 1, 0, 1, 0, 1])).toEqual({ status: 'collinear' })
    expect(logisticRegression([x.map(() => 7)], [0, 1, 0, 1, 0, 1])).toEqual({ status: 'collinear' })
    expect(logisticRegression([x], fill(6, 1))).toEqual({ status: 'oneClass', label: 1 })
  })
  it('ends on any data, without NaN', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer({ min: 0, max: 1 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 3 })),
          { minLength: 4, maxLength: 40 },
        ),
        (rows) => {
          const fit = logisticRegression(
            [rows.map(([, x]) => x), rows.map(([, , x]) => x)],
            rows.map(([y]) => y),
          )
          if (fit.status !== 'fitted') return
          for (const value of [...fit.coefficients, ...fit.standardErrors, fit.deviance])
            expect(Number.isFinite(value), JSON.stringify({ rows })).toBe(true)
        },
      ),
      propertyRuns,
    )
  })
})

describe('bad input', () => {
  it('is refused with the name of the argument', () => {
    const tail = { profits: [1, 2], valueAtRisk: [1, 1], expectedShortfall: [2, 2], level: 0.9 }
    for (const score of [fzScore, acerbiSzekely]) {
      expectInvalid('level', () => score({ ...tail, level: 1 }))
      expectInvalid('profits', () => score({ ...tail, profits: [] }))
      expectInvalid('valueAtRisk', () => score({ ...tail, valueAtRisk: [1] }))
      expectInvalid('expectedShortfall[1]', () => score({ ...tail, expectedShortfall: [2, 0.5] }))
      expectInvalid('expectedShortfall[0]', () => score({ ...tail, valueAtRisk: [-2, 1], expectedShortfall: [0, 2] }))
    }
    expectInvalid('profits', () => acerbiSzekely({ profits: [-1e300], valueAtRisk: [1e-20], expectedShortfall: [1e-20], level: 0.9 }))
    expectInvalid('realized[0]', () => qlike([0], [1]))
    expectInvalid('forecast[0]', () => qlike([1], [0]))
    expectInvalid('forecast', () => meanSquaredError([1], [1, 2]))
    expectInvalid('others', () => dieboldMariano([1], [1, 2], 0))
    expectInvalid('lags', () => dieboldMariano([1, 2], [1, 3], 2))
    for (const score of [areaUnderCurve, brierScore, logLoss]) {
      expectInvalid('labels[0]', () => score([2], [0.5]))
      expectInvalid('scores', () => score([1], [0.5, 0.5]))
      expectInvalid('scores[0]', () => score([1], [Number.NaN]))
    }
    for (const score of [brierScore, logLoss]) expectInvalid('probabilities[0]', () => score([1], [1.5]))
    expectInvalid('probabilities[0]', () => logLoss([1], [0]))
    expectInvalid('features[0]', () => logisticRegression([[1]], [1, 0, 1]))
    expectInvalid('features[0][1]', () => logisticRegression([[1, Number.NaN, 2]], [1, 0, 1]))
    expectInvalid('labels', () => logisticRegression([[1, 2]], [1, 0]))
    expectInvalid('labels[0]', () => logisticRegression([[1, 2, 3]], [3, 0, 1]))
  })
})
