import { InvalidInputError } from '../errors/index.ts'
import { compensatedSum, log } from '../math/index.ts'
import type { Bar } from '../types/index.ts'
import { assertBarPrices } from './assertBarPrices.ts'
import { rogersSatchell } from './rogersSatchell.ts'
import { sampleVariance } from './sampleVariance.ts'

/**
 * Mean variance per bar, gaps between bars included: variance of the gaps + k x variance of open-to-close moves + (1 - k) x mean of Rogers
 * and Satchell's estimates, with k = 0.34 / (1.34 + (n + 1) / (n - 1)). Unbiased for any drift; the smallest variance among estimators of
 * this form.
 *
 * @param bars - n + 1 >= 3 bars in time order; of the first only the close is used.
 * @throws {InvalidInputError} Fewer than three bars, or one that is no bar.
 * @see Yang and Zhang, Journal of Business 73 (2000), (10) and (11).
 */
export function yangZhang(bars: readonly Pick<Bar, 'open' | 'high' | 'low' | 'close'>[]): number {
  const n = bars.length - 1
  if (n < 2) throw new InvalidInputError({ argument: 'bars', got: `${bars.length} bars`, limit: 'three or more' })
  for (const bar of bars) assertBarPrices(bar)
  const used = bars.slice(1)
  const gaps = used.map((bar, i) => log(bar.open / bars[i]!.close))
  const moves = used.map((bar) => log(bar.close / bar.open))
  const k = 0.34 / (1.34 + (n + 1) / (n - 1))
  return sampleVariance(gaps) + k * sampleVariance(moves) + (1 - k) * (compensatedSum(used.map(rogersSatchell)) / n)
}
