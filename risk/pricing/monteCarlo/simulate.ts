import { blockCount } from './blockCount.ts'
import { type Estimate, estimateOf } from './estimateOf.ts'
import type { SimulationPlan } from './SimulationPlan.ts'
import { type Simulation, simulateBlocks } from './simulateBlocks.ts'

/**
 * Mean of the payoff by randomised quasi-Monte Carlo: the mean over scrambles of a Sobol sequence, the control taken off with the
 * coefficient that least squares gives over groups of paths (Glasserman 2004, section 4.1), and the standard error from the spread of the
 * scrambles.
 *
 * @throws {InvalidInputError} The plan or the number of dimensions is outside its domain.
 */
export function simulate(simulation: Simulation, plan: SimulationPlan): Estimate {
  return estimateOf(simulateBlocks(simulation, plan, 0, blockCount(plan)), plan)
}
