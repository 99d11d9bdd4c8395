import type { UnixSeconds } from '../../risk/types/index.ts'
import { usageError } from './CliError.ts'

const pattern = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:\d{2})?)?$/

/**
 * An instant from the command line: ISO 8601 (`2020-03-12`, `2020-03-12T11:00Z`, with seconds or an offset) or unix seconds.
 * Without a zone it is UTC.
 *
 * @param option - Name for the message.
 * @throws {CliError} Not an instant, or a day or hour that does not exist.
 */
export function parseTime(text: string, option: string): UnixSeconds {
  if (/^\d{9,11}$/.test(text)) return Number(text)
  const match = pattern.exec(text)
  const zone = match?.[7] ?? 'Z'
  const iso = match === null ? '' : `${match[1]}-${match[2]}-${match[3]}T${match[4] ?? '00'}:${match[5] ?? '00'}:${match[6] ?? '00'}`
  const milliseconds = Date.parse(`${iso}${zone}`)
  // Date.parse turns 30 February into 1 March; the same fields must come back.
  const exists = Number.isFinite(milliseconds) && new Date(Date.parse(`${iso}Z`)).toISOString().startsWith(iso)
  if (!exists)
    throw usageError(`${option} is ${JSON.stringify(text)}, which is not a time.`, 'Write it like 2020-03-12T11:00Z, or as unix seconds.')
  return milliseconds / 1000
}

/** `2020-03-12T11:00:00Z`. */
export function isoTime(time: UnixSeconds): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z')
}

/** `2020-03-12 11:00`, for tables whose title says UTC; seconds only when there are any. */
export function shortTime(time: UnixSeconds): string {
  const iso = new Date(time * 1000).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, time % 60 === 0 ? 16 : 19)}`
}

/** Both forms of an instant, as JSON documents carry them. */
export function bothTimes(time: UnixSeconds): { readonly unix: UnixSeconds; readonly iso: string } {
  return { unix: time, iso: isoTime(time) }
}

/** `90 s`, `12 min`, `3 h`, `2 d 4 h`: at most two units. */
export function formatDuration(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const
  let rest = Math.round(seconds)
  const parts: string[] = []
  for (const [name, size] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${name}`)
    if (parts.length === 2) break
  }
  return parts.length === 0 ? '0 s' : parts.join(' ')
}
