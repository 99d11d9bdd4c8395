import type { QuadratureRule } from '../../math/index.ts'

const rules = new Map<number, QuadratureRule>()

/**
 * Gauss rule for the mean over a standard normal: exact for polynomials of degree 2 `points` - 1. `points` in [1, 64] (not checked); made
 * once and kept.
 */
export function hermiteRule(points: number): QuadratureRule {
  const known = rules.get(points)
  if (known !== undefined) return known
  const nodes = rootsOf(points)
  // With polynomials of unit norm the weight is 1 / (n h_(n-1)^2); Abramowitz and Stegun 25.4.46, for the normal density.
  const weights = nodes.map((x) => {
    const before = hermite(points - 1, x)
    return 1 / (points * before * before)
  })
  const made = { nodes, weights }
  rules.set(points, made)
  return made
}

/** Hermite polynomial of unit norm under the normal density: sqrt(k + 1) h_(k+1) = x h_k - sqrt(k) h_(k-1). */
function hermite(degree: number, x: number): number {
  let before = 0
  let value = 1
  for (let k = 0; k < degree; k++) {
    const next = (x * value - Math.sqrt(k) * before) / Math.sqrt(k + 1)
    before = value
    value = next
  }
  return value
}

/** Roots of h_n, rising: one lies between each two neighbours of those of h_(n-1), one beyond either end, none beyond 2 sqrt(n). */
function rootsOf(degree: number): Float64Array {
  let roots = Float64Array.of(0)
  for (let n = 2; n <= degree; n++) {
    const ends = [-2 * Math.sqrt(n), ...roots, 2 * Math.sqrt(n)]
    roots = Float64Array.from({ length: n }, (_, i) => bisect(n, ends[i]!, ends[i + 1]!))
  }
  return roots
}

function bisect(degree: number, from: number, to: number): number {
  const sign = hermite(degree, from)
  let [left, right] = [from, to]
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (left + right)
    if (hermite(degree, middle) * sign > 0) left = middle
    else right = middle
  }
  return 0.5 * (left + right)
}
