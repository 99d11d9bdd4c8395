import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differentiate, gaussLegendreRule, integrate, normalCdf, normalPdf } from '../../../risk/math/index.ts'
import { expectInvalid } from '../support/expectInvalid.ts'
import { expectNear } from '../support/expectNear.ts'
import { propertyRuns } from '../support/propertyRuns.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })

describe('gaussLegendreRule', () => {
  // Abramowitz and Stegun, table 25.4.
  it.each([
    [2, [0.577350269189626], [1]],
    [3, [0, 0.774596669241483], [0.888888888888889, 0.555555555555556]],
    [5, [0, 0.538469310105683, 0.906179845938664], [0.568888888888889, 0.478628670499366, 0.236926885056189]],
    [
      10,
      [0.148874338981631, 0.433395394129247, 0.679409568299024, 0.865063366688985, 0.973906528517172],
      [0.295524224714753, 0.269266719309996, 0.219086362515982, 0.149451349150581, 0.066671344308688],
    ],
  ])('%d points: the published nodes and weights', (points, nodes, weights) => {
    const rule = gaussLegendreRule(points)
    const upper = Math.floor(points / 2)
    for (const [i, node] of nodes.entries()) {
      expectNear({ points, i }, rule.nodes[upper + i]!, node, { abs: 1e-15 })
      expectNear({ points, i }, rule.weights[upper + i]!, weights[i]!, { abs: 1e-15 })
    }
  })
  it('integrates powers exactly up to degree 2 n - 1 and not beyond', () => {
    for (const points of [1, 2, 7, 24, 99, 200]) {
      const { nodes, weights } = gaussLegendreRule(points)
      const moment = (power: number): number => nodes.reduce((sum, x, i) => sum + weights[i]! * x ** power, 0)
      for (const power of [0, 2 * points - 2]) expectNear({ points, power }, moment(power), 2 / (power + 1), { abs: 2e-15 })
      if (points < 10) expect(Math.abs(moment(2 * points) - 2 / (2 * points + 1))).toBeGreaterThan(1e-6)
      expect(nodes.every((x, i) => Math.abs(x) < 1 && (i === 0 || x > nodes[i - 1]!))).toBe(true)
    }
  })
  it('refuses a number of points that is none', () => {
    for (const points of [0, 1.5, 201, Number.NaN]) expectInvalid('points', () => gaussLegendreRule(points))
  })
})

describe('integrate', () => {
  it('finds the normal distribution from its density, in both directions', () => {
    fc.assert(
      fc.property(real(-8, 8), real(-8, 8), (from, to) => {
        const found = integrate(normalPdf, from, to, 1e-14)
        expectNear({ from, to }, found.value, normalCdf(to) - normalCdf(from), { abs: 2e-15 })
        expect(found.status).toBe('converged')
        expect(integrate(normalPdf, to, from, 1e-14).value).toBeCloseTo(-found.value, 15)
      }),
      propertyRuns,
    )
  })
  it.each([0.3, 1 / 3, 0.5, 0.77])('halves its way to a kink at %d', (kink) => {
    const found = integrate((x) => Math.max(0, x - kink), 0, 1, 1e-10)
    expectNear({ kink }, found.value, 0.5 * (1 - kink) * (1 - kink), { abs: 1e-10 })
    expect(found.status).toBe('converged')
  })
  it('stops at a singularity and says so', () => {
    const found = integrate((x) => 1 / Math.sqrt(x), 0, 1, 1e-12)
    expect(found.status).toBe('limit')
    expect(Math.abs(found.value - 2)).toBeLessThan(10 * found.error)
  })
  it('refuses what it cannot integrate', () => {
    expectInvalid('from', () => integrate(normalPdf, Number.NaN, 1, 1e-9))
    expectInvalid('to', () => integrate(normalPdf, 0, Number.POSITIVE_INFINITY, 1e-9))
    expectInvalid('tolerance', () => integrate(normalPdf, 0, 1, 0))
    expectInvalid('f', () => integrate(() => Number.NaN, 0, 1, 1e-9))
  })
})

describe('differentiate', () => {
  it('finds the derivatives of the exponential: ten digits of the second, twelve of the first', () => {
    fc.assert(
      fc.property(real(-3, 3), real(0.1, 1), (x, step) => {
        const found = differentiate(Math.exp, x, step)
        expectNear({ x, step }, found.first, Math.exp(x), { rel: 1e-12 })
        expectNear({ x, step }, found.second, Math.exp(x), { rel: 1e-10 })
        expect(Math.max(found.firstError, found.secondError)).toBeLessThan(1e-9 * Math.exp(x))
      }),
      propertyRuns,
    )
  })
  it('is exact for a parabola where steps cannot be represented', () => {
    const found = differentiate((x) => (x - 1e6) * (x - 1e6), 1e6 + 0.1, 0.1)
    expectNear('parabola', found.first, 2 * (1e6 + 0.1 - 1e6), { rel: 1e-12 })
  })
  it('refuses what it cannot differentiate', () => {
    expectInvalid('x', () => differentiate(Math.exp, Number.NaN, 1))
    for (const step of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expectInvalid('step', () => differentiate(Math.exp, 0, step))
    expectInvalid('f', () => differentiate(() => Number.NaN, 0, 1))
  })
})
