import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues } from './assertFiniteValues.ts'
import { selectSmallest } from './selectSmallest.ts'

/**
 * Sample quantile, Hyndman and Fan's type 7: linear between order statistics at position (n - 1) level.
 * Finds the two order statistics by selection, without sorting the rest; the input is left alone.
 *
 * @param values - Sample of length n >= 1, any order, finite.
 * @param level - In [0, 1].
 * @throws {InvalidInputError} The sample is empty or holds a value that is not finite, or the level is outside [0, 1].
 */
export function quantile(values: ArrayLike<number>, level: number): number {
  assertFiniteValues('values of quantile', values)
  return quantileInPlace(Float64Array.from(values), level)
}

/** As {@link quantile}, but reorders `values` and trusts them to be finite: for callers that own a scratch array. */
export function quantileInPlace(values: Float64Array, level: number): number {
  assertSample(values, level)
  const position = (values.length - 1) * level
  const index = Math.floor(position)
  selectSmallest(values, index)
  const lower = values[index]!
  if (position === index) return lower
  let upper = values[index + 1]!
  for (let i = index + 2; i < values.length; i++) upper = Math.min(upper, values[i]!)
  return lower + (position - index) * (upper - lower)
}

/** As {@link quantile}, for a sample that is ascending already (not checked). */
export function quantileOfSorted(sorted: ArrayLike<number>, level: number): number {
  assertSample(sorted, level)
  const position = (sorted.length - 1) * level
  const index = Math.floor(position)
  const lower = sorted[index]!
  return position === index ? lower : lower + (position - index) * (sorted[index + 1]! - lower)
}

function assertSample(values: ArrayLike<number>, level: number): void {
  if (values.length === 0) throw new InvalidInputError({ argument: 'values of quantile', got: 'empty', limit: 'one or more numbers' })
  if (!(level >= 0 && level <= 1)) throw new InvalidInputError({ argument: 'level of quantile', got: level, limit: 'in [0, 1]' })
}
