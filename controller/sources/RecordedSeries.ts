import type { Hash } from '../../risk/types/index.ts'

/** Observations from recorded files beside the bars, strictly ascending by `knownAt`. */
export type RecordedSeries<Observation> = {
  /** Files they come from, with keccak256 of the bytes. */
  readonly recordings: readonly { readonly name: string; readonly contentHash: Hash }[]
  readonly observations: readonly Observation[]
}
