import type { MarketMark } from '../../risk/clearing/index.ts'
import type { Usd } from '../../risk/types/index.ts'
import type { Frictions } from './types.ts'

/** Volatility at which spread and depth are what the market's parameters say. */
const CALM_VOL = 0.8
const HALF_SPREAD = 0.000_5
const SECONDS_PER_YEAR = 365 * 86_400

/**
 * What trading away costs: the spread widens with the square of volatility over its calm level, depth falls with its power 1.5, as the simulated market has it.
 *
 * @param depth - `market.depth`: USD that moves the calm price by 1 %.
 */
export function frictionsOf({ markVol }: MarketMark, depth: Usd): Frictions {
  const heat = Math.max(1, markVol / CALM_VOL)
  return {
    halfSpread: HALF_SPREAD * (0.5 + 0.5 * heat * heat),
    depth: depth / (heat * Math.sqrt(heat)),
    volPerRootSecond: markVol / Math.sqrt(SECONDS_PER_YEAR),
  }
}
