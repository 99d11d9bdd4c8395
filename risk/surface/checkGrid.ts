import type { RawSvi } from './types.ts'

/** Standard deviations either side that are looked at closely, and how closely. */
const BODY = 8
const STEPS_PER_DEVIATION = 10
/** Factor between points further out, and where they end; beyond, the limits of the wings decide. */
const WING_FACTOR = 1.25
const WING_END = 200
/** Points around the vertex of a slice, in units of its sigma. */
const VERTEX_STEPS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6]

/**
 * Points k at which arbitrage is looked for, ascending: every tenth of a standard deviation within eight of the money, then ever wider out to 200, and
 * around the vertex of each slice.
 *
 * @param deviation - Standard deviation at the money, sqrt of total variance.
 */
export function checkGrid(deviation: number, slices: readonly RawSvi[]): number[] {
  const points: number[] = []
  for (let i = -BODY * STEPS_PER_DEVIATION; i <= BODY * STEPS_PER_DEVIATION; i++) points.push((i / STEPS_PER_DEVIATION) * deviation)
  for (let z = BODY * WING_FACTOR; z < WING_END; z *= WING_FACTOR) points.push(z * deviation, -z * deviation)
  for (const { m, sigma } of slices) for (const step of VERTEX_STEPS) points.push(m + step * sigma, m - step * sigma)
  return points.sort((left, right) => left - right)
}
