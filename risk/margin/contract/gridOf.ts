import { cubicWeights, type Weights } from './cubic.ts'
import { signedLog } from './logarithms.ts'
import type { Cells, ChainBook } from './types.ts'

/** Where the cells stand on a chain's nodes. */
export type Grid = {
  /** ln(spot / base), 64 binary digits. */
  readonly distance: bigint
  readonly cells: readonly (Weights | 'below' | 'above')[]
}

const MILLION = 1_000_000n

export function gridOf(book: Pick<ChainBook, 'base' | 'first' | 'spacing' | 'nodes'>, cells: Cells, spot: bigint): Grid {
  const distance = signedLog(spot, book.base)
  return { distance, cells: cells.logs.map((log) => weightsAt(book, distance + log)) }
}

/** Place on the nodes, in steps, 32 binary digits. */
export function positionOn({ first, spacing }: Pick<ChainBook, 'first' | 'spacing'>, distance: bigint): bigint {
  return ((distance * MILLION - (first << 64n)) / spacing) >> 32n
}

function weightsAt(book: Pick<ChainBook, 'first' | 'spacing' | 'nodes'>, distance: bigint): Weights | 'below' | 'above' {
  const position = positionOn(book, distance)
  if (position < 0n) return 'below'
  return position > BigInt(book.nodes - 1) << 32n ? 'above' : cubicWeights(position, book.nodes)
}
