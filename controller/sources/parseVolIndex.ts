import { BadRecordingError, type LineFault, parseUtc } from '../../risk/market/index.ts'
import type { ImpliedVolObservation, Seconds, UnixSeconds } from '../../risk/types/index.ts'

/** Form of a recording by its header: the time of a row, the column of the level, and how long after that time it is known. */
type Form = {
  readonly columns: number
  readonly level: number
  readonly timeOf: (field: string) => UnixSeconds | null
  readonly known: Seconds
}

const HOUR: Seconds = 3_600
const DAY: Seconds = 86_400
const FORMS: Readonly<Record<string, Form>> = {
  // Hourly bars are stamped at their start, and their close is known an hour later.
  'timestamp,open,high,low,close': { columns: 5, level: 4, timeOf: parseUtc, known: HOUR },
  // A daily close is that of the end of its UTC day.
  'date,dvol_close': { columns: 2, level: 1, timeOf: (day) => parseUtc(`${day}T00:00:00Z`), known: DAY },
}

/**
 * Reads a recorded 30-day volatility index from CSV text, hourly bars or daily closes, in volatility points (60 is 60 % a year). The level counts as the 30-day volatility.
 * It is an index of the variance-swap kind: a point or two above the volatility at the money, which moves of it do not show.
 *
 * @throws {BadRecordingError} Another header, a row that is none, levels outside (0, 1000), or times that do not ascend.
 */
export function parseVolIndex(text: string): ImpliedVolObservation[] {
  const rows = text.replaceAll('\r\n', '\n').split('\n')
  if (rows.at(-1) === '') rows.pop()
  const form = FORMS[rows[0] ?? '']
  if (form === undefined)
    throw new BadRecordingError([{ line: 1, fault: `the header is '${rows[0] ?? ''}'; it must be '${Object.keys(FORMS).join("' or '")}'` }])
  const faults: LineFault[] = []
  const observations: ImpliedVolObservation[] = []
  rows.slice(1).forEach((row, i) => {
    const seen = parseRow(row, form)
    const fault =
      typeof seen === 'string'
        ? seen
        : seen.knownAt > (observations.at(-1)?.knownAt ?? Number.NEGATIVE_INFINITY)
          ? null
          : 'it is not after the row before'
    if (fault !== null) faults.push({ line: i + 2, fault })
    else if (typeof seen !== 'string') observations.push(seen)
  })
  if (faults.length > 0) throw new BadRecordingError(faults)
  return observations
}

function parseRow(row: string, { columns, level, timeOf, known }: Form): ImpliedVolObservation | string {
  const fields = row.split(',')
  if (fields.length !== columns) return `it has ${fields.length} columns; it must have ${columns}`
  const time = timeOf(fields[0]!)
  if (time === null) return `'${fields[0]}' is no time`
  const points = /^\d+(\.\d+)?$/.test(fields[level]!) ? Number(fields[level]) : Number.NaN
  if (!(points > 0 && points < 1_000)) return `the level is '${fields[level]}'; it must be a number above 0 and below 1000`
  return { knownAt: time + known, atm30d: points / 100 }
}
