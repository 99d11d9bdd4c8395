import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exp, expm1, logistic, maximiseOnInterval } from '../../../risk/math/index.ts'
import { exp as exactExp, fixed, ONE, relativeError } from '../reference/bigFixed.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { deep, propertyRuns } from '../support/propertyRuns.ts'
import { uniforms } from '../support/uniforms.ts'

describe('expm1', () => {
  it('is within 4e-16 relative of whole-number arithmetic', () => {
    const points = uniforms(61, deep ? 3000 : 300).flatMap((u, i) => {
      const size = i % 3 === 0 ? 1e-12 : i % 3 === 1 ? 1 : 300
      return [(2 * u - 1) * size]
    })
    for (const x of [...points, 0.35, -0.35, 0.3500001, 1e-300]) {
      expect(relativeError(expm1(x), exactExp(fixed(x)) - ONE), `${x}`).toBeLessThan(4e-16)
    }
    expect(expm1(0)).toBe(0)
    expect(expm1(-800)).toBe(-1)
  })
  it('refuses NaN and what overflows', () => {
    for (const x of [Number.NaN, 710]) expectInvalid('x of expm1', () => expm1(x))
  })
})

describe('logistic', () => {
  it('is 1 / (1 + e^-x), adds up to one with its mirror, and never overflows', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expectNear({ x }, logistic(x), 1 / (1 + exp(-x)), { rel: 4e-16 })
        expectNear({ x }, logistic(x) + logistic(-x), 1, { abs: 3e-16 })
      }),
      propertyRuns,
    )
    expect(logistic(1e300)).toBe(1)
    expect(logistic(-1e300)).toBe(0)
  })
})

describe('maximiseOnInterval', () => {
  it('finds the peak of random parabolas, also when it lies outside', () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 3, noNaN: true }), fc.double({ min: 0.1, max: 10, noNaN: true }), (peak, steepness) => {
        const { at, value } = maximiseOnInterval((x) => -steepness * (x - peak) * (x - peak), -1, 2, 9)
        const best = Math.min(2, Math.max(-1, peak))
        expectNear({ peak, steepness }, at, best, { abs: 1e-7 })
        expect(value).toBe(-steepness * (at - peak) * (at - peak))
      }),
      propertyRuns,
    )
  })
  it('takes the highest of several peaks when the grid sees it, and skips what is not defined', () => {
    const twoPeaks = (x: number): number => (x < 0 ? Number.NEGATIVE_INFINITY : Math.max(1 - (x - 1) * (x - 1), 2 - 4 * (x - 4) * (x - 4)))
    expectNear('second peak', maximiseOnInterval(twoPeaks, -3, 6, 19).at, 4, { abs: 1e-7 })
  })
})
