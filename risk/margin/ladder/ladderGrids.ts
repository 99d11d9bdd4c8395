import type { LadderGrid } from './types.ts'

/** BTC and ETH: 0.50 to 1.72 times the base, nodes 4 % apart (risk policy B2). */
export const standardGrid: LadderGrid = { first: -0.7, spacing: 0.04, nodes: 32, nearSpacing: 0.025 }

/** SOL-like: 0.39 to 1.94 times the base, nodes 5.2 % apart. */
export const wideGrid: LadderGrid = { first: -0.95, spacing: 0.052, nodes: 32, nearSpacing: 0.0325 }

/** Chains of less than a week, whose values bend within 4 %: 0.53 to 1.71 times the base, nodes 2.5 % apart, near ones 1.25 %. */
export const shortGrid: LadderGrid = { first: -0.6375, spacing: 0.025, nodes: 48, nearSpacing: 0.0125 }

/** The same span, every second node: for chains of more than 14 days. */
export function everySecondNode(grid: LadderGrid): LadderGrid {
  return { ...grid, spacing: 2 * grid.spacing, nodes: 16 }
}
