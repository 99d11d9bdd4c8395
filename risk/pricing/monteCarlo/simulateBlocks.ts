import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import { blockCount } from './blockCount.ts'
import { gaussianOf } from './gaussianOf.ts'
import { BLOCK, type SimulationPlan } from './SimulationPlan.ts'
import { sobolSequence } from './sobolSequence.ts'

/** What is simulated: a payoff, already discounted, and beside it a control whose mean is known. */
export type Simulation = {
  /** Standard normals per path, at most 512. */
  readonly dimensions: number
  /** Writes the payoff to out[0] and the control to out[1]; one without a control writes 0 there. */
  readonly evaluate: (normals: Float64Array, out: Float64Array) => void
  readonly controlMean: number
}

/**
 * Consecutive paths whose sums are one observation of the regression on the control: they are a balanced set of points themselves, so the
 * coefficient is the one that takes off what simulation leaves, not what single paths vary by.
 */
export const GROUP = 32
/** Sums kept per block: of payoff and control over paths; of control squared and of control x payoff over the sums of groups. */
export const SUMS = 4

/**
 * The sums of blocks `from` to `to` - 1, for work shared among workers: their results, put one after another in the order of the blocks,
 * are the same bits however the blocks were divided.
 *
 * @param from - Whole number in [0, to].
 * @param to - Whole number, at most the number of blocks.
 * @throws {InvalidInputError} The range, the plan or the number of dimensions is outside its domain.
 */
export function simulateBlocks(simulation: Simulation, plan: SimulationPlan, from: number, to: number): Float64Array {
  const count = blockCount(plan)
  if (!Number.isInteger(from)) throw new InvalidInputError({ argument: 'from', got: from, limit: 'a whole number' })
  if (!Number.isInteger(to)) throw new InvalidInputError({ argument: 'to', got: to, limit: 'a whole number' })
  assertInRange('to', to, 0, count)
  assertInRange('from', from, 0, to)
  const { dimensions, evaluate, controlMean } = simulation
  const blocks = plan.paths / BLOCK
  const sums = new Float64Array(SUMS * (to - from))
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

/** A seed per scramble, none the same: an odd multiple of the scramble's number is a permutation of 32-bit words. */
function seedOf(seed: number, scramble: number): number {
  return (seed + Math.imul(scramble, 0x9e3779b1)) >>> 0
}
