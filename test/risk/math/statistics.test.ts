import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compensatedSum, interpolate, quantile, quantileInPlace, quantileOfSorted, selectSmallest } from '../../../risk/math/index.ts'
import * as big from '../reference/bigFixed.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const numbers = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 })
const tied = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 60 })

describe('compensatedSum', () => {
  it('keeps what plain addition loses', () => {
    expect(compensatedSum([1, 1e100, 1, -1e100])).toBe(2)
    expect(compensatedSum(Array.from({ length: 10 }, () => 0.1))).toBe(1)
    expect(compensatedSum([])).toBe(0)
  })
  it('is within two ulp of the exact sum for terms of one sign', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 }), (values) => {
        const exact = values.reduce((sum, value) => sum + big.fixed(value), 0n)
        expect(big.ulpError(compensatedSum(values), exact), JSON.stringify(values)).toBeLessThanOrEqual(2)
      }),
      propertyRuns,
    )
  })
})

describe('quantile', () => {
  it('follows type 7 on a worked sample', () => {
    const sample = [7, 1, 3, 5]
    expect([0, 0.25, 0.5, 0.9, 1].map((level) => quantile(sample, level))).toEqual([1, 2.5, 4, 6.4, 7])
    expect(sample, 'the input is left alone').toEqual([7, 1, 3, 5])
    expect(quantile([42], 0.3)).toBe(42)
  })
  it('gives the same bits by selection and by sorting, with ties or without', () => {
    fc.assert(
      fc.property(fc.oneof(numbers, tied), fc.double({ min: 0, max: 1, noNaN: true }), (values, level) => {
        const sorted = Float64Array.from(values).sort()
        expect(quantile(values, level) === quantileOfSorted(sorted, level), JSON.stringify({ values, level })).toBe(true)
        expect(quantileInPlace(Float64Array.from(values), level) === quantileOfSorted(sorted, level)).toBe(true)
      }),
      propertyRuns,
    )
  })
  it('refuses an empty sample, NaN, and a level outside [0, 1]', () => {
    expectInvalid('values of quantile', () => quantile([], 0.5))
    expectInvalid('values of quantile[1]', () => quantile([1, Number.NaN], 0.5))
    expectInvalid('level of quantile', () => quantile([1], 1.1))
    expectInvalid('level of quantile', () => quantileOfSorted([1], Number.NaN))
    expectInvalid('values of quantile', () => quantileInPlace(new Float64Array(0), 0.5))
  })
})

describe('selectSmallest', () => {
  it('puts the k-th smallest in its place, smaller before and larger after', () => {
    fc.assert(
      fc.property(fc.oneof(numbers, tied), fc.nat(), (values, pick) => {
        const k = pick % values.length
        const array = Float64Array.from(values)
        selectSmallest(array, k)
        const sorted = Float64Array.from(values).sort()
        expect(array[k] === sorted[k], JSON.stringify({ values, k })).toBe(true)
        expect(array.subarray(0, k).every((value) => value <= sorted[k]!)).toBe(true)
        expect(array.subarray(k).every((value) => value >= sorted[k]!)).toBe(true)
      }),
      propertyRuns,
    )
  })
})

describe('interpolate', () => {
  it('is linear between nodes, exact at them, and flat outside', () => {
    const xs = [0, 1, 3]
    const ys = [10, 20, 0]
    expect([-1, 0, 0.25, 1, 2, 3, 9].map((x) => interpolate(xs, ys, x))).toEqual([10, 10, 12.5, 20, 10, 0, 0])
  })
  it('refuses unequal lengths, nodes out of order and NaN', () => {
    expectInvalid('ys of interpolate', () => interpolate([0, 1], [1], 0))
    expectInvalid('xs[1] of interpolate', () => interpolate([0, 0], [1, 2], 0))
    expectInvalid('x of interpolate', () => interpolate([0, 1], [1, 2], Number.NaN))
    expectInvalid('xs of interpolate', () => interpolate([], [], 0))
  })
})
