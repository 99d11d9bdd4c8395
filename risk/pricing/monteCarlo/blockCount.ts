import { assertSimulationPlan, BLOCK, type SimulationPlan } from './SimulationPlan.ts'

/**
 * Blocks of a plan; block b holds the paths of scramble floor(b / blocks per scramble).
 *
 * @throws {InvalidInputError} The plan is outside its domain.
 */
export function blockCount(plan: SimulationPlan): number {
  assertSimulationPlan(plan)
  return (plan.paths / BLOCK) * plan.scrambles
}
