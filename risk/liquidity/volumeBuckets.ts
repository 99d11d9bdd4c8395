import { InvalidInputError } from '../errors/index.ts'
import type { Bar } from '../types/index.ts'
import { assertPrice, assertQuantity, assertQuantityOrZero } from './assertMagnitude.ts'

/**
 * Cuts bars into buckets of equal volume. A bar's price moves from the close before to its own in proportion to its volume, so a bucket that ends inside a bar ends
 * at an interpolated price.
 *
 * @param bars - Ascending in time, at least two; the first one only gives the price to start from.
 * @param bucketVolume - Units of the base asset, above 0.
 * @returns Price change of every full bucket; the volume that fills none is left out.
 * @throws {InvalidInputError} Too few bars, disorder, or a number outside its domain.
 * @see Easley, Lopez de Prado and O'Hara, Review of Financial Studies 25 (2012), section 1.2.
 */
export function volumeBuckets(bars: readonly Pick<Bar, 'end' | 'close' | 'volume'>[], bucketVolume: number): readonly number[] {
  assertQuantity('bucketVolume', bucketVolume)
  if (bars.length < 2) throw new InvalidInputError({ argument: 'bars', got: `${bars.length} bars`, limit: 'at least 2' })
  bars.forEach(({ end, close, volume }, i) => {
    assertPrice(`bars[${i}].close`, close)
    assertQuantityOrZero(`bars[${i}].volume`, volume)
    const before = bars[i - 1]
    if (before !== undefined && !(end > before.end))
      throw new InvalidInputError({ argument: `bars[${i}].end`, got: end, limit: `after ${before.end}` })
  })
  const changes: number[] = []
  let opening = bars[0]!.close
  let filled = 0
  for (const [i, { close, volume }] of bars.entries()) {
    if (i === 0) continue
    const from = bars[i - 1]!.close
    let used = 0
    for (let needed = bucketVolume - filled; volume - used >= needed; needed = bucketVolume) {
      used += needed
      const price = from + ((close - from) * used) / volume
      changes.push(price - opening)
      opening = price
      filled = 0
    }
    filled += volume - used
  }
  return changes
}
