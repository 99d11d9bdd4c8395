import { compensatedSum } from '../math/index.ts'
import { assertPairs } from './assertPairs.ts'

/** Mean of (outcome - forecast)^2. @throws {InvalidInputError} Lengths differ, none are given, or a value is not finite. */
export function meanSquaredError(outcomes: ArrayLike<number>, forecast: ArrayLike<number>): number {
  assertPairs('outcomes', outcomes, 'forecast', forecast)
  const squares = Float64Array.from({ length: outcomes.length }, (_, t) => (outcomes[t]! - forecast[t]!) * (outcomes[t]! - forecast[t]!))
  return compensatedSum(squares) / squares.length
}
