import { exp } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import type { LadderGrid, NodeRow } from './types.ts'

/** Near nodes: one word. */
const NEAR_NODES = 16

/** The near nodes of a grid, evenly around the base. */
export function nearRow({ nearSpacing }: LadderGrid): NodeRow {
  return { first: (-nearSpacing * (NEAR_NODES - 1)) / 2, spacing: nearSpacing, nodes: NEAR_NODES }
}

/** Index prices of the nodes, ascending. */
export function nodePrices(base: Usd, { first, spacing, nodes }: NodeRow): Usd[] {
  return Array.from({ length: nodes }, (_, i) => base * exp(first + i * spacing))
}

/** Multiples of the base in the far word, ascending. */
export const farMultiples = [0.34, 0.5, 0.67, 1.5, 2, 3, 4, 6] as const
