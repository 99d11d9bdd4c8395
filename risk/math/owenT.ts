import { expOfMinusHalfSquare } from './expOfMinusHalfSquare.ts'
import { gaussLegendreRule } from './gaussLegendreRule.ts'

const INVERSE_OF_TWO_PI = 0.15915494309189535
/** Beyond this T is below 1e-17. */
const FAR = 8.6
const rule = gaussLegendreRule(24)

/**
 * Owen's T for 0 <= a <= 1 (not checked): the mass of two independent standard normals over 0 < Y < a X, X > h.
 *
 * T(h, a) = 1 / (2 pi) times the integral over x from 0 to a of e^(-h^2 (1 + x^2) / 2) / (1 + x^2). The integrand's nearest poles are at +-i, so 24 nodes leave less than
 * 1e-16; even in h.
 * @see D. B. Owen, Annals of Mathematical Statistics 27 (1956), equation 2.1.
 */
export function owenT(h: number, a: number): number {
  const size = Math.abs(h)
  if (size > FAR || a === 0) return 0
  const half = 0.5 * a
  let sum = 0
  for (let i = 0; i < rule.nodes.length; i++) {
    const x = half + half * rule.nodes[i]!
    sum += (rule.weights[i]! * expOfMinusHalfSquare(size * x)) / (1 + x * x)
  }
  return INVERSE_OF_TWO_PI * half * expOfMinusHalfSquare(size) * sum
}
