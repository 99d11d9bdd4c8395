import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues, compensatedSum } from '../math/index.ts'

/**
 * Mean squared deviation from the sample mean with n - 1, for example of close-to-close log returns. Any unit, squared.
 *
 * @param values - Two or more.
 * @throws {InvalidInputError} Fewer than two values, or one is not finite.
 */
export function sampleVariance(values: ArrayLike<number>): number {
  assertFiniteValues('values', values)
  if (values.length < 2) throw new InvalidInputError({ argument: 'values', got: `${values.length} values`, limit: 'two or more' })
  const mean = compensatedSum(values) / values.length
  return compensatedSum(Float64Array.from(values, (value) => (value - mean) * (value - mean))) / (values.length - 1)
}
