import type { ChunkedSeries, DocumentStore } from '../types/index.ts'
import { readRows } from './series.ts'

/** One row per bar: end, high, low, close, volume, sigma, genuine. */
export const BAR_WIDTH = 7

/** The bars of a state as columns, oldest first. */
export type BarColumns = {
  readonly count: number
  readonly end: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  /** Units of the base asset. */
  readonly volume: Float64Array
  /** Volatility of one hour after this bar, see sigmaMix; frozen through an outage. */
  readonly sigma: Float64Array
  /** 1 for a bar with a price of its own, 0 for one that carries the price through an outage. */
  readonly genuine: Float64Array
}

/** The last `rows` bars. */
export function readBars(series: ChunkedSeries, rows: number, documents: DocumentStore): BarColumns {
  const values = readRows(series, rows, BAR_WIDTH, documents)
  const count = values.length / BAR_WIDTH
  const column = (offset: number): Float64Array => {
    const numbers = new Float64Array(count)
    for (let i = 0, at = offset; i < count; i++, at += BAR_WIDTH) numbers[i] = values[at]!
    return numbers
  }
  return {
    count,
    end: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
    sigma: column(5),
    genuine: column(6),
  }
}
