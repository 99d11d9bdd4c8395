import type { UnixSeconds, Years } from '../types/index.ts'

const SECONDS_PER_YEAR = 31_536_000

/** Actual/365: seconds from `start` to `end` over 365 days of 86,400 s. Negative when `end` comes first. */
export function yearsBetween(start: UnixSeconds, end: UnixSeconds): Years {
  return (end - start) / SECONDS_PER_YEAR
}
