import type { Seconds } from '../../types/index.ts'
import type { ContractGrid } from './listedChain.ts'

/** What `Chains.listMarket` takes: millionths of ln. */
export type GridShape = Pick<ContractGrid, 'first' | 'spacing' | 'nearSpacing' | 'nodes'>

/** Grids of a market: for chains of less than a week, less than 45 days, and longer. */
export type MarketGrids = readonly [GridShape, GridShape, GridShape]

/**
 * BTC and ETH: 0.67 to 1.42 times the base in steps of 1.6 % for values that bend within less, 0.50 to 1.72 in steps of 4 %, 0.50 to 1.65 in steps of 8 % (risk policy
 * B2). Near nodes reach 9.4 % and 18.7 % to either side.
 */
export const marketGrids: MarketGrids = [
  { first: -400_000, spacing: 16_000, nearSpacing: 12_500, nodes: 48 },
  { first: -700_000, spacing: 40_000, nearSpacing: 25_000, nodes: 32 },
  { first: -700_000, spacing: 80_000, nearSpacing: 25_000, nodes: 16 },
]

/** SOL-like: the same, 1.3 times as wide; the longest down to 0.39. */
export const wideMarketGrids: MarketGrids = [
  { first: -520_000, spacing: 20_800, nearSpacing: 16_250, nodes: 48 },
  { first: -950_000, spacing: 52_000, nearSpacing: 32_500, nodes: 32 },
  { first: -950_000, spacing: 104_000, nearSpacing: 32_500, nodes: 16 },
]

const WEEK: Seconds = 604_800
/** From here on a deviation of the vol-down state is at least 8 %, the distance of the third grid's nodes, for vols of 27 % and more. */
const LONG: Seconds = 45 * 86_400

/** The grid of a post, by what is left to expiry when its surface was seen: as `Chains` takes it. */
export function gridFor<Shape>(grids: readonly Shape[], secondsLeft: Seconds): Shape {
  return grids[secondsLeft < WEEK ? 0 : secondsLeft < LONG ? 1 : 2]!
}
