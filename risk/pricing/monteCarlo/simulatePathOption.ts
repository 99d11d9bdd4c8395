import type { Estimate } from './estimateOf.ts'
import { type PathOption, pathSimulation } from './pathSimulation.ts'
import type { SimulationPlan } from './SimulationPlan.ts'
import { simulate } from './simulate.ts'

/**
 * Value of a path-dependent option: Sobol points, Brownian bridge, control variate.
 *
 * @throws {InvalidInputError} A field or the plan is outside its domain.
 */
export function simulatePathOption(option: PathOption, plan: SimulationPlan): Estimate {
  return simulate(pathSimulation(option), plan)
}
