import { InvalidInputError } from '../errors/index.ts'
import type { Fraction } from '../types/index.ts'
import type { CurveReading, DepthCurve } from './depthCurve.ts'

/**
 * Largest size whose marginal price stays within `move` of the best price: the depth at that move. The marginal displacement of a step is read at its middle and
 * is linear in between, so that a curve of few nodes does not jump.
 *
 * @param move - Fraction of the price, inside (0, 1).
 * @throws {InvalidInputError} `move` is outside (0, 1).
 */
export function depthAtMove({ sizes, costs }: DepthCurve, move: Fraction): CurveReading {
  if (!(move > 0 && move < 1)) throw new InvalidInputError({ argument: 'move', got: move, limit: 'inside (0, 1)' })
  let before = { size: 0, displacement: 0 }
  for (const [i, node] of sizes.entries()) {
    const start = sizes[i - 1] ?? 0
    const displacement = (costs[i]! - (costs[i - 1] ?? 0)) / (node - start)
    const middle = 0.5 * (start + node)
    if (displacement >= move) {
      const share = (move - before.displacement) / (displacement - before.displacement)
      return { kind: 'measured', value: before.size + share * (middle - before.size) }
    }
    before = { size: middle, displacement }
  }
  return { kind: 'unavailable', beyond: before.size }
}
