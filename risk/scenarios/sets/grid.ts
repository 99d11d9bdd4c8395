import type { Fraction } from '../../types/index.ts'
import type { SetCell } from './ScenarioSet.ts'

/** Every move with every vol state, in full; moves outermost. */
export function grid(moves: readonly Fraction[], states: readonly SetCell['vol'][]): SetCell[] {
  return moves.flatMap((move) => states.map((vol): SetCell => ({ move, vol, weight: 1 })))
}

/** Far moves with vol up, each counted by `reach / |move|`, at most in full. */
export function dampedTails(moves: readonly Fraction[], reach: Fraction): SetCell[] {
  return moves.map((move): SetCell => ({ move, vol: 'up', weight: Math.min(1, reach / Math.abs(move)) }))
}
