import { assessAccount, type MarginMarket, type MarginParameters } from '../../risk/margin/index.ts'
import type { Fraction, Instrument, Portfolio } from '../../risk/types/index.ts'

/** Moves of the index that bring an account to maintenance; null when none on that side does. */
export type LiquidationDistance = { readonly down: Fraction | null; readonly up: Fraction | null }

const STEP = 0.02
const LOWEST = -0.96
const HIGHEST = 2
const RESOLUTION = 1e-5

/**
 * How far the index may move, either way, until an account stands below maintenance: full revaluation at every step, vols and forward ratios where they are. The nearest such move is found to
 * 0.001 %, unless the account dips below and back within one step of 2 %.
 *
 * @throws {InvalidInputError} As {@link assessAccount}.
 */
export function distanceToLiquidation(
  portfolio: Portfolio,
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
): LiquidationDistance {
  const isBelow = (move: Fraction): boolean =>
    assessAccount(portfolio, instruments, { ...market, spot: market.spot * (1 + move) }, parameters).liquidatable
  if (isBelow(0)) return { down: 0, up: 0 }
  return { down: nearest(isBelow, -STEP, LOWEST), up: nearest(isBelow, STEP, HIGHEST) }
}

function nearest(isBelow: (move: Fraction) => boolean, step: Fraction, last: Fraction): Fraction | null {
  const steps = Math.round(last / step)
  for (let i = 1; i <= steps; i++) {
    if (!isBelow(i * step)) continue
    let [above, below] = [(i - 1) * step, i * step]
    while (Math.abs(below - above) > RESOLUTION) {
      const middle = (above + below) / 2
      if (isBelow(middle)) below = middle
      else above = middle
    }
    return below
  }
  return null
}
