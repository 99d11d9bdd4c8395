import type { RawSvi } from './types.ts'

/** Standard deviations either side of the money that are looked at closely. */
const BODY = 8
/** Where the points further out end, in standard deviations; beyond, the limits of the wings decide. */
const WING_END = 200
/** Points around the vertex of a slice, in units of its sigma. */
const VERTEX_STEPS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6]

/**
 * Points k at which arbitrage is looked for, ascending: every tenth of a standard deviation within eight of the money, then a quarter further each out to 200, and
 * around the vertex of each slice.
 *
 * @param deviation - Standard deviation at the money, sqrt of total variance.
 */
export function checkGrid(deviation: number, slices: readonly RawSvi[]): number[] {
  return grid(deviation, slices, 10, 1.25)
}

/** Points k at which a fit is penalised: as {@link checkGrid} but fewer, every quarter of a standard deviation and then half further each. */
export function penaltyGrid(deviation: number, slices: readonly RawSvi[]): number[] {
  return grid(deviation, slices, 4, 1.5)
}

function grid(deviation: number, slices: readonly RawSvi[], stepsPerDeviation: number, wingFactor: number): number[] {
  const points: number[] = []
  for (let i = -BODY * stepsPerDeviation; i <= BODY * stepsPerDeviation; i++) points.push((i / stepsPerDeviation) * deviation)
  for (let z = BODY * wingFactor; z < WING_END; z *= wingFactor) points.push(z * deviation, -z * deviation)
  for (const { m, sigma } of slices) for (const step of VERTEX_STEPS) points.push(m + step * sigma, m - step * sigma)
  return points.sort((left, right) => left - right)
}
