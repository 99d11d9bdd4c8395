import { cos, gaussLegendreRule } from '../../math/index.ts'

/**
 * What the collocation needs that depends on nothing but its size: Chebyshev points of the square root of time, the points of the inner
 * integrals, and the matrix that carries values from the former to the latter.
 */
export type CollocationGrid = {
  /** Collocation points besides time 0. */
  readonly size: number
  /** sqrt(tau_i / T), i = 0 .. size - 1, falling from 1; the point at 0 is left out. */
  readonly rootTimes: Float64Array
  /** Points of each inner integral over [0, tau_i]. */
  readonly points: number
  /** sqrt(v / tau) with v the time since the point, and the weight of dv / tau; the same for all i. */
  readonly rootAges: Float64Array
  readonly weights: Float64Array
  /** Row i * points + k, column j: weight of value j (at rootTimes[j]) in the value at the k-th point of integral i. */
  readonly interpolation: Float64Array
}

/** Most points of a grid in either direction. */
export const LARGEST_GRID = 64

const grids = new Map<string, CollocationGrid>()

/** The grid of `size` collocation points with `points` points per integral; made once and kept. */
export function collocationGrid(size: number, points: number): CollocationGrid {
  const key = `${size}/${points}`
  const known = grids.get(key)
  if (known !== undefined) return known
  const made = buildGrid(size, points)
  grids.set(key, made)
  return made
}

function buildGrid(size: number, points: number): CollocationGrid {
  const rootTimes = new Float64Array(size)
  for (let i = 0; i < size; i++) rootTimes[i] = 0.5 * (1 + cos((i * Math.PI) / size))
  const { rootAges, rootRests, weights } = ageRule(points)
  const interpolation = new Float64Array(size * points * size)
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < points; k++) fillRow(interpolation, (i * points + k) * size, size, rootTimes[i]! * rootRests[k]!)
  }
  return { size, rootTimes, points, rootAges, weights, interpolation }
}

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

/**
 * Barycentric weights (Berrut and Trefethen, SIAM Review 46, 2004, equation 5.4) of the values at the Chebyshev points of the second kind,
 * for the point with sqrt(tau / T) = `rootTime`. The value at time 0 is 0 and needs no column.
 */
export function fillRow(row: Float64Array, offset: number, size: number, rootTime: number): void {
  const z = 2 * rootTime - 1
  let total = 0
  for (let j = 0; j <= size; j++) {
    const distance = z - cos((j * Math.PI) / size)
    if (distance === 0) {
      for (let i = 0; i < size; i++) row[offset + i] = i === j ? 1 : 0
      return
    }
    const weight = ((j % 2 === 0 ? 1 : -1) * (j === 0 || j === size ? 0.5 : 1)) / distance
    total += weight
    if (j < size) row[offset + j] = weight
  }
  for (let j = 0; j < size; j++) row[offset + j] = row[offset + j]! / total
}
