import { describe, expect, it } from 'vitest'
import { atan2, cos, sin } from '../../../risk/math/index.ts'
import * as big from '../reference/bigFixed.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { deep } from '../support/propertyRuns.ts'
import { uniforms } from '../support/uniforms.ts'

const count = deep ? 5_000 : 500

/** Sine and cosine in whole-number arithmetic: reduced to a quarter of a turn, then the power series. */
function bigSinCos(x: bigint): [bigint, bigint] {
  const turn = 2n * big.PI
  const r = ((x % turn) + turn) % turn
  let term = big.ONE
  const sums: [bigint, bigint] = [0n, 0n]
  for (let n = 0n; term !== 0n; n++) {
    const sign = n % 4n < 2n ? 1n : -1n
    sums[n % 2n === 0n ? 1 : 0] += sign * term
    term = big.multiply(term, r) / (n + 1n)
  }
  return sums
}

function expectUlps(limit: number, samples: { input: unknown; got: number; expected: bigint }[]): void {
  let worst = { error: -1, input: undefined as unknown }
  for (const { input, got, expected } of samples) {
    const error = big.ulpError(got, expected)
    if (error > worst.error) worst = { error, input }
  }
  expect(worst.error, `largest error ${worst.error} ulp at ${JSON.stringify(worst.input)}; tolerance ${limit}`).toBeLessThan(limit)
}

describe('sin and cos', () => {
  const points = [
    ...uniforms(71, count).map((u) => (u - 0.5) * 20),
    ...uniforms(72, count).map((u) => (u - 0.5) * 2e6),
    ...uniforms(73, count).map((u) => (u - 0.5) * 1e-3),
    Math.PI,
    Math.PI / 2,
    355,
    1e6,
    -1e6,
  ]
  it('stay within 0.8 ulp of whole-number arithmetic up to a million radians', () => {
    const expected = points.map((x) => bigSinCos(big.fixed(x)))
    expectUlps(
      0.8,
      points.map((x, i) => ({ input: x, got: sin(x), expected: expected[i]![0] })),
    )
    expectUlps(
      0.8,
      points.map((x, i) => ({ input: x, got: cos(x), expected: expected[i]![1] })),
    )
  })
  it('are exact at zero', () => {
    expect([sin(0), cos(0)]).toEqual([0, 1])
  })
  it('refuse NaN and angles beyond a million', () => {
    for (const x of [Number.NaN, 1_000_001, Number.NEGATIVE_INFINITY]) {
      expectInvalid('x of sin', () => sin(x))
      expectInvalid('x of cos', () => cos(x))
    }
  })
})

describe('atan2', () => {
  /** |sin(a) x - cos(a) y| / radius is the error of the angle a, in whole-number arithmetic. */
  const angleError = (y: number, x: number): number => {
    const angle = atan2(y, x)
    const [sine, cosine] = bigSinCos(big.fixed(angle))
    const [bigX, bigY] = [big.fixed(x), big.fixed(y)]
    const across = big.multiply(sine, bigX) - big.multiply(cosine, bigY)
    const along = big.multiply(cosine, bigX) + big.multiply(sine, bigY)
    expect(along > 0n, `atan2(${y}, ${x}) points the other way`).toBe(true)
    return Math.abs(big.toNumber(big.divide(across, along))) / Math.abs(angle)
  }
  it('is within 3e-16 of the angle, in all quadrants and near the axes', () => {
    const u = uniforms(74, 2 * count)
    let worst = 0
    for (let i = 0; i < count; i++) {
      const [a, b] = [u[2 * i]! - 0.5, u[2 * i + 1]! - 0.5]
      worst = Math.max(worst, angleError(a, b), angleError(a * 1e-6, b), angleError(a, b * 1e-6))
    }
    expect(worst, `largest relative error ${worst}`).toBeLessThan(3e-16)
  })
  it('knows the axes', () => {
    expect([atan2(0, 1), atan2(1, 0), atan2(0, -1), atan2(-1, 0), atan2(0, 0), atan2(1, 1)]).toEqual([
      0,
      Math.PI / 2,
      Math.PI,
      -Math.PI / 2,
      0,
      Math.PI / 4,
    ])
  })
  it('refuses what is not finite', () => {
    expectInvalid('y of atan2', () => atan2(Number.NaN, 1))
    expectInvalid('x of atan2', () => atan2(1, Number.POSITIVE_INFINITY))
  })
})
