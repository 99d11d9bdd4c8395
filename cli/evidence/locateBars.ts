import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { DaemonConfig } from '../../controller/config/schema.ts'
import { listRecordings } from '../../controller/sources/recordings.ts'
import { parseUtc } from '../../risk/market/index.ts'
import type { MarketSnapshot } from '../../risk/types/index.ts'
import { grouped } from '../kit/values.ts'
import type { Fact } from './Step.ts'

/** Where the new bars of a tick stand in the recording, or which simulation made them; for people. */
export function locateBars(source: DaemonConfig['source'], { bars, provenance }: MarketSnapshot): Fact[] {
  if (source.kind === 'simulated') return [{ name: 'simulation', value: `seed ${source.seed}, from ${source.origin}` }]
  const recording = listRecordings(source.directory, marketOf(provenance.source)).find(({ name }) => name === provenance.source)
  if (recording === undefined) return [{ name: 'file', value: `${provenance.source}, not found here` }]
  const bytes = readFileSync(recording.path)
  const lines = (recording.path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n')
  const shift = recording.stamp === 'start' ? 0 : recording.barSeconds
  const isOfBar = (line: string): boolean => {
    const time = parseUtc(line.slice(0, line.indexOf(',')))
    return time !== null && bars.some((bar) => time - shift >= bar.start && time - shift < bar.end)
  }
  const numbers = lines.flatMap((line, i) => (isOfBar(line) ? [i + 1] : []))
  const [from, to] = [numbers[0], numbers.at(-1)]
  const place =
    from === undefined || to === undefined ? 'no line' : from === to ? `line ${grouped(from)}` : `lines ${grouped(from)} to ${grouped(to)}`
  return [
    { name: 'file', value: `${provenance.source}, ${place} of ${grouped(lines.length)}` },
    { name: 'keccak256', value: provenance.contentHash ?? 'none' },
    ...(provenance.recordings ?? []).map(({ name, contentHash }) => ({ name: 'beside it', value: `${name}, keccak256 ${contentHash}` })),
  ]
}

/** Recordings are listed by the base asset their names begin with. */
function marketOf(name: string): string {
  return /^[A-Z]+?(?=USD|-)/.exec(name)?.[0] ?? name
}
