import { compensatedSum } from '../../math/index.ts'
import { gaussianOf } from './gaussianOf.ts'
import { assertSimulationPlan, BLOCK, type SimulationPlan } from './SimulationPlan.ts'
import { sobolSequence } from './sobolSequence.ts'

/** What is simulated: a payoff, already discounted, and beside it a control whose mean is known. */
export type Simulation = {
  /** Standard normals per path, at most 512. */
  readonly dimensions: number
  /** Writes the payoff to out[0] and the control to out[1]; one without a control writes 0 there. */
  readonly evaluate: (normals: Float64Array, out: Float64Array) => void
  readonly controlMean: number
}

/** A mean with its standard error, over all paths of all scrambles. */
export type Estimate = { readonly value: number; readonly standardError: number; readonly paths: number }

/**
 * Consecutive paths whose sums are one observation of the regression on the control: they are a balanced set of points themselves, so the
 * coefficient is the one that takes off what simulation leaves, not what single paths vary by.
 */
const GROUP = 32
/** Sums kept per block: of payoff and control over paths; of control squared and of control x payoff over the sums of groups. */
const SUMS = 4

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

/** Blocks of a plan; block b holds the paths of scramble floor(b / blocks per scramble). */
export function blockCount(plan: SimulationPlan): number {
  assertSimulationPlan(plan)
  return (plan.paths / BLOCK) * plan.scrambles
}

/**
 * The sums of blocks `from` to `to` - 1, for work shared among workers: their results, put one after another in the order of the blocks,
 * are the same bits however the blocks were divided.
 *
 * @throws {InvalidInputError} The plan or the number of dimensions is outside its domain.
 */
export function simulateBlocks(simulation: Simulation, plan: SimulationPlan, from: number, to: number): Float64Array {
  assertSimulationPlan(plan)
  const { dimensions, evaluate, controlMean } = simulation
  const blocks = plan.paths / BLOCK
  const sums = new Float64Array(SUMS * Math.max(0, to - from))
  const normals = new Float64Array(dimensions)
  const out = new Float64Array(2)
  let sequence = sobolSequence(dimensions, plan.seed)
  let scramble = -1
  for (let block = from; block < to; block++) {
    if (Math.floor(block / blocks) !== scramble) {
      scramble = Math.floor(block / blocks)
      sequence = sobolSequence(dimensions, seedOf(plan.seed, scramble))
    }
    sequence.seek((block % blocks) * BLOCK)
    let payoffs = 0
    let controls = 0
    let squares = 0
    let products = 0
    for (let group = 0; group < BLOCK / GROUP; group++) {
      let payoff = 0
      let control = 0
      for (let path = 0; path < GROUP; path++) {
        sequence.next(normals)
        for (let d = 0; d < dimensions; d++) normals[d] = gaussianOf(normals[d]!)
        evaluate(normals, out)
        payoff += out[0]!
        control += out[1]! - controlMean
      }
      payoffs += payoff
      controls += control
      squares += control * control
      products += control * payoff
    }
    sums.set([payoffs, controls, squares, products], SUMS * (block - from))
  }
  return sums
}

/** The estimate from the sums of all blocks, in order. */
export function estimateOf(sums: Float64Array, plan: SimulationPlan): Estimate {
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

/** A seed per scramble, none the same: an odd multiple of the scramble's number is a permutation of 32-bit words. */
function seedOf(seed: number, scramble: number): number {
  return (seed + Math.imul(scramble, 0x9e3779b1)) >>> 0
}
