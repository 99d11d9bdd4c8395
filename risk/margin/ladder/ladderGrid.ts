import type { GridShape } from './ladderGrids.ts'
import type { LadderGrid } from './types.ts'

const MILLION = 1e6

/** A grid as its header has it, in ln, from what a contract keeps. */
export function ladderGrid({ first, spacing, nearSpacing, nodes }: GridShape): LadderGrid {
  return { first: first / MILLION, spacing: spacing / MILLION, nodes, nearSpacing: nearSpacing / MILLION }
}
