import { parseUtc } from '../../../risk/market/index.ts'
import type { FundingObservation, Seconds } from '../../../risk/types/index.ts'
import type { RecordedSeries } from '../RecordedSeries.ts'
import { readTable } from './readTable.ts'

const EIGHT_HOURS: Seconds = 28_800
/** No venue lets funding of eight hours go beyond: such a figure is one in percent. */
const LARGEST = 0.1

/**
 * Funding payments every eight hours, each known when it is paid. A payment that is missing stays missing.
 *
 * @throws {BadRecordingError} A line is malformed, off the grid of eight hours, not later than the one before, or beyond 10 %.
 */
export function funding(path: string): RecordedSeries<FundingObservation> {
  const { file, values } = readTable<FundingObservation>(path, ['timestamp', 'funding_rate_8h'], (row, before) => {
    const knownAt = parseUtc(row.field(0))
    const rate = row.number(1)
    if (knownAt === null) return `'${row.field(0)}' is no time of the form 2023-04-01T00:00:00Z`
    if (knownAt % EIGHT_HOURS !== 0) return `${row.field(0)} is not on the grid of 8 h`
    if (before !== undefined && knownAt <= before.knownAt) return 'it is not later than the line before'
    if (!(Math.abs(rate) <= LARGEST)) return `rate ${rate} is beyond ${LARGEST}`
    return { knownAt, rate }
  })
  return { recordings: [file], observations: values }
}
