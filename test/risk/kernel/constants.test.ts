import { describe, expect, it } from 'vitest'
import { kernelConstants } from '../../../risk/kernel/memory/constants.ts'
import { HEADER } from '../../../risk/kernel/memory/header.ts'
import { exponential, logOfRatio, scaledTail } from '../../../risk/kernel/twin/elementary.ts'
import * as big from '../reference/bigFixed.ts'
import { uniforms } from '../support/uniforms.ts'

/** The polynomial with its coefficients as they are rounded, in whole-number arithmetic. */
function polynomial(first: number, count: number, x: bigint): bigint {
  return kernelConstants.slice(first, first + count).reduceRight((sum, coefficient) => big.multiply(sum, x) + big.fixed(coefficient), 0n)
}

const relative = (got: bigint, expected: bigint): number => Math.abs(big.toNumber(big.divide(got - expected, expected)))

describe('polynomials, in whole-number arithmetic', () => {
  it('leaves 1.3e-16 of the normal tail', () => {
    const worst = [0, 0.001, 0.03, 0.2, 0.5, 0.9, 1.3, 1.9, 2.6, 3.4, 4.5, 5.9, 7.7, 9.8, 12, 15, 19, 23, 26.5].map((z) => {
      const fixed = big.fixed(z)
      const centre = big.fixed(4.5)
      const expected = big.multiply(big.multiply(big.ONE + 2n * fixed, big.exp(big.multiply(fixed, fixed))), big.erfc(fixed))
      return relative(polynomial(0, 22, big.divide(fixed - centre, fixed + centre)), expected)
    })
    expect(Math.max(...worst)).toBeLessThan(1.3e-16)
  })
  it('leaves 3e-17 of the exponential', () => {
    const worst = uniforms(1, 200).map((u) => {
      const r = big.fixed(0.69314718 * (u - 0.5))
      return relative(big.ONE + r + big.multiply(big.multiply(r, r), polynomial(22, 10, r)), big.exp(r))
    })
    expect(Math.max(...worst)).toBeLessThan(3e-17)
  })
  it('leaves 1e-17 of the logarithm', () => {
    const worst = uniforms(2, 60).map((u) => {
      const f = big.fixed(0.1715728 * (2 * u - 1))
      const s = big.multiply(f, f)
      const expected = big.log(big.divide(big.ONE + f, big.ONE - f))
      return relative(2n * f + big.multiply(big.multiply(f, s), polynomial(32, 7, s)), expected)
    })
    expect(Math.max(...worst)).toBeLessThan(1e-17)
  })
})

it('keep out of the header', () => {
  expect(8 * kernelConstants.length).toBeLessThanOrEqual(HEADER)
})

describe('elementary functions, in doubles', () => {
  it('keeps e^y within 2 units in the last place', () => {
    const errors = uniforms(3, 300).map((u) => {
      const y = 1400 * (u - 0.505)
      return big.ulpError(exponential(y), big.exp(big.fixed(y)))
    })
    expect(Math.max(...errors)).toBeLessThan(2)
  })
  it('keeps ln(a / b) within 2e-16 of itself or 1.2e-16 times ln 2 per power of two', () => {
    const draws = uniforms(4, 160)
    const errors = Array.from({ length: 80 }, (_, i) => {
      const a = 1 + 1e3 * draws[2 * i]!
      const b = i % 4 === 0 ? a * (1 + 1e-9 * draws[2 * i + 1]!) : 1e3 * draws[2 * i + 1]!
      const expected = big.log(big.divide(big.fixed(a), big.fixed(b)))
      return Math.abs(big.toNumber(big.fixed(logOfRatio(a, b)) - expected)) / Math.abs(big.toNumber(expected))
    })
    expect(Math.max(...errors)).toBeLessThan(4e-16)
    expect(logOfRatio(7, 7)).toBe(0)
  })
  it('keeps the tail within 1e-15 of itself', () => {
    const errors = [...uniforms(5, 40).map((u) => 36 * u * u), 0].map((y) => {
      const fixed = big.fixed(y)
      const expected = big.multiply(big.normalCdf(-fixed), big.exp(big.multiply(fixed, fixed) / 2n))
      return relative(big.fixed(scaledTail(y)), expected)
    })
    expect(Math.max(...errors)).toBeLessThan(1e-15)
  })
})
