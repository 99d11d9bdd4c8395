import { quantile } from '../../../risk/math/index.ts'
import type { Fraction, Seconds, UnixSeconds, Usd } from '../../../risk/types/index.ts'

const HOUR: Seconds = 3_600
const TEN_MINUTES: Seconds = 600
const DAY: Seconds = 86_400
/** A price this old says nothing of a grid time. */
const OLDEST: Seconds = 150
/** Moves of a day without which no quantile is given: half of them. */
const FEWEST_MOVES = 72

export type PriceSample = { readonly time: UnixSeconds; readonly price: Usd }

/** The hour that a sample falls into, named by its end: then all of it is known. */
export function hourEnd(time: UnixSeconds): UnixSeconds {
  return (Math.floor(time / HOUR) + 1) * HOUR
}

/** Samples by the end of their hour, in the order of the samples. */
export function byHour<Sample extends { readonly time: UnixSeconds }>(samples: readonly Sample[]): Map<UnixSeconds, Sample[]> {
  const hours = new Map<UnixSeconds, Sample[]>()
  for (const sample of samples) {
    const end = hourEnd(sample.time)
    const hour = hours.get(end)
    if (hour === undefined) hours.set(end, [sample])
    else hour.push(sample)
  }
  return hours
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/**
 * 95 % quantile of |moves| over ten minutes of the 24 h before each hour's end, on the grid of ten minutes: the price at a grid time is the last sample of the 150 s
 * before it. A hole gives no move; below 72 moves of 144 there is no quantile.
 *
 * @param samples - Ascending in time; a sample at a time is known then.
 */
export function tenMinuteMoves(samples: readonly PriceSample[]): Map<UnixSeconds, Fraction> {
  const grid = gridPrices(samples)
  const result = new Map<UnixSeconds, Fraction>()
  const first = samples[0]?.time ?? 0
  const last = samples.at(-1)?.time ?? -1
  for (let end = Math.ceil(first / HOUR) * HOUR; end <= last + OLDEST; end += HOUR) {
    const moves: number[] = []
    for (let at = end - DAY + TEN_MINUTES; at <= end; at += TEN_MINUTES) {
      const [before, now] = [grid.get(at - TEN_MINUTES), grid.get(at)]
      if (before !== undefined && now !== undefined) moves.push(Math.abs(now / before - 1))
    }
    if (moves.length >= FEWEST_MOVES) result.set(end, quantile(moves, 0.95))
  }
  return result
}

function gridPrices(samples: readonly PriceSample[]): Map<UnixSeconds, Usd> {
  const grid = new Map<UnixSeconds, Usd>()
  for (const { time, price } of samples) {
    const at = Math.ceil(time / TEN_MINUTES) * TEN_MINUTES
    if (at - time < OLDEST) grid.set(at, price)
  }
  return grid
}
