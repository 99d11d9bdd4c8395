import { InvalidInputError } from '../errors/index.ts'

/** Nodes and weights for integrals over [-1, 1]. Nodes ascend and are symmetric about 0; weights are positive and add up to 2. */
export type QuadratureRule = { readonly nodes: Float64Array; readonly weights: Float64Array }

const MOST_POINTS = 200

/**
 * Gauss-Legendre rule: exact for polynomials of degree 2 `points` - 1. Nodes and weights are off by less than 4e-16; meant to be made once and kept.
 *
 * The nodes are the roots of the Legendre polynomial P_n, found by Newton's method; weight = 2 / ((1 - x^2) P_n'(x)^2).
 * @param points - Whole number in [1, 200].
 * @throws {InvalidInputError} `points` is not such a number.
 * @see Abramowitz and Stegun, 25.4.29 and table 25.4.
 */
export function gaussLegendreRule(points: number): QuadratureRule {
  if (!Number.isInteger(points) || points < 1 || points > MOST_POINTS) {
    throw new InvalidInputError({ argument: 'points', got: points, limit: `a whole number in [1, ${MOST_POINTS}]` })
  }
  const nodes = new Float64Array(points)
  const weights = new Float64Array(points)
  for (let i = 0; i < Math.ceil(points / 2); i++) {
    const centre = 2 * i + 1 === points
    // The root lies near cos(pi t); Bhaskara's approximation of the cosine is good to 0.0016, a fraction of the spacing.
    const t = (i + 0.75) / (points + 0.5)
    let x = centre ? 0 : (1 - 4 * t * t) / (1 + t * t)
    let slope = legendre(points, x).slope
    for (let step = 0; step < 6 && !centre; step++) {
      const { value, slope: here } = legendre(points, x)
      slope = here
      x -= value / here
    }
    const weight = 2 / ((1 - x) * (1 + x) * slope * slope)
    nodes[i] = -x
    nodes[points - 1 - i] = x
    weights[i] = weight
    weights[points - 1 - i] = weight
  }
  return { nodes, weights }
}

/** P_n(x) and its derivative, |x| < 1, by Bonnet's recursion. */
function legendre(n: number, x: number): { value: number; slope: number } {
  let before = 1
  let value = x
  for (let k = 1; k < n; k++) {
    const next = ((2 * k + 1) * x * value - k * before) / (k + 1)
    before = value
    value = next
  }
  return { value, slope: (n * (x * value - before)) / ((x - 1) * (x + 1)) }
}
