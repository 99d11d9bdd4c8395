import { InvalidInputError } from '../errors/index.ts'
import { compensatedSum } from '../math/index.ts'
import type { Bar, Vol } from '../types/index.ts'
import { annualise } from './annualise.ts'
import { closeToClose } from './closeToClose.ts'

/**
 * Annualised close-to-close volatility over the last `count` returns, mean taken as zero. A gap between bars counts as one longer return:
 * the squared moves are divided by the time they really took.
 *
 * @param bars - Ascending in time, at least count + 1 of them.
 * @param count - Returns to use, a whole number of at least 1.
 * @throws {InvalidInputError} Too few bars, bars out of order, or a close that is not finite and positive.
 */
export function realizedVol(bars: readonly Pick<Bar, 'end' | 'close'>[], count: number): Vol {
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidInputError({ argument: 'count', got: count, limit: 'a whole number of at least 1' })
  if (bars.length <= count) throw new InvalidInputError({ argument: 'bars', got: `${bars.length} bars`, limit: `at least ${count + 1}` })
  const used = bars.slice(bars.length - count - 1)
  const squares = used.slice(1).map((bar, i) => {
    const before = used[i]!
    if (!(bar.end > before.end))
      throw new InvalidInputError({ argument: `bars[${bars.length - count + i}].end`, got: bar.end, limit: `after ${before.end}` })
    return closeToClose(before.close, bar.close)
  })
  return annualise(compensatedSum(squares), used[count]!.end - used[0]!.end)
}
