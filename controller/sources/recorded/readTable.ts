import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { keccak256 } from 'viem'
import { BadRecordingError, type LineFault } from '../../../risk/market/index.ts'
import type { RecordedSeries } from '../RecordedSeries.ts'

type RecordedFile = RecordedSeries<never>['recordings'][number]

/** One line of a table: its fields by position, and a reader of numbers that reports what is none. */
export type TableRow = {
  /** Counts from 1, the header included. */
  readonly line: number
  readonly field: (column: number) => string
  /** NaN where the field is no number; the row is then a fault. */
  readonly number: (column: number) => number
}

/**
 * Reads a CSV file, plain or gzipped, line by line.
 *
 * @param header - Exactly the columns that the file must have.
 * @param parse - Turns a row into a value, or says what is wrong with it.
 * @throws {BadRecordingError} The header differs, a row has too few or too many columns, a number is none, or `parse` finds a fault: every line is named.
 */
export function readTable<Value>(
  path: string,
  header: readonly string[],
  parse: (row: TableRow, before: Value | undefined) => Value | string,
): { readonly file: RecordedFile; readonly values: readonly Value[] } {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  if (lines.at(-1) === '') lines.pop()
  if (lines[0] !== header.join(','))
    throw new BadRecordingError([{ line: 1, fault: `the header is '${lines[0] ?? ''}'; it must be '${header.join(',')}'` }])
  const faults: LineFault[] = []
  const values: Value[] = []
  for (let i = 1; i < lines.length; i++) {
    const value = parseRow(lines[i] as string, i + 1, header, (row) => parse(row, values.at(-1)))
    if (typeof value === 'string') faults.push({ line: i + 1, fault: value })
    else values.push(value)
  }
  if (values.length === 0 && faults.length === 0) faults.push({ line: 1, fault: 'there are no rows' })
  if (faults.length > 0) throw new BadRecordingError(faults)
  return { file: { name: basename(path), contentHash: keccak256(bytes) }, values }
}

function parseRow<Value>(text: string, line: number, header: readonly string[], parse: (row: TableRow) => Value | string): Value | string {
  const fields = text.split(',')
  if (fields.length !== header.length) return `it has ${fields.length} columns; it must have ${header.length}`
  let bad: string | null = null
  const field = (column: number): string => fields[column] ?? ''
  const number = (column: number): number => {
    if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(field(column))) return Number(field(column))
    bad ??= `'${field(column)}' in column ${header[column]} is no number`
    return Number.NaN
  }
  const value = parse({ line, field, number })
  return bad ?? value
}
