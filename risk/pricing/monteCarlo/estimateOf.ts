import { InvalidInputError } from '../../errors/index.ts'
import { compensatedSum } from '../../math/index.ts'
import { blockCount } from './blockCount.ts'
import { BLOCK, type SimulationPlan } from './SimulationPlan.ts'
import { GROUP, SUMS } from './simulateBlocks.ts'

/** A mean with its standard error, over all paths of all scrambles. */
export type Estimate = { readonly value: number; readonly standardError: number; readonly paths: number }

/**
 * The estimate from the sums of all blocks, in order.
 *
 * @throws {InvalidInputError} `sums` does not hold the sums of all blocks, or the plan is outside its domain.
 */
export function estimateOf(sums: Float64Array, plan: SimulationPlan): Estimate {
  const expected = SUMS * blockCount(plan)
  if (sums.length !== expected) throw new InvalidInputError({ argument: 'sums', got: `${sums.length} numbers`, limit: `${expected}` })
  const blocks = plan.paths / BLOCK
  const total = (column: number): number => compensatedSum(sums.filter((_, i) => i % SUMS === column))
  const paths = plan.paths * plan.scrambles
  const groups = paths / GROUP
  const variance = total(2) - (total(1) * total(1)) / groups
  const covariance = total(3) - (total(1) * total(0)) / groups
  const coefficient = variance > 1e-20 * total(2) ? covariance / variance : 0
  const means = new Float64Array(plan.scrambles)
  for (let scramble = 0; scramble < plan.scrambles; scramble++) {
    const own = sums.subarray(SUMS * scramble * blocks, SUMS * (scramble + 1) * blocks)
    const sumOf = (column: number): number => compensatedSum(own.filter((_, i) => i % SUMS === column))
    means[scramble] = (sumOf(0) - coefficient * sumOf(1)) / plan.paths
  }
  const value = compensatedSum(means) / plan.scrambles
  const spread = compensatedSum(means.map((mean) => (mean - value) * (mean - value)))
  return { value, standardError: Math.sqrt(spread / (plan.scrambles - 1) / plan.scrambles), paths }
}
