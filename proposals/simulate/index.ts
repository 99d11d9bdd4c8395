export { type Fork, openFork } from './openFork.ts'
export type * from './Simulation.ts'
export { type SimulateOptions, simulateProposal } from './simulateProposal.ts'
