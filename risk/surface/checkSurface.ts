import type { UnixSeconds } from '../types/index.ts'
import { assertSvi } from './assertSvi.ts'
import { type ButterflyCheck, inspectButterfly } from './checkButterfly.ts'
import { type CalendarCheck, inspectCalendar } from './checkCalendar.ts'
import type { VolSurface } from './types.ts'

export type SurfaceCheck = {
  readonly free: boolean
  readonly butterfly: readonly { readonly expiry: UnixSeconds; readonly check: ButterflyCheck }[]
  /** Each pair of expiries that follow on each other. */
  readonly calendar: readonly { readonly shorter: UnixSeconds; readonly longer: UnixSeconds; readonly check: CalendarCheck }[]
}

/**
 * Looks for butterfly arbitrage in each slice and for calendar arbitrage between each and the next.
 *
 * @throws {InvalidInputError} A slice is outside the domain of raw SVI.
 */
export function checkSurface({ slices }: VolSurface): SurfaceCheck {
  for (const [i, { svi }] of slices.entries()) assertSvi(`slices[${i}].svi`, svi)
  const butterfly = slices.map(({ expiry, svi }) => ({ expiry, check: inspectButterfly(svi) }))
  const calendar = slices.slice(1).map((longer, i) => {
    const shorter = slices[i]!
    return { shorter: shorter.expiry, longer: longer.expiry, check: inspectCalendar(shorter.svi, longer.svi) }
  })
  return { free: [...butterfly, ...calendar].every(({ check }) => check.free), butterfly, calendar }
}
