import type { Fraction } from '../types/index.ts'
import { type ScanSpot, scanSpots } from './scanSpots.ts'

export type VolState = 'up' | 'down'

/** One state of the scan: a spot and a vol state. */
export type ScanCell = ScanSpot & { readonly volState: VolState }

/**
 * All cells of a scan in a fixed order: in-range spots with vol up, the same with vol down, far spots with vol up. 74 in all.
 *
 * @throws {InvalidInputError} As {@link scanSpots}.
 */
export function scanCells(range: Fraction, tailWeight: Fraction): readonly ScanCell[] {
  const spots = scanSpots(range, tailWeight)
  const inRange = spots.filter(({ far }) => !far)
  const state = (spot: ScanSpot, volState: VolState): ScanCell => ({ ...spot, volState })
  return [
    ...inRange.map((spot) => state(spot, 'up')),
    ...inRange.map((spot) => state(spot, 'down')),
    ...spots.filter(({ far }) => far).map((spot) => state(spot, 'up')),
  ]
}
