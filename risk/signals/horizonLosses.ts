import type { BarColumns } from './barRows.ts'

/** Losses of a unit position opened at each close and held `horizon` bars; entry i is known when bar i + horizon is. */
export type HorizonLosses = { readonly long: Float64Array; readonly short: Float64Array }

/**
 * What a position opened at close i could have lost at the worst instant of the next `horizon` bars, as a fraction of its entry price.
 * Sliding extremes with a monotone queue: linear in the number of bars. The last `horizon` bars have no entry, so nothing sees the future.
 */
export function horizonLosses(bars: BarColumns, horizon: number): HorizonLosses {
  const count = Math.max(0, bars.count - horizon)
  const lows = slidingExtreme(bars.low, horizon, (a, b) => a <= b)
  const highs = slidingExtreme(bars.high, horizon, (a, b) => a >= b)
  const long = new Float64Array(count)
  const short = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const entry = bars.close[i]!
    long[i] = Math.max(0, (entry - lows[i]!) / entry)
    short[i] = Math.max(0, (highs[i]! - entry) / entry)
  }
  return { long, short }
}

/** Extreme of values[i + 1] to values[i + window], for every i that has a whole window. */
function slidingExtreme(values: Float64Array, window: number, beats: (a: number, b: number) => boolean): Float64Array {
  const count = Math.max(0, values.length - window)
  const extremes = new Float64Array(count)
  const queue = new Int32Array(values.length)
  let first = 0
  let last = 0
  for (let j = 1; j < values.length; j++) {
    while (last > first && beats(values[j]!, values[queue[last - 1]!]!)) last--
    queue[last++] = j
    const i = j - window
    if (i < 0) continue
    while (queue[first]! <= i) first++
    extremes[i] = values[queue[first]!]!
  }
  return extremes
}
