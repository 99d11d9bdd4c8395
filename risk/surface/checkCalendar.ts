import { assertSvi } from './assertSvi.ts'
import { checkGrid } from './checkGrid.ts'
import { refinedMinimum } from './refinedMinimum.ts'
import { totalVariance } from './totalVariance.ts'
import type { RawSvi } from './types.ts'

/** Whether a shorter expiry has nowhere more total variance than a longer one, at the same ratio of strike and forward. */
export type CalendarCheck = {
  readonly free: boolean
  /** Greatest total variance of the shorter over that of the longer, wings included, and where; above 1 is arbitrage. */
  readonly greatest: { readonly k: number; readonly ratio: number }
}

const ROUNDING = 1e-12

/**
 * Calendar check between two expiries, on the grids of both, refined around the worst point, and in the limit of both wings, where k is
 * the largest double of either sign.
 *
 * @throws {InvalidInputError} A slice is outside the domain of raw SVI.
 * @see Gatheral and Jacquier (2014), lemma 2.1.
 */
export function checkCalendar(shorter: RawSvi, longer: RawSvi): CalendarCheck {
  assertSvi('shorter', shorter)
  assertSvi('longer', longer)
  return inspectCalendar(shorter, longer)
}

/** As {@link checkCalendar}, unguarded. */
export function inspectCalendar(shorter: RawSvi, longer: RawSvi): CalendarCheck {
  const grid = [shorter, longer].flatMap((svi) => checkGrid(Math.sqrt(totalVariance(svi, 0)), [svi])).sort((left, right) => left - right)
  const { k, value } = refinedMinimum(grid, (point) => -totalVariance(shorter, point) / totalVariance(longer, point))
  const candidates = [
    { k, ratio: -value },
    { k: -Number.MAX_VALUE, ratio: wingRatio(shorter, longer, -1) },
    { k: Number.MAX_VALUE, ratio: wingRatio(shorter, longer, 1) },
  ]
  const greatest = candidates.reduce((worst, candidate) => (candidate.ratio > worst.ratio ? candidate : worst))
  return { free: greatest.ratio <= 1 + ROUNDING, greatest }
}

/** Limit of the ratio of total variances: of the slopes, or of the levels where neither rises. */
function wingRatio(shorter: RawSvi, longer: RawSvi, side: 1 | -1): number {
  const [above, below] = [shorter, longer].map(({ b, rho }) => b * (1 + side * rho)) as [number, number]
  if (below > 0) return above / below
  return above > 0 ? Number.MAX_VALUE : 0
}
