import { InvalidInputError } from '../../errors/index.ts'

/** How much is simulated. */
export type SimulationPlan = {
  /** Paths per scramble: a power of two in [256, 2^24]. */
  readonly paths: number
  /** Independent scrambles of the Sobol sequence, from whose spread the standard error comes: a whole number in [2, 64]. */
  readonly scrambles: number
  /** Whole number in [0, 2^32). */
  readonly seed: number
}

/** Paths per block, the smallest unit of work. */
export const BLOCK = 256

/** @throws {InvalidInputError} A field is outside its domain. */
export function assertSimulationPlan({ paths, scrambles, seed }: SimulationPlan): void {
  const isPower = Number.isInteger(paths) && paths >= BLOCK && paths <= 16777216 && (paths & (paths - 1)) === 0
  if (!isPower) throw new InvalidInputError({ argument: 'paths', got: paths, limit: `a power of two in [${BLOCK}, 16777216]` })
  if (!(Number.isInteger(scrambles) && scrambles >= 2 && scrambles <= 64))
    throw new InvalidInputError({ argument: 'scrambles', got: scrambles, limit: 'a whole number in [2, 64]' })
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 4294967296))
    throw new InvalidInputError({ argument: 'seed', got: seed, limit: 'a whole number in [0, 4294967296)' })
}
