import { assertSvi } from './assertSvi.ts'
import { checkGrid } from './checkGrid.ts'
import { durrleman } from './durrleman.ts'
import { refinedMinimum } from './refinedMinimum.ts'
import { totalVariance } from './totalVariance.ts'
import type { RawSvi } from './types.ts'

/** Whether the prices of a slice are those of a density. */
export type ButterflyCheck = {
  readonly free: boolean
  /** Least value of Durrleman's function that was found, and where; negative is arbitrage. */
  readonly least: { readonly k: number; readonly g: number }
  /** Slopes of total variance in |k| far below and far above the money; above 2 is arbitrage. */
  readonly slopes: { readonly left: number; readonly right: number }
}

/** Rounding of Durrleman's function where it nears zero. */
const ROUNDING = 1e-12
/** Lee's bound. */
export const GREATEST_SLOPE = 2

/**
 * Butterfly check: Durrleman's function on a grid of every tenth of a standard deviation, refined around its least value, and Lee's slopes at the wings.
 *
 * @throws {InvalidInputError} The slice is outside the domain of raw SVI.
 * @see Gatheral and Jacquier (2014), lemma 2.2; Lee, The moment formula for implied volatility at extreme strikes, Mathematical Finance 14 (2004).
 */
export function checkButterfly(svi: RawSvi): ButterflyCheck {
  assertSvi('svi', svi)
  return inspectButterfly(svi)
}

/** As {@link checkButterfly}, unguarded. */
export function inspectButterfly(svi: RawSvi): ButterflyCheck {
  const grid = checkGrid(Math.sqrt(totalVariance(svi, 0)), [svi])
  const { k, value } = refinedMinimum(grid, (point) => durrleman(svi, point))
  const slopes = { left: svi.b * (1 - svi.rho), right: svi.b * (1 + svi.rho) }
  return { free: value >= -ROUNDING && Math.max(slopes.left, slopes.right) <= GREATEST_SLOPE, least: { k, g: value }, slopes }
}
