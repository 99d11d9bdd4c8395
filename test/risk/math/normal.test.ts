import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { centralMass } from '../../../risk/math/centralMass.ts'
import { erfc } from '../../../risk/math/erfc.ts'
import { exp } from '../../../risk/math/exp.ts'
import { normalCdf } from '../../../risk/math/normalCdf.ts'
import { normalPdf } from '../../../risk/math/normalPdf.ts'
import { normalQuantile } from '../../../risk/math/normalQuantile.ts'
import { scaledErfcDrop } from '../../../risk/math/scaledErfc.ts'
import * as big from '../reference/bigFixed.ts'
import { normalCdfCases, normalQuantileCases } from '../reference/normal.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { deep, propertyRuns } from '../support/propertyRuns.ts'
import { uniforms } from '../support/uniforms.ts'

// Ten times the points on a busy machine take longer than the suite's minute.
if (deep) vi.setConfig({ testTimeout: 600_000 })

const count = deep ? 3_000 : 300

function expectRelative(limit: number, samples: { x: number; got: number; expected: bigint }[]): void {
  let worst = { error: -1, x: Number.NaN, got: Number.NaN }
  for (const { x, got, expected } of samples) {
    const error = big.relativeError(got, expected)
    if (error > worst.error) worst = { error, x, got }
  }
  expect(worst.error, `largest relative error ${worst.error} at ${worst.x}, got ${worst.got}; tolerance ${limit}`).toBeLessThan(limit)
}

describe('normalCdf', () => {
  it.each(normalCdfCases)('$id: N($x)', ({ x, expected, rel }) => expectNear({ x }, normalCdf(x), expected, { rel }))
  it('has a relative error below 1e-15 from -37 to 9 against the whole-number series', () => {
    const points = [...uniforms(51, count).map((u) => -37 * u), ...uniforms(52, count).map((u) => 9 * u), -37, -0.001, 1e-9]
    expectRelative(
      1e-15,
      points.map((x) => ({ x, got: normalCdf(x), expected: big.normalCdf(big.fixed(x)) })),
    )
  })
  it('is exactly a half at 0 and saturates without NaN', () => {
    expect([normalCdf(0), normalCdf(-0), normalCdf(-1e308), normalCdf(1e308), normalCdf(40)]).toEqual([0.5, 0.5, 0, 1, 1])
  })
  it('does not fall', () => {
    fc.assert(
      fc.property(fc.double({ min: -39, max: 9, noNaN: true }), fc.double({ min: 1e-6, max: 1, noNaN: true }), (x, step) => {
        expect(normalCdf(x + step)).toBeGreaterThanOrEqual(normalCdf(x))
      }),
      propertyRuns,
    )
  })
  it('refuses NaN and infinities', () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY]) expectInvalid('x of normalCdf', () => normalCdf(x))
  })
})

describe('erfc', () => {
  it('has a relative error below 1e-15 from -6 to 26.5 against the whole-number series', () => {
    const points = [...uniforms(61, count).map((u) => 26.5 * u), ...uniforms(62, count).map((u) => -6 * u)]
    expectRelative(
      1e-15,
      points.map((x) => ({ x, got: erfc(x), expected: big.erfc(big.fixed(x)) })),
    )
  })
  it('is 1 at 0, 2 far below and 0 far above', () => {
    expect([erfc(0), erfc(-40), erfc(40)]).toEqual([1, 2, 0])
  })
  it('refuses NaN and infinities', () => {
    for (const x of [Number.NaN, Number.NEGATIVE_INFINITY]) expectInvalid('x of erfc', () => erfc(x))
  })
})

describe('centralMass', () => {
  it('has a relative error below 1e-15 from 1e-9 to 1 on both sides of zero', () => {
    const points = uniforms(91, count).flatMap((u, i) => [u * exp((-20 * i) / count), -u * exp((-20 * i) / count)])
    expectRelative(
      1e-15,
      points.map((x) => ({ x, got: centralMass(x), expected: big.normalCdf(big.fixed(x)) - big.ONE / 2n })),
    )
    expect(centralMass(0)).toBe(0)
  })
  it('refuses NaN', () => expectInvalid('x of normalPdf', () => centralMass(Number.NaN)))
})

describe('scaledErfcDrop', () => {
  it('keeps a relative error below 1e-14 for steps from 1e-9 to 10', () => {
    const u = uniforms(92, 2 * count)
    const scaled = (z: bigint): bigint => big.multiply(big.exp(big.multiply(z, z)), big.erfc(z))
    const points = Array.from({ length: count }, (_, i) => ({ z: 15 * u[2 * i]! ** 2, step: 10 * exp(-23 * u[2 * i + 1]!) }))
    let worst = { error: -1, at: {} }
    for (const { z, step } of points) {
      const expected = scaled(big.fixed(z)) - scaled(big.fixed(z) + big.fixed(step))
      const error = big.relativeError(scaledErfcDrop(z, step), expected)
      if (error > worst.error) worst = { error, at: { z, step } }
    }
    expect(worst.error, `largest relative error ${JSON.stringify(worst)}; tolerance 1e-14`).toBeLessThan(1e-14)
  })
})

describe('normalPdf', () => {
  it('has a relative error below 1e-15 within 37 standard deviations', () => {
    const points = uniforms(71, count).map((u) => (u - 0.5) * 74)
    expectRelative(
      1e-15,
      points.map((x) => ({ x, got: normalPdf(x), expected: big.normalPdf(big.fixed(x)) })),
    )
  })
  it('refuses NaN and infinities', () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY]) expectInvalid('x of normalPdf', () => normalPdf(x))
  })
})

describe('normalQuantile', () => {
  it.each(normalQuantileCases)('$id: quantile of $p', ({ p, expected, rel }) => expectNear({ p }, normalQuantile(p), expected, { rel }))
  it('has a relative error below 1e-15 from 1e-304 to 1 - 1e-16 and next to the middle', () => {
    const spread = uniforms(81, count)
    const points = [
      ...spread,
      ...spread.map((u, i) => u * exp((-699 * i) / count)),
      ...spread.map((u, i) => 0.5 + (u - 0.5) * exp((-20 * i) / count)),
      1 - 2 ** -53,
    ]
    let worst = { error: -1, p: Number.NaN, x: Number.NaN }
    for (const p of points) {
      const x = normalQuantile(p)
      const at = big.fixed(x)
      const miss = big.divide(big.normalCdf(at) - big.fixed(p), big.normalPdf(at))
      const error = Math.abs(big.toNumber(big.divide(miss, at)))
      if (error > worst.error) worst = { error, p, x }
    }
    expect(worst.error, `largest relative error ${worst.error} at p = ${worst.p}, got ${worst.x}; tolerance 1e-15`).toBeLessThan(1e-15)
  })
  it('answers at the ends of the doubles', () => {
    expect(normalQuantile(0.5)).toBe(0)
    expectNear({ p: 5e-324 }, normalQuantile(5e-324), -38.467405617144344, { rel: 1e-14 })
    expectNear({ p: 0.5 + 2 ** -52 }, normalQuantile(0.5 + 2 ** -52), 2.5066282746310002 * 2 ** -52, { rel: 1e-14 })
  })
  it('inverts normalCdf', () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 0, noNaN: true }), (x) =>
        expectNear({ x }, normalQuantile(normalCdf(x)), x, { abs: 1e-14 * Math.max(1, Math.abs(x)) }),
      ),
      propertyRuns,
    )
  })
  it('refuses 0, 1, NaN and what lies outside', () => {
    for (const p of [0, 1, Number.NaN, -0.1, 1.1]) expectInvalid('p of normalQuantile', () => normalQuantile(p))
  })
})
