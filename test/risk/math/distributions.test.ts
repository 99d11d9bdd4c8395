import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareSurvival,
  digamma,
  erfc,
  incompleteBeta,
  incompleteGamma,
  logGamma,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTPdf,
  studentTQuantile,
} from '../../../risk/math/index.ts'
import { chiSquareCases, gammaCases, incompleteBetaCases, incompleteGammaCases, studentTCases } from '../reference/distributions.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
/** Spread evenly over orders of magnitude. */
const scaled = (min: number, max: number) => real(Math.log(min), Math.log(max)).map((x) => Math.min(max, Math.max(min, Math.exp(x))))

describe('logGamma and digamma', () => {
  it.each(gammaCases)('at $x', ({ x, logGamma: expected, digamma: slope }) => {
    expectNear({ x }, logGamma(x), expected, { abs: 1e-15 * Math.max(1, Math.abs(expected)) })
    expectNear({ x }, digamma(x), slope, { abs: 4e-15 * Math.max(1, Math.abs(slope)) })
  })
  it('keep relative accuracy at the zeros of ln Gamma', () => {
    for (const zero of [1, 2]) {
      expect(logGamma(zero)).toBe(0)
      for (const step of [1e-3, 2 ** -20, 2 ** -40, -(2 ** -40), -1e-3]) {
        const x = zero + step
        // ln Gamma(z + s) = psi(z) s + psi'(z) s^2 / 2 + psi''(z) s^3 / 6 + ...
        const first = zero === 1 ? -0.5772156649015329 : 0.42278433509846713
        const second = Math.PI ** 2 / 6 - (zero === 1 ? 0 : 1)
        const third = -2 * 1.2020569031595942 + (zero === 1 ? 0 : 2)
        const s = x - zero
        expectNear({ x }, logGamma(x), s * (first + s * (second / 2 + (s * third) / 6)), { rel: 1e-8 * step * step * 1e6 + 1e-14 })
      }
    }
  })
  it('are the logarithm of factorials, and harmonic numbers', () => {
    let factorial = 0
    let harmonic = 0
    for (let n = 1; n <= 200; n++) {
      factorial += Math.log(n)
      harmonic += 1 / n
      expectNear({ n }, logGamma(n + 1), factorial, { rel: 4e-15 })
      expectNear({ n }, digamma(n + 1), harmonic - 0.5772156649015329, { rel: 4e-15 })
    }
  })
  it('obey the duplication formula', () => {
    fc.assert(
      fc.property(scaled(1e-3, 1e6), (x) => {
        const parts = [logGamma(x), logGamma(x + 0.5), (2 * x - 1) * Math.LN2, -0.5 * Math.log(Math.PI)]
        const size = parts.reduce((sum, part) => sum + Math.abs(part), 1)
        expectNear({ x }, parts[0]! + parts[1]! + parts[2]! + parts[3]!, logGamma(2 * x), { abs: 1e-15 * size })
        expectNear({ x }, 0.5 * (digamma(x) + digamma(x + 0.5)) + Math.LN2, digamma(2 * x), { abs: 1e-14 * (1 + 1 / x) })
      }),
      propertyRuns,
    )
  })
  it('refuse what has no answer', () => {
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expectInvalid('x of logGamma', () => logGamma(bad))
      expectInvalid('x of digamma', () => digamma(bad))
    }
  })
})

describe('incompleteGamma', () => {
  it.each(incompleteGammaCases)('at shape $shape, $x', ({ shape, x, lower, upper }) => {
    const got = incompleteGamma(shape, x)
    expectNear({ shape, x }, Math.min(got.lower, got.upper), Math.min(lower, upper), { rel: 2e-13 })
    expectNear({ shape, x }, Math.max(got.lower, got.upper), Math.max(lower, upper), { rel: 1e-14 })
  })
  it('of whole shapes is a Poisson sum, of a half the error function', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), real(0.01, 60), (shape, x) => {
        let term = Math.exp(-x)
        let sum = term
        for (let k = 1; k < shape; k++) {
          term *= x / k
          sum += term
        }
        expectNear({ shape, x }, incompleteGamma(shape, x).upper, sum, { rel: 1e-12 })
        expectNear({ x }, incompleteGamma(0.5, x).upper, erfc(Math.sqrt(x)), { rel: 1e-13 })
      }),
      propertyRuns,
    )
  })
  it('begins at 0 and refuses bad arguments', () => {
    expect(incompleteGamma(2, 0)).toEqual({ lower: 0, upper: 1 })
    expectInvalid('shape', () => incompleteGamma(0, 1))
    for (const x of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expectInvalid('x of', () => incompleteGamma(1, x))
  })
})

describe('incompleteBeta', () => {
  it.each(incompleteBetaCases)('at $a, $b, $x', ({ a, b, x, lower, upper }) => {
    const got = incompleteBeta(a, b, x)
    expectNear({ a, b, x }, Math.min(got.lower, got.upper), Math.min(lower, upper), { rel: 3e-13 })
    expectNear({ a, b, x }, Math.max(got.lower, got.upper), Math.max(lower, upper), { rel: 1e-13 })
  })
  it('of whole arguments is a binomial tail', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), real(0.01, 0.99), (a, b, x) => {
        const n = a + b - 1
        let sum = 0
        for (let k = a; k <= n; k++) {
          let choose = 1
          for (let i = 0; i < k; i++) choose *= (n - i) / (i + 1)
          sum += choose * x ** k * (1 - x) ** (n - k)
        }
        expectNear({ a, b, x }, incompleteBeta(a, b, x).lower, sum, { rel: 1e-12 })
      }),
      propertyRuns,
    )
  })
  it('is symmetric under a change of sides', () => {
    fc.assert(
      fc.property(scaled(1e-3, 1e4), scaled(1e-3, 1e4), fc.integer({ min: 1, max: 1023 }), (a, b, k) => {
        const one = incompleteBeta(a, b, k / 1024)
        const other = incompleteBeta(b, a, 1 - k / 1024)
        expectNear({ a, b, k }, one.lower, other.upper, { abs: 1e-12 })
        expectNear({ a, b, k }, one.lower + one.upper, 1, { abs: 4e-16 })
      }),
      propertyRuns,
    )
  })
  it('ends at 0 and 1 and refuses bad arguments', () => {
    expect(incompleteBeta(2, 3, 0)).toEqual({ lower: 0, upper: 1 })
    expect(incompleteBeta(2, 3, 1)).toEqual({ lower: 1, upper: 0 })
    expectInvalid('a of', () => incompleteBeta(0, 1, 0.5))
    expectInvalid('b of', () => incompleteBeta(1, Number.NaN, 0.5))
    expectInvalid('x of', () => incompleteBeta(1, 1, 1.5))
  })
})

describe('Student’s t', () => {
  it.each(studentTCases)('at $t with $degrees degrees', ({ t, degrees, cdf, pdf }) => {
    expectNear({ t, degrees }, studentTCdf(t, degrees), cdf, { rel: 1e-13 })
    expectNear({ t, degrees }, studentTPdf(t, degrees), pdf, { rel: 2e-14 })
    expectNear({ t, degrees }, studentTQuantile(cdf, degrees), t, { rel: 1e-12 })
  })
  it('is Cauchy’s with one degree and algebraic with two and four', () => {
    fc.assert(
      fc.property(scaled(1e-3, 1e4), (t) => {
        expectNear({ t }, studentTCdf(-t, 1), Math.atan2(1, t) / Math.PI, { rel: 1e-14 })
        const two = Math.sqrt(2 + t * t)
        expectNear({ t }, studentTCdf(-t, 2), 1 / (two * (two + t)), { rel: 1e-14 })
        const w = t / Math.sqrt(4 + t * t)
        expectNear({ t }, studentTCdf(t, 4), 0.5 + 0.25 * w * (3 - w * w), { abs: 1e-15 })
      }),
      propertyRuns,
    )
  })
  it('approaches the normal', () => {
    for (const p of [1e-6, 0.01, 0.3, 0.5, 0.9]) expectNear({ p }, studentTQuantile(p, 1e8), normalQuantile(p), { abs: 1e-6 })
  })
  it('quantile and distribution function are inverse, the density is the slope, and sides mirror', () => {
    fc.assert(
      fc.property(scaled(1e-12, 0.5), scaled(1, 1e4), (p, degrees) => {
        const t = studentTQuantile(p, degrees)
        expectNear({ p, degrees }, studentTCdf(t, degrees), p, { rel: 3e-12 })
        expectNear({ p, degrees }, studentTCdf(-t, degrees) + studentTCdf(t, degrees), 1, { abs: 1e-15 })
        const step = 1e-4 * Math.max(1, Math.abs(t))
        const slope = (studentTCdf(t + step, degrees) - studentTCdf(t - step, degrees)) / (2 * step)
        expectNear({ p, degrees }, slope, studentTPdf(t, degrees), { rel: 1e-4 })
      }),
      propertyRuns,
    )
  })
  it('refuses bad arguments', () => {
    for (const p of [0, 1, 1e-141, Number.NaN]) expectInvalid('p of', () => studentTQuantile(p, 4))
    for (const degrees of [0.9, 1e9, Number.NaN]) expectInvalid('degrees', () => studentTQuantile(0.1, degrees))
    expectInvalid('t of', () => studentTCdf(Number.NaN, 4))
    expectInvalid('t of', () => studentTPdf(1e151, 4))
  })
})

describe('chi-square', () => {
  it.each(chiSquareCases)('quantile $p with $degrees degrees', ({ p, degrees, quantile }) =>
    expectNear({ p, degrees }, chiSquareQuantile(p, degrees), quantile, { rel: 1e-12 }),
  )
  it('with one degree is a squared normal, with two an exponential', () => {
    fc.assert(
      fc.property(scaled(1e-6, 200), (x) => {
        expectNear({ x }, chiSquareSurvival(x, 1), 2 * normalCdf(-Math.sqrt(x)), { rel: 1e-13 })
        expectNear({ x }, chiSquareSurvival(x, 2), Math.exp(-x / 2), { rel: 1e-13 })
        expectNear({ x }, chiSquareCdf(x, 2), -Math.expm1(-x / 2), { rel: 1e-13 })
      }),
      propertyRuns,
    )
  })
  it('quantile and distribution function are inverse', () => {
    fc.assert(
      fc.property(scaled(1e-12, 1 - 1e-9), scaled(0.2, 1e4), (p, degrees) => {
        const x = chiSquareQuantile(p, degrees)
        if (p <= 0.5) expectNear({ p, degrees }, chiSquareCdf(x, degrees), p, { rel: 1e-12 })
        else expectNear({ p, degrees }, chiSquareSurvival(x, degrees), 1 - p, { rel: 1e-12 })
      }),
      propertyRuns,
    )
  })
  it('refuses bad arguments, and results too small for a double', () => {
    expectInvalid('p of', () => chiSquareQuantile(0, 1))
    expectInvalid('degrees', () => chiSquareCdf(1, 0))
    expectInvalid('x of', () => chiSquareSurvival(-1, 1))
    expectInvalid('p of', () => chiSquareQuantile(1e-3, 0.001))
  })
})
