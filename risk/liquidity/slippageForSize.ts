import type { Usd } from '../types/index.ts'
import { assertQuantity } from './assertMagnitude.ts'
import type { CurveReading, DepthCurve } from './depthCurve.ts'

/**
 * Mean slippage of a trade, as a fraction of its size.
 *
 * @throws {InvalidInputError} `size` is not finite and above 0.
 */
export function slippageForSize({ sizes, costs }: DepthCurve, size: Usd): CurveReading {
  assertQuantity('size', size)
  let [fromSize, fromCost] = [0, 0]
  for (const [i, node] of sizes.entries()) {
    if (size <= node) {
      const cost = fromCost + ((costs[i]! - fromCost) * (size - fromSize)) / (node - fromSize)
      return { kind: 'measured', value: cost / size }
    }
    fromSize = node
    fromCost = costs[i]!
  }
  return { kind: 'unavailable', beyond: fromSize }
}
