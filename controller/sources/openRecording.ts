import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { keccak256 } from 'viem'
import { parseBars } from '../../risk/market/index.ts'
import type { Bar, Hash, Seconds, UnixSeconds } from '../../risk/types/index.ts'
import { NoRecordingError } from '../errors/SourceErrors.ts'
import { aggregateBars } from './aggregateBars.ts'
import { listRecordings, type Recording } from './recordings.ts'

export type OpenedRecording = { readonly name: string; readonly contentHash: Hash; readonly bars: readonly Bar[] }

const HOUR: Seconds = 3_600

/**
 * Opens the recording of a market that covers a span, as hourly bars. Of several, the one with the longest history before `from` is taken, then the one whose
 * bars are hourly already.
 *
 * @param directory - A data folder with recordings in `ohlcv/`.
 * @param name - Exactly this file, for an engine that is to have a source of its own.
 * @throws {NoRecordingError} None covers it; what there is is named.
 * @throws {BadRecordingError} A file has faulty lines; each is named.
 */
export function openRecording(directory: string, market: string, from: UnixSeconds, to: UnixSeconds, name?: string): OpenedRecording {
  const found = listRecordings(directory, market).filter((recording) => name === undefined || recording.name === name)
  const covering = found
    .map((recording) => ({ recording, opened: readHourlyBars(recording) }))
    .filter(({ opened: { bars } }) => bars.length > 0 && (bars[0] as Bar).start < from && (bars[bars.length - 1] as Bar).end >= to)
    .sort((a, b) => (a.opened.bars[0] as Bar).start - (b.opened.bars[0] as Bar).start || b.recording.barSeconds - a.recording.barSeconds)
  const best = covering[0]
  if (best === undefined) throw new NoRecordingError({ directory, market, from, to, found: found.map((recording) => recording.name) })
  return best.opened
}

function readHourlyBars(recording: Recording): OpenedRecording {
  const opened = readRecordedBars(recording)
  return { ...opened, bars: aggregateBars(opened.bars, recording.barSeconds, HOUR) }
}

/**
 * The bars of a file as they are, each at its own length.
 *
 * @throws {BadRecordingError} The file has faulty lines; each is named.
 */
export function readRecordedBars({ path, name, barSeconds, stamp }: Recording): OpenedRecording {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const { bars } = parseBars(text, barSeconds)
  const placed = stamp === 'start' ? bars : bars.map((bar) => shift(bar, -barSeconds))
  return { name, contentHash: keccak256(bytes), bars: placed }
}

/** A bar whose row carried its end. */
function shift(bar: Bar, seconds: Seconds): Bar {
  return { ...bar, start: bar.start + seconds, end: bar.end + seconds, knownAt: bar.knownAt + seconds }
}
