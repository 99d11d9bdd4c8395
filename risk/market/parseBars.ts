import { FatalError } from '../errors/index.ts'
import type { Bar, Seconds, UnixSeconds } from '../types/index.ts'
import { barFault } from './barFault.ts'

/** A recording that cannot be used, with every line that is wrong; the message shows the first ones. */
export class BadRecordingError extends FatalError {
  override readonly name = 'BadRecordingError'
  readonly context: { readonly faults: readonly LineFault[] }
  constructor(faults: readonly LineFault[], options?: ErrorOptions) {
    const shown = faults.slice(0, 5).map(({ line, fault }) => `line ${line}: ${fault}`)
    super(`${faults.length} faults in the recording; ${shown.join('; ')}.`, options)
    this.context = { faults }
  }
}

/** Line numbers count from 1, the header included. */
export type LineFault = { readonly line: number; readonly fault: string }

const HEADER = 'timestamp,open,high,low,close,volume'

/** Bars of a recording, and the hours it lacks: a gap is a fact about the market, not a fault. */
export type Recording = { readonly bars: readonly Bar[]; readonly missingBars: number }

/**
 * Reads recorded bars from CSV text with the columns timestamp, open, high, low, close, volume. Timestamps are UTC and mark the START of a bar, so a
 * bar is known at its end.
 *
 * @param barSeconds - Length of a bar.
 * @throws {BadRecordingError} Wrong header, wrong number of columns, a time or number that is none, a bar outside its domain, bars out of order,
 * repeated, or not on the grid of their length.
 */
export function parseBars(text: string, barSeconds: Seconds): Recording {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  if (lines.at(-1) === '') lines.pop()
  const header = lines[0] ?? ''
  if (header !== HEADER) throw new BadRecordingError([{ line: 1, fault: `the header is '${header}'; it must be '${HEADER}'` }])
  const faults: LineFault[] = []
  const bars: Bar[] = []
  lines.slice(1).forEach((text, i) => {
    const line = i + 2
    const bar = parseLine(text, barSeconds)
    const fault = typeof bar === 'string' ? bar : (barFault(bar) ?? orderFault(bar, bars.at(-1)))
    if (fault !== null) faults.push({ line, fault })
    else if (typeof bar !== 'string') bars.push(bar)
  })
  if (bars.length === 0 && faults.length === 0) faults.push({ line: 1, fault: 'there are no bars' })
  if (faults.length > 0) throw new BadRecordingError(faults)
  const span = (bars.at(-1)!.end - bars[0]!.start) / barSeconds
  return { bars, missingBars: span - bars.length }
}

function parseLine(line: string, barSeconds: Seconds): Bar | string {
  const fields = line.split(',')
  if (fields.length !== 6) return `it has ${fields.length} columns; it must have 6`
  const start = parseUtc(fields[0]!)
  if (start === null) return `'${fields[0]}' is no time of the form 2020-03-12T11:00:00Z`
  if (start % barSeconds !== 0) return `${fields[0]} is not on the grid of ${barSeconds} s`
  const numbers = fields.slice(1).map((field) => (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(field) ? Number(field) : Number.NaN))
  const wrong = numbers.findIndex(Number.isNaN)
  if (wrong >= 0) return `'${fields[wrong + 1]}' is no number`
  const [open, high, low, close, volume] = numbers as [number, number, number, number, number]
  return { start, end: start + barSeconds, knownAt: start + barSeconds, open, high, low, close, volume }
}

function orderFault(bar: Bar, before: Bar | undefined): string | null {
  if (before === undefined || bar.start >= before.end) return null
  return bar.start === before.start ? 'it repeats the bar before' : 'it is earlier than the bar before'
}

/** Seconds since 1970 of a UTC time in the one form `YYYY-MM-DDTHH:MM:SSZ`; null when it is not of that form or no such day exists. */
export function parseUtc(text: string): UnixSeconds | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(text)
  if (parts === null) return null
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [number, number, number, number, number, number]
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return null
  return daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function daysIn(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Days of the proleptic Gregorian calendar; years from March, so that the leap day comes last. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468
}
