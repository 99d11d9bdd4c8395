import { assertInRange } from '../math/index.ts'
import type { Fraction } from '../types/index.ts'

const SIDE = 16
/** In-range spots: 16 down, the current one, 16 up. */
export const SCAN_POINTS = 2 * SIDE + 1
/** Spot multiples of the far moves. */
const farMultiples = [0.34, 0.5, 0.67, 1.5, 2, 3, 4, 6] as const
export const FAR_POINTS = farMultiples.length

/** A spot of the scan. */
export type ScanSpot = {
  /** Relative move: the spot is S (1 + move). */
  readonly move: Fraction
  /** Share of the loss that counts: 1 in range, damped far out. */
  readonly weight: Fraction
  readonly far: boolean
}

/**
 * The spots of a scan: 33 equally spaced moves over +/- range, and 8 far ones at 0.34 to 6 times the spot. The scan is arithmetic because the
 * data are symmetric in percent, not in logarithms. A far loss counts by tailWeight x range / |move|, at most in full.
 *
 * @param range - Price scan range, inside (0, 1).
 * @param tailWeight - In [0, 2].
 * @returns 33 in-range spots ascending, then the 8 far spots ascending.
 * @throws {InvalidInputError} An argument is outside its range.
 */
export function scanSpots(range: Fraction, tailWeight: Fraction): readonly ScanSpot[] {
  assertInRange('range', range, Number.MIN_VALUE, 1 - 1e-9)
  assertInRange('tailWeight', tailWeight, 0, 2)
  const inRange = Array.from({ length: SCAN_POINTS }, (_, i) => ({ move: (range * (i - SIDE)) / SIDE, weight: 1, far: false }))
  const far = farMultiples.map((multiple) => {
    const move = multiple - 1
    return { move, weight: Math.min(1, (tailWeight * range) / Math.abs(move)), far: true }
  })
  return [...inRange, ...far]
}
