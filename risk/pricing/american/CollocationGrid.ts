import { cos } from '../../math/index.ts'
import { ageRule } from './ageRule.ts'
import { fillInterpolationRow } from './fillInterpolationRow.ts'

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
    for (let k = 0; k < points; k++) fillInterpolationRow(interpolation, (i * points + k) * size, size, rootTimes[i]! * rootRests[k]!)
  }
  return { size, rootTimes, points, rootAges, weights, interpolation }
}
