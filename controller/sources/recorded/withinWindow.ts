import type { UnixSeconds } from '../../../risk/types/index.ts'
import type { RecordedSeries } from '../RecordedSeries.ts'

/** Instants that are needed, both included. */
export type Window = { readonly from: UnixSeconds; readonly to: UnixSeconds }

/** What of a file became known in a window; null when nothing did. */
export function withinWindow<Observation extends { readonly knownAt: UnixSeconds }>(
  { recordings, observations }: RecordedSeries<Observation>,
  { from, to }: Window,
): RecordedSeries<Observation> | null {
  const within = observations.filter(({ knownAt }) => knownAt >= from && knownAt <= to)
  return within.length === 0 ? null : { recordings, observations: within }
}
