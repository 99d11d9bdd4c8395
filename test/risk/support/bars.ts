import type { Bar } from '../../../risk/types/index.ts'

/** Hourly bars from closes: each opens at the close before and ranges a little beyond both. */
export function barsFromCloses(closes: readonly number[], start = 1_577_836_800, volume = 1000): Bar[] {
  return closes.map((close, i) => {
    const open = closes[i - 1] ?? close
    const at = start + 3600 * i
    return {
      start: at,
      end: at + 3600,
      knownAt: at + 3600,
      open,
      high: Math.max(open, close) * 1.002,
      low: Math.min(open, close) * 0.998,
      close,
      volume,
    }
  })
}

/** A seeded walk: calm hours of about 0.6 % with a burst of 4 % hours between `from` and `to`. */
export function walk(hours: number, seed: number, from = hours, to = hours): number[] {
  let state = seed
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  let price = 200
  return Array.from({ length: hours }, (_, i) => {
    const size = i >= from && i < to ? 0.04 : 0.006
    price *= 1 + size * (uniform() + uniform() + uniform() - 1.5)
    return price
  })
}
