import { expect, it } from 'vitest'
import { acerbiSzekely, coverageByStart, dynamicQuantile, logisticRegression, qlike } from '../../../risk/backtest/index.ts'
import { contentHash } from '../../../risk/hash/index.ts'
import {
  chiSquareQuantile,
  digamma,
  exp,
  expm1,
  incompleteBeta,
  incompleteGamma,
  logGamma,
  normalQuantile,
  randomSource,
  studentTQuantile,
} from '../../../risk/math/index.ts'
import {
  conditionalTail,
  fitGev,
  fitTail,
  gpdShortfallBand,
  shortfallBand,
  simulateFiltered,
  studentTTail,
  varBand,
} from '../../../risk/tail/index.ts'
import { fitGarch, fitHar, jumpTest, medRv, minRv, yangZhang } from '../../../risk/volatility/index.ts'

/** All numbers of a result, in the order of its sorted names. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (value instanceof Float64Array || Array.isArray(value)) return Array.from(value as ArrayLike<unknown>).flatMap(numbersIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, part]) => numbersIn(part))
}

/** Returns and variances of a simulated model, from exact functions only. */
function simulated(seed: number): { readonly returns: Float64Array; readonly variances: Float64Array } {
  const { uniform } = randomSource(seed)
  const returns = new Float64Array(600)
  const variances = new Float64Array(600)
  let h = 1
  for (let t = 0; t < 600; t++) {
    returns[t] = Math.sqrt(h) * normalQuantile(uniform())
    variances[t] = h * exp(0.3 * normalQuantile(uniform()) - 0.045)
    h = 0.02 + 0.08 * returns[t]! * returns[t]! + 0.9 * h
  }
  return { returns, variances }
}

function battery(seed: number): unknown[] {
  const { returns, variances } = simulated(seed)
  const breaches = Array.from(returns, (r) => r < -1.6)
  const { uniform } = randomSource(seed + 100)
  const fits = (['garch', 'gjr'] as const).flatMap((model) =>
    (['normal', 'studentT'] as const).map((innovations) => fitGarch(returns, { model, innovations })),
  )
  const bars = Array.from({ length: 40 }, (_, i) => {
    const part = Array.from(returns.subarray(15 * i, 15 * i + 15), (r) => 100 * exp(0.01 * r))
    return { open: part[0]!, high: Math.max(...part), low: Math.min(...part), close: part[14]! }
  })
  const points = Array.from({ length: 50 }, () => [
    logGamma(20 * uniform()),
    digamma(20 * uniform() + 0.1),
    incompleteGamma(9 * uniform() + 0.1, 9 * uniform()),
    incompleteBeta(5 * uniform() + 0.1, 3, uniform()),
    studentTQuantile(uniform(), 1 + 9 * uniform()),
    chiSquareQuantile(uniform(), 0.5 + 20 * uniform()),
    expm1(uniform() - 0.5),
  ])
  const ewma = { kind: 'ewma', decay: 0.94 } as const
  return [
    fits,
    [fitHar(variances), fitHar(variances, { scale: 'log', horizon: 5 })],
    [jumpTest(returns.subarray(0, 78)), medRv(returns), minRv(returns), yangZhang(bars)],
    [fitTail(returns), fitGev(bars.map(({ high }) => high)), gpdShortfallBand(returns, 1.2, 0.99, 0.9), studentTTail(0, 1, 4, 0.99)],
    [
      varBand(returns, 0.975, 0.9),
      shortfallBand(returns, 0.975, 0.9, seed, 60),
      conditionalTail(returns, ewma, { level: 0.99, side: 'long' }),
    ],
    simulateFiltered(returns, ewma, { horizon: 5, paths: 100, seed }),
    [
      coverageByStart(breaches, 24, 0.05),
      dynamicQuantile(breaches, variances, 0.05),
      qlike(
        variances,
        variances.map((v) => v + 1),
      ),
    ],
    acerbiSzekely({
      profits: returns,
      valueAtRisk: new Float64Array(600).fill(1.6),
      expectedShortfall: new Float64Array(600).fill(2),
      level: 0.95,
    }),
    logisticRegression(
      [returns, variances],
      Float64Array.from(breaches, (_, t) => (breaches[t + 1] ? 1 : 0)),
    ),
    points,
  ]
}

it('volatility, tail and backtest give the same bits on every machine: the hash was the same on Node 20.20 and 26.10', () => {
  const results = [1, 2, 3].flatMap(battery).flatMap(numbersIn)
  expect(results.length).toBeGreaterThan(5000)
  expect(results.every(Number.isFinite)).toBe(true)
  const view = new DataView(new ArrayBuffer(8))
  const bits = results.map((value) => {
    view.setFloat64(0, value)
    return view.getBigUint64(0).toString(16).padStart(16, '0')
  })
  expect(contentHash(bits.join(''))).toBe('0x1162b67db5b587168429a3f77e1d72da92e0878a66066bf5adab17e59f6dce67')
})
