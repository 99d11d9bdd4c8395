import { compensatedSum } from '../math/index.ts'
import type { Position } from '../types/index.ts'
import type { RiskArray } from './riskArray.ts'

/** Contracts that the short-option minimum is charged on: per expiry and option type, max(0, -sum of quantities). Positions in rank order. */
export function netShort({ rows, shortClasses }: RiskArray, positions: readonly Position[]): number {
  const sums = new Float64Array(shortClasses)
  for (const { instrument, quantity } of positions) {
    const { shortClass } = rows[instrument]!
    if (shortClass >= 0) sums[shortClass]! += quantity
  }
  // Sorted before they are added: classes are numbered in the order of the book, which must not change a bit.
  return compensatedSum(sums.map((sum) => Math.max(0, -sum)).sort())
}
