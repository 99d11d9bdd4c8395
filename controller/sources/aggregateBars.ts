import type { Bar, Seconds } from '../../risk/types/index.ts'

/**
 * Joins short bars to longer ones, aligned to UTC: first open, highest high, lowest low, last close, sum of volumes. A bucket that lacks one of its
 * bars is left out, so that a gap stays a gap.
 *
 * @param bars - Ascending, all of length `from`.
 * @param from - Length of the given bars in seconds; divides `to`.
 * @param to - Length wanted, in seconds.
 */
export function aggregateBars(bars: readonly Bar[], from: Seconds, to: Seconds): Bar[] {
  if (from === to) return [...bars]
  const needed = to / from
  const joined: Bar[] = []
  let bucket: Bar[] = []
  for (const bar of bars) {
    if (bucket[0] !== undefined && bucketOf(bar, to) !== bucketOf(bucket[0], to)) bucket = []
    bucket.push(bar)
    if (bucket.length === needed) joined.push(join(bucket))
  }
  return joined
}

const bucketOf = (bar: Bar, length: Seconds): number => Math.floor(bar.start / length)

function join(bars: readonly Bar[]): Bar {
  const first = bars[0] as Bar
  const last = bars[bars.length - 1] as Bar
  return {
    start: first.start,
    end: last.end,
    knownAt: last.knownAt,
    open: first.open,
    high: bars.reduce((most, { high }) => Math.max(most, high), first.high),
    low: bars.reduce((least, { low }) => Math.min(least, low), first.low),
    close: last.close,
    volume: bars.reduce((sum, { volume }) => sum + volume, 0),
  }
}
