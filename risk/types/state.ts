import type { Hash, UnixSeconds, Usd } from './units.ts'

/** A long numeric series as immutable full chunks, named by hash, and the open tail. Keeps the state of a tick small. */
export type ChunkedSeries = {
  /** Hashes of full chunks, oldest first. */
  readonly chunks: readonly Hash[]
  readonly tail: readonly number[]
  /** Values in all. */
  readonly length: number
}

/** A full chunk of a series: a document of its own. */
export type SeriesChunk = { readonly schema: 'ballast.chunk'; readonly version: 1; readonly values: readonly number[] }

/** All that an engine carries from tick to tick. Canonical JSON, hashed into the next snapshot as `priorState`. */
export type EngineState = {
  readonly schema: 'ballast.state'
  readonly version: 1
  readonly market: string
  /** Hash of the canonical list of seed bars that the genesis state was folded from. */
  readonly seed: Hash
  readonly ticks: number
  readonly lastBarEnd: UnixSeconds
  readonly lastClose: Usd
  /** EWMAs of hourly variance by half-life name. */
  readonly variance: { readonly day1: number; readonly day7: number; readonly day30: number; readonly hours: number }
  /** Named series; each entry says in the module that writes it what it holds. */
  readonly series: { readonly [name: string]: ChunkedSeries }
  /** Small named numbers, for example the time of the last monthly move of a slow parameter. */
  readonly scalars: { readonly [name: string]: number }
  /** Seconds since the last bar with a genuine price; grows while an outage carries the price forward. */
  readonly staleSince: UnixSeconds | null
}
