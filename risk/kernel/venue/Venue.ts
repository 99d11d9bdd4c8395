import type { KernelEngine } from '../KernelEngine.ts'
import type { KernelMemory } from '../memory/KernelMemory.ts'
import type { VenuePlan } from '../memory/planVenue.ts'
import type { VenueTerms } from './VenueTerms.ts'

/** A venue laid out in memory with an engine over it. Made by `openVenue`; the functions of this folder work on it. */
export type Venue = {
  /** The book itself stands in memory alone. */
  readonly terms: Omit<VenueTerms, 'book'>
  readonly kernel: KernelMemory
  readonly engine: KernelEngine
  readonly plan: VenuePlan
  /** Most threads that may work on it at once. */
  readonly threads: number
  readonly legs: number
  readonly streaming: boolean
  readonly shortfall: boolean
}

/** One number per account, and for the worst loss the first scenario in which it stands. Views of the venue's memory, overwritten by the next call. */
export type AccountLosses = {
  /** USD, positive is a loss. */
  readonly losses: Float64Array
  /** Places in `scenarios`. */
  readonly cells: Uint32Array
}
