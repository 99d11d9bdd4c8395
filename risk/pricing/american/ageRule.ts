import { cos, gaussLegendreRule } from '../../math/index.ts'

/**
 * Integral over [0, tau] of a function that is smooth in the square roots of both the age v and the rest tau - v: v = tau sin^2 a, a in [0,
 * pi/2], dv = 2 tau sin a cos a da, Gauss-Legendre in a.
 */
export function ageRule(points: number): { rootAges: Float64Array; rootRests: Float64Array; weights: Float64Array } {
  const rule = gaussLegendreRule(points)
  const rootAges = new Float64Array(points)
  const rootRests = new Float64Array(points)
  const weights = new Float64Array(points)
  for (let k = 0; k < points; k++) {
    const a = 0.25 * Math.PI * (1 + rule.nodes[k]!)
    rootRests[k] = cos(a)
    rootAges[k] = cos(0.5 * Math.PI - a)
    weights[k] = 0.5 * Math.PI * rule.weights[k]! * rootAges[k]! * rootRests[k]!
  }
  return { rootAges, rootRests, weights }
}
