import type { Action, Address, Deployment } from '../../risk/types/index.ts'
import type { CodeCondition, ReadingCondition } from '../conditions/index.ts'
import type { KnownContract } from '../decode/index.ts'

/** What one action of a draft becomes. */
export type BuiltAction = {
  readonly actions: readonly Action[]
  /** What must be true after them. */
  readonly readings: readonly ReadingCondition[]
  /** Code that the writer of the draft has read. */
  readonly pins: readonly CodeCondition[]
  /** Changes that the draft itself states, by path, with the value after; those of known calls follow from the calls. */
  readonly effects: Readonly<Record<string, string>>
  /** Interfaces that the draft brings along. */
  readonly contracts: readonly (KnownContract & { readonly address: Address })[]
  readonly successors: readonly Deployment[]
}

/** One without anything, to be filled. */
export const emptyAction: BuiltAction = { actions: [], readings: [], pins: [], effects: {}, contracts: [], successors: [] }
