import type { FundingObservation, OpenInterestObservation } from '../../../risk/types/index.ts'
import type { RecordedSeries } from '../RecordedSeries.ts'
import { findFiles } from './findFiles.ts'
import { funding } from './funding.ts'
import { openInterest } from './openInterest.ts'
import { type Window, withinWindow } from './withinWindow.ts'

/**
 * Open interest of a market's perpetual. Files that follow one another are joined.
 *
 * @param window - What became known outside it is left out, and so is a file with nothing inside.
 * @returns Null when no file of the market says anything in the window.
 * @throws {BadRecordingError} A file has faulty lines.
 */
export function openRecordedOpenInterest(
  directory: string,
  market: string,
  window: Window,
): RecordedSeries<OpenInterestObservation> | null {
  return join(findFiles(directory, 'derivs', new RegExp(`^${market}USDT?_.*open_interest_1d_.*\\.csv(\\.gz)?$`)).map(openInterest), window)
}

/** As {@link openRecordedOpenInterest}, for funding. */
export function openRecordedFunding(directory: string, market: string, window: Window): RecordedSeries<FundingObservation> | null {
  return join(findFiles(directory, 'derivs', new RegExp(`^${market}USDT?_.*funding_8h_.*\\.csv(\\.gz)?$`)).map(funding), window)
}

/** Later files only add what is later than all before them. */
function join<Observation extends { readonly knownAt: number }>(
  files: readonly RecordedSeries<Observation>[],
  window: Window,
): RecordedSeries<Observation> | null {
  const series = files.flatMap((each) => withinWindow(each, window) ?? [])
  if (series.length === 0) return null
  const observations: Observation[] = []
  for (const each of series) {
    const last = observations.at(-1)?.knownAt ?? Number.NEGATIVE_INFINITY
    observations.push(...each.observations.filter(({ knownAt }) => knownAt > last))
  }
  return { recordings: series.flatMap(({ recordings }) => recordings), observations }
}
