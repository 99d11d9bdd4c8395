import { parseUtc } from '../../../risk/market/index.ts'
import type { OpenInterestObservation, Seconds } from '../../../risk/types/index.ts'
import type { RecordedSeries } from '../RecordedSeries.ts'
import { readTable } from './readTable.ts'

const DAY: Seconds = 86_400

/**
 * Open interest of a day, in contracts of one USD; its close is known when the day has ended. A day that is missing stays missing.
 *
 * @throws {BadRecordingError} A line is malformed, its high and low do not enclose the rest, or it is not later than the one before.
 */
export function openInterest(path: string): RecordedSeries<OpenInterestObservation> {
  const header = ['date', 'oi_open', 'oi_high', 'oi_low', 'oi_close']
  const { file, values } = readTable<OpenInterestObservation>(path, header, (row, before) => {
    const start = parseUtc(`${row.field(0)}T00:00:00Z`)
    const [open, high, low, close] = [row.number(1), row.number(2), row.number(3), row.number(4)]
    if (start === null) return `'${row.field(0)}' is no day of the form 2021-09-15`
    if (before !== undefined && start + DAY <= before.knownAt) return 'it is not later than the line before'
    if (!(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close))) return 'high and low do not enclose open and close'
    return { knownAt: start + DAY, openInterestUsd: close }
  })
  return { recordings: [file], observations: values }
}
