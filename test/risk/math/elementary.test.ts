import { describe, expect, it, vi } from 'vitest'
import { exp } from '../../../risk/math/exp.ts'
import { log } from '../../../risk/math/log.ts'
import { log1p } from '../../../risk/math/log1p.ts'
import { pow } from '../../../risk/math/pow.ts'
import * as big from '../reference/bigFixed.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { deep } from '../support/propertyRuns.ts'
import { uniforms } from '../support/uniforms.ts'

// Ten times the points on a busy machine take longer than the suite's minute.
if (deep) vi.setConfig({ testTimeout: 600_000 })

const count = deep ? 10_000 : 1_000

/** Asserts the largest error in units of the last place over a dense sample, and names where it stands. */
function expectUlps(limit: number, samples: { input: unknown; got: number; expected: bigint }[]): void {
  let worst = { error: -1, input: undefined as unknown, got: Number.NaN }
  for (const { input, got, expected } of samples) {
    const error = big.ulpError(got, expected)
    if (error > worst.error) worst = { error, input, got }
  }
  expect(
    worst.error,
    `largest error ${worst.error} ulp at ${JSON.stringify(worst.input)}, got ${worst.got}; tolerance ${limit} ulp`,
  ).toBeLessThan(limit)
}

describe('exp', () => {
  it('stays within 0.51 ulp of the whole-number reference over all normal results', () => {
    const points = [
      ...uniforms(11, count).map((u) => (u - 0.5) * 1400),
      ...uniforms(12, count).map((u) => u - 0.5),
      709.782712893384,
      -708.3,
    ]
    expectUlps(
      0.51,
      points.map((x) => ({ input: x, got: exp(x), expected: big.exp(big.fixed(x)) })),
    )
  })
  it('stays within 1 ulp where results are subnormal', () => {
    const points = uniforms(13, 300).map((u) => -708.4 - 36.7 * u)
    expectUlps(
      1,
      points.map((x) => ({ input: x, got: exp(x), expected: big.exp(big.fixed(x)) })),
    )
  })
  it('is exact at 0, underflows to 0 and to the smallest double', () => {
    expect([exp(0), exp(-0), exp(-746), exp(-1e300), exp(-745)]).toEqual([1, 1, 0, 0, 5e-324])
  })
  it('refuses NaN and what would overflow', () => {
    for (const x of [Number.NaN, 709.782712893385, Number.POSITIVE_INFINITY]) expectInvalid('x of exp', () => exp(x))
  })
})

describe('log', () => {
  it('stays within 0.51 ulp of the reference from 1e-304 to 1e304, next to 1, and for subnormal arguments', () => {
    const wide = uniforms(21, count).map((u) => exp((u - 0.5) * 1400))
    const near = uniforms(22, count).map((u) => 1 + (u - 0.5) * 0.02)
    const middle = uniforms(23, count).map((u) => 0.5 + 1.5 * u)
    const tiny = uniforms(24, 100).map((u) => 5e-324 * Math.floor(1 + 1e9 * u))
    expectUlps(
      0.51,
      [...wide, ...near, ...middle, ...tiny, 5e-324, Number.MAX_VALUE, 1 + 2 ** -52, 1 - 2 ** -53].map((x) => ({
        input: x,
        got: log(x),
        expected: big.log(big.fixed(x)),
      })),
    )
  })
  it('is 0 at 1', () => {
    expect(log(1)).toBe(0)
  })
  it('refuses NaN, infinity, zero and negative arguments', () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY, 0, -0, -1]) expectInvalid('x of log', () => log(x))
  })
})

describe('log1p', () => {
  it('stays within 0.7 ulp of the reference down to arguments of 1e-17', () => {
    const points = uniforms(31, count).map((u, i) => (u - 0.5) * exp((-40 * i) / count))
    expectUlps(
      0.7,
      points.map((x) => ({ input: x, got: log1p(x), expected: big.log(big.ONE + big.fixed(x)) })),
    )
  })
  it('returns tiny arguments unchanged', () => {
    expect([log1p(1e-20), log1p(-1e-300), log1p(0)]).toEqual([1e-20, -1e-300, 0])
  })
  it('refuses NaN, infinity and -1', () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY, -1]) expectInvalid('x of log1p', () => log1p(x))
  })
})

describe('pow', () => {
  it('stays within 0.52 ulp of the reference, also with results near 1e280', () => {
    const points = uniforms(41, count).map((u, i) => [exp((u - 0.5) * 20), 65 * Math.sin(i)] as const)
    expectUlps(
      0.52,
      points.map(([x, y]) => ({ input: [x, y], got: pow(x, y), expected: big.exp(big.multiply(big.fixed(y), big.log(big.fixed(x)))) })),
    )
  })
  it('stays within 0.52 ulp with a base next to 1 and a large exponent', () => {
    const points = uniforms(42, 200).map((u) => [1 + (u - 0.5) * 1e-8, 6e10 * u] as const)
    expectUlps(
      0.52,
      points.map(([x, y]) => ({ input: [x, y], got: pow(x, y), expected: big.exp(big.multiply(big.fixed(y), big.log(big.fixed(x)))) })),
    )
  })
  it('is exact where the result is a double', () => {
    expect([pow(2, 10), pow(4, 0.5), pow(10, 22), pow(2, -1074), pow(0.25, -1.5), pow(9, 1.5)]).toEqual([1024, 2, 1e22, 5e-324, 8, 27])
  })
  it('keeps the conventions of zero', () => {
    expect([pow(0, 2), pow(0, 0), pow(7, 0), pow(1, -1e300), pow(0.5, 1e300)]).toEqual([0, 1, 1, 1, 0])
  })
  it('refuses a negative base, a negative power of zero, overflow and NaN', () => {
    expectInvalid('base of pow', () => pow(-1, 2))
    expectInvalid('base of pow', () => pow(Number.NaN, 2))
    expectInvalid('exponent of pow', () => pow(0, -1))
    expectInvalid('exponent of pow', () => pow(2, Number.POSITIVE_INFINITY))
    expectInvalid('exponent of pow', () => pow(10, 309))
  })
})
