import type { Bar, Usd } from '../../risk/types/index.ts'

/** Prices inside an hour at equal steps, the last at its end. */
export const STEPS_PER_HOUR = 6

/**
 * A way through a bar that touches all four of its prices: against its direction first, as intraday ranges usually run (open, high, low, close when it falls; open, low, high, close when it
 * rises), straight in between, the extremes after the second and the fourth of six steps.
 *
 * @returns Six prices, the last the close.
 */
export function pricePath({ open, high, low, close }: Pick<Bar, 'open' | 'high' | 'low' | 'close'>): Usd[] {
  const [first, second] = close < open ? [high, low] : [low, high]
  return [(open + first) / 2, first, (first + second) / 2, second, (second + close) / 2, close]
}
