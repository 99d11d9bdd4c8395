import type { Direction } from '../types/index.ts'

export type Move = 'tighten' | 'loosen'

/** Whether moving from `previous` to `value` tightens; mirrors `isTighter` of Records.sol. Every move of a two-sided parameter is a loosening. */
export function isTighter(direction: Direction, value: number, previous: number): boolean {
  if (direction === 'up') return value > previous
  if (direction === 'down') return value < previous
  return false
}

/** What moving from `previous` to a different `value` means. */
export function moveOf(direction: Direction, value: number, previous: number): Move {
  return isTighter(direction, value, previous) ? 'tighten' : 'loosen'
}
