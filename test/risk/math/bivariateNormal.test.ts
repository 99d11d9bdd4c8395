import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bivariateNormalCdf, normalCdf, normalPdf } from '../../../risk/math/index.ts'
import { bivariateNormalCases, bivariateNormalFigures } from '../reference/bivariateNormal.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { gaussPanels } from '../support/gaussPanels.ts'
import { deep, propertyRuns } from '../support/propertyRuns.ts'
import { uniforms } from '../support/uniforms.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })

describe('bivariateNormalCdf', () => {
  it.each(bivariateNormalCases)('$id ($source)', ({ x, y, rho, expected, abs }) =>
    expectNear({ x, y, rho }, bivariateNormalCdf(x, y, rho), expected, { abs }),
  )
  it('is within 4e-16 of 40-digit figures, also for correlations next to 1', () => {
    for (const [x, y, rho, probability] of bivariateNormalFigures)
      expectNear({ x, y, rho }, bivariateNormalCdf(x, y, rho), probability, { abs: 4e-16 })
  })
  it('is within 4e-15 of the integral of the conditional probability on a dense grid', () => {
    const u = uniforms(77, 3 * (deep ? 3000 : 300))
    for (let i = 0; i + 3 <= u.length; i += 3) {
      const [x, y, rho] = [10 * u[i]! - 5, 10 * u[i + 1]! - 5, 1.98 * u[i + 2]! - 0.99]
      const root = Math.sqrt(1 - rho * rho)
      const conditional = (s: number): number => normalPdf(s) * normalCdf((y - rho * s) / root)
      expectNear({ x, y, rho }, bivariateNormalCdf(x, y, rho), gaussPanels(conditional, [-9, x], 40), { abs: 4e-15 })
    }
  })
  it('is symmetric, and the four quadrants make up the whole', () => {
    fc.assert(
      fc.property(real(-6, 6), real(-6, 6), real(-1, 1), (x, y, rho) => {
        expect(bivariateNormalCdf(y, x, rho)).toBeCloseTo(bivariateNormalCdf(x, y, rho), 15)
        const left = bivariateNormalCdf(x, y, rho) + bivariateNormalCdf(x, -y, -rho)
        expectNear({ x, y, rho }, left, normalCdf(x), { abs: 1e-15 })
      }),
      propertyRuns,
    )
  })
  it('rises with the correlation from one bound to the other', () => {
    fc.assert(
      fc.property(real(-5, 5), real(-5, 5), real(-1, 1), real(0, 1), (x, y, rho, share) => {
        const higher = rho + share * (1 - rho)
        const at = (correlation: number): number => bivariateNormalCdf(x, y, correlation)
        expect(at(higher) - at(rho)).toBeGreaterThanOrEqual(-5e-16)
        expect(at(rho)).toBeLessThanOrEqual(at(1))
        expect(at(rho)).toBeGreaterThanOrEqual(at(-1))
      }),
      propertyRuns,
    )
    expect(bivariateNormalCdf(0.3, 1, 1)).toBe(normalCdf(0.3))
    expectNear('rho -1', bivariateNormalCdf(0.3, 1, -1), normalCdf(0.3) - normalCdf(-1), { abs: 1e-16 })
    expect(bivariateNormalCdf(-0.3, 0.2, -1)).toBe(0)
  })
  it('given zeros, is a quarter plus the angle', () => {
    for (const rho of [-1, -0.99, -0.5, 0, 0.1, 0.7, 0.8, 1]) {
      expectNear({ rho }, bivariateNormalCdf(0, 0, rho), 0.25 + Math.asin(rho) / (2 * Math.PI), { abs: 2e-16 })
      expectNear({ rho }, bivariateNormalCdf(0, 1e-300, rho), 0.25 + Math.asin(rho) / (2 * Math.PI), { abs: 2e-16 })
    }
    expect(bivariateNormalCdf(0, 40, 0.3)).toBe(0.5)
    expect(bivariateNormalCdf(-40, 40, 0.3)).toBe(0)
    expect(bivariateNormalCdf(1e308, 1e308, -0.3)).toBe(1)
  })
  it('refuses what is no correlation and what is not finite', () => {
    expectInvalid('rho', () => bivariateNormalCdf(0, 0, 1.0000001))
    expectInvalid('rho', () => bivariateNormalCdf(0, 0, Number.NaN))
    expectInvalid('x of', () => bivariateNormalCdf(Number.POSITIVE_INFINITY, 0, 0))
    expectInvalid('y of', () => bivariateNormalCdf(0, Number.NaN, 0))
  })
})
