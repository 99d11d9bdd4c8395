import type { Bar, Usd } from '../types/index.ts'
import { closeToClose } from './closeToClose.ts'
import { parkinson } from './parkinson.ts'

/**
 * Variance of one hourly bar as the policy defines it: the mean of the squared return and Parkinson's estimate. Per hour.
 *
 * @param previousClose - Close of the bar before, so that a gap counts; the bar's own open when there is no bar before.
 * @throws {InvalidInputError} A price is not finite and positive, or high and low do not enclose open and close.
 */
export function hourlyVariance(bar: Pick<Bar, 'open' | 'high' | 'low' | 'close'>, previousClose: Usd = bar.open): number {
  const range = parkinson(bar)
  return 0.5 * (closeToClose(previousClose, bar.close) + range)
}
