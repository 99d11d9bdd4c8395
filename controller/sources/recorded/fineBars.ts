import type { LiquidityObservation } from '../../../risk/types/index.ts'
import { readRecordedBars } from '../openRecording.ts'
import type { RecordedSeries } from '../RecordedSeries.ts'
import type { Recording } from '../recordings.ts'
import { tenMinuteMoves } from './samples.ts'

/**
 * Bars of ten minutes or less: the ten-minute moves of their closes.
 *
 * @throws {BadRecordingError} A line is malformed.
 */
export function fineBars(recording: Recording): RecordedSeries<LiquidityObservation> {
  const { name, contentHash, bars } = readRecordedBars(recording)
  const moves = tenMinuteMoves(bars.map(({ end, close }) => ({ time: end, price: close })))
  const observations = [...moves].map(([knownAt, tenMinuteMoveQ95]) => ({ knownAt, tenMinuteMoveQ95 }))
  return { recordings: [{ name, contentHash }], observations }
}
