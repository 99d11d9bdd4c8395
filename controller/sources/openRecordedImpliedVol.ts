import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { keccak256 } from 'viem'
import { BadRecordingError } from '../../risk/market/index.ts'
import { parseOptionChains } from '../../risk/surface/index.ts'
import type { Hash, ImpliedVolObservation, Seconds, UnixSeconds } from '../../risk/types/index.ts'
import { optionChainObservation, READING_TIME } from './optionChainObservation.ts'
import { optionChainRecordings, type VolRecording } from './optionChainRecordings.ts'
import { parseVolIndex } from './parseVolIndex.ts'
import type { RecordedSeries } from './RecordedSeries.ts'

/** Instants that are needed. */
export type Window = { readonly from: UnixSeconds; readonly to: UnixSeconds }

type Recorded = { readonly name: string; readonly contentHash: Hash; readonly kind: VolRecording['kind'] }
/** A file's observations within the window, of which those of chains are computed when they are asked for. */
type Opened = Recorded & { readonly knownAt: readonly UnixSeconds[]; readonly observe: () => readonly ImpliedVolObservation[] }

const DAY: Seconds = 86_400
const EVER: Window = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/**
 * Recorded implied volatility of a market: from option chains, or from a 30-day volatility index, never from both, since an index stands a little above the volatility at the
 * money and a change from one to the other would look like a move. Chains are taken, since they say more, unless the index has observations on more than twice as many days.
 *
 * @param directory - A data folder with recordings in `options/` and `iv/`.
 * @param window - Observations known before or after it are left out; all are taken when absent.
 * @param history - Seconds before the window whose observations are taken too, of the kind that the window decided.
 * @returns Null when no recording of the market has an observation in the window.
 * @throws {BadRecordingError} A file has faulty lines; each is named.
 */
export function openRecordedImpliedVol(
  directory: string,
  market: string,
  window: Window = EVER,
  history: Seconds = 0,
): RecordedSeries<ImpliedVolObservation> | null {
  const opened = optionChainRecordings(directory, market)
    .map((recording) => open(recording, { from: window.from - history, to: window.to }))
    .filter(({ knownAt }) => knownAt.length > 0)
  const [chains, index] = [daysOf(opened, 'chains', window.from), daysOf(opened, 'index', window.from)]
  if (chains + index === 0) return null
  const kind = chains > 0 && 2 * chains >= index ? 'chains' : 'index'
  const used = opened.filter((each) => each.kind === kind)
  return {
    recordings: used.map(({ name, contentHash }) => ({ name, contentHash })),
    observations: ascending(used.flatMap(({ observe }) => observe())),
  }
}

function open({ kind, path, name }: VolRecording, window: Window): Opened {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const inWindow = (time: UnixSeconds): boolean => time >= window.from && time <= window.to
  const file = { name, contentHash: keccak256(bytes), kind }
  if (kind === 'index') {
    const observations = parseVolIndex(text).filter(({ knownAt }) => inWindow(knownAt))
    return { ...file, knownAt: observations.map(({ knownAt }) => knownAt), observe: () => observations }
  }
  const { chains, faults } = parseOptionChains(text, 'coin')
  if (faults.length > 0) throw new BadRecordingError(faults)
  const wanted = chains.filter(({ time }) => inWindow(time + READING_TIME))
  return {
    ...file,
    knownAt: wanted.map(({ time }) => time + READING_TIME),
    observe: () => wanted.map(optionChainObservation).filter((seen) => seen !== null),
  }
}

/** Days from `from` on with an observation of the kind. */
function daysOf(opened: readonly Opened[], kind: VolRecording['kind'], from: UnixSeconds): number {
  const times = opened.filter((each) => each.kind === kind).flatMap(({ knownAt }) => knownAt.filter((time) => time >= from))
  return new Set(times.map((time) => Math.floor(time / DAY))).size
}

/** In the order in which they were known; of two known at once the first file's. */
function ascending(observations: readonly ImpliedVolObservation[]): ImpliedVolObservation[] {
  const first = new Map<UnixSeconds, ImpliedVolObservation>()
  for (const seen of observations) if (!first.has(seen.knownAt)) first.set(seen.knownAt, seen)
  return [...first.values()].sort((left, right) => left.knownAt - right.knownAt)
}
