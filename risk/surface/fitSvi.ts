import type { Years } from '../types/index.ts'
import { GREATEST_SLOPE } from './checkButterfly.ts'
import { durrleman } from './durrleman.ts'
import { type FitTarget, residualOf } from './fitTargets.ts'
import { levenbergMarquardt } from './levenbergMarquardt.ts'
import { totalVariance } from './totalVariance.ts'
import type { RawSvi } from './types.ts'

/** What a fit must keep out of, as penalties of a given weight on points k. */
export type ArbitragePenalty = {
  readonly weight: number
  readonly grid: readonly number[]
  /** The next longer expiry, which the slice must stay below, and the next shorter one, which it must stay above; null when there is none. */
  readonly longer: RawSvi | null
  readonly shorter: RawSvi | null
}

/** Room that a penalised fit leaves, so that what lies between the points is free too. */
const DENSITY_ROOM = 1e-3
const CALENDAR_ROOM = 2e-3
/** Slopes of wings are compared relative to this much more than the slope. */
const SLOPE_UNIT = 1e-3
const ITERATIONS = 80
/** Wings stay a little below Lee's bound. */
const STEEPEST = GREATEST_SLOPE * (1 - 1e-6)
// Box in standardised units: least total variance, b, rho, m, sigma.
const LOWER = [1e-4, 1e-3, -0.99, -10, 0.02]
const UPPER = [10, 1e4, 0.99, 10, 20]
const STARTS = { m: [-1, 0, 1], sigma: [0.3, 1, 3], rho: [-0.7, -0.25, 0.25, 0.7] }

/**
 * Raw SVI by weighted robust least squares in volatility.
 *
 * Works in standard deviations, z = k / sqrt(theta) and w / theta with theta the total variance at the money, where the smiles of all expiries look alike. The start
 * is the best of a grid over vertex, width and tilt, at each of which level and slope solve a linear problem exactly; Levenberg-Marquardt does the rest. The parameters
 * are the least total variance in place of a, so that the domain is a box.
 *
 * @param theta - Total variance at the money, a first guess. Above 0.
 * @param start - A slice to start from; null searches the grid.
 * @see Zeliade, Quasi-explicit calibration of Gatheral's SVI model (2009), for solving the linear parameters inside.
 */
export function fitSvi(
  targets: readonly FitTarget[],
  timeToExpiry: Years,
  theta: number,
  penalty: ArbitragePenalty | null,
  start: RawSvi | null,
): RawSvi {
  const deviation = Math.sqrt(theta)
  const toRaw = ([least = 0, b = 0, rho = 0, m = 0, sigma = 0]: readonly number[]): RawSvi => {
    const slope = Math.min(b * deviation, STEEPEST / (1 + Math.abs(rho)))
    const width = sigma * deviation
    return { a: theta * least - slope * width * Math.sqrt(1 - rho * rho), b: slope, rho, m: m * deviation, sigma: width }
  }
  const neighbours = penalty === null ? 0 : [penalty.longer, penalty.shorter].filter((svi) => svi !== null).length
  const penalties = penalty === null ? 0 : penalty.grid.length * (1 + neighbours) + 2 * neighbours
  const { x } = levenbergMarquardt({
    start: start === null ? bestStart(targets, timeToExpiry, theta) : standardise(start, theta),
    lower: LOWER,
    upper: UPPER,
    count: targets.length + penalties,
    robust: targets.length,
    iterations: ITERATIONS,
    residuals: (at, out) => {
      const svi = toRaw(at)
      for (let i = 0; i < targets.length; i++) {
        const target = targets[i]!
        out[i] = residualOf(target, Math.sqrt(totalVariance(svi, target.k) / timeToExpiry))
      }
      if (penalty !== null) writePenalties(svi, penalty, out, targets.length)
    },
  })
  return toRaw(x)
}

function standardise({ a, b, rho, m, sigma }: RawSvi, theta: number): number[] {
  const deviation = Math.sqrt(theta)
  return [(a + b * sigma * Math.sqrt(1 - rho * rho)) / theta, b / deviation, rho, m / deviation, sigma / deviation]
}

function writePenalties(svi: RawSvi, { weight, grid, longer, shorter }: ArbitragePenalty, out: Float64Array, from: number): void {
  let at = from
  for (const k of grid) out[at++] = weight * Math.max(0, DENSITY_ROOM - durrleman(svi, k))
  if (longer !== null) at = writeCrossing(svi, longer, weight, grid, out, at)
  if (shorter !== null) writeCrossing(shorter, svi, weight, grid, out, at)
}

/** How far a shorter slice rises above a longer one: relative to the longer on the grid, in slope at the wings. */
function writeCrossing(shorter: RawSvi, longer: RawSvi, weight: number, grid: readonly number[], out: Float64Array, from: number): number {
  let at = from
  for (const k of grid) out[at++] = weight * Math.max(0, totalVariance(shorter, k) / totalVariance(longer, k) - 1 + CALENDAR_ROOM)
  for (const side of [-1, 1]) {
    const [slope, limit] = [shorter.b * (1 + side * shorter.rho), longer.b * (1 + side * longer.rho)]
    out[at++] = weight * Math.max(0, (slope - limit * (1 - CALENDAR_ROOM)) / (limit + SLOPE_UNIT))
  }
  return at
}

/** The best of a grid over m, sigma and rho, with level and slope from weighted linear least squares in total variance. */
function bestStart(targets: readonly FitTarget[], timeToExpiry: Years, theta: number): number[] {
  const deviation = Math.sqrt(theta)
  const levels = targets.flatMap((target) => {
    if (target.kind !== 'middle') return []
    const variance = (target.vol * target.vol * timeToExpiry) / theta
    // d w = 2 sigma T d sigma turns a distance in vol into one in variance.
    const width = (2 * target.vol * timeToExpiry * target.scale) / theta
    return [{ z: target.k / deviation, variance, weight: 1 / (width * width) }]
  })
  let best = [1, 0, 0, 0, 1]
  let least = Number.POSITIVE_INFINITY
  for (const m of STARTS.m)
    for (const sigma of STARTS.sigma)
      for (const rho of STARTS.rho) {
        const shape = (z: number): number => rho * (z - m) + Math.sqrt((z - m) * (z - m) + sigma * sigma)
        let [s0, s1, s2, t0, t1] = [0, 0, 0, 0, 0]
        for (const { z, variance, weight } of levels) {
          const f = shape(z)
          s0 += weight
          s1 += weight * f
          s2 += weight * f * f
          t0 += weight * variance
          t1 += weight * f * variance
        }
        const determinant = s0 * s2 - s1 * s1
        const b = Math.max(0, determinant > 1e-12 * s0 * s2 ? (s0 * t1 - s1 * t0) / determinant : 0)
        const a = (t0 - b * s1) / s0
        let cost = 0
        for (const { z, variance, weight } of levels) {
          const miss = a + b * shape(z) - variance
          cost += weight * miss * miss
        }
        if (cost < least) {
          least = cost
          best = [Math.max(LOWER[0]!, a + b * sigma * Math.sqrt(1 - rho * rho)), b, rho, m, sigma]
        }
      }
  return best
}
