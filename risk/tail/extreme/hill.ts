import { InvalidInputError } from '../../errors/index.ts'
import { assertFiniteValues, log } from '../../math/index.ts'

/**
 * Hill's estimate of the shape (1 / tail index) of a heavy tail: mean logarithm of the `count` largest losses over the next one. Its
 * standard error is asymptotic; it is for Pareto-like tails and positive shapes only, and rests on the choice of `count`.
 *
 * @param losses - More than `count` of them, the largest count + 1 above 0.
 * @param count - Whole number of at least 2.
 * @throws {InvalidInputError} A loss is not finite, there are too few, or the (count + 1)-th largest is not positive.
 * @see Hill, Annals of Statistics 3 (1975).
 */
export function hill(losses: ArrayLike<number>, count: number): { readonly shape: number; readonly standardError: number } {
  assertFiniteValues('losses', losses)
  if (!(Number.isInteger(count) && count >= 2 && count < losses.length))
    throw new InvalidInputError({ argument: 'count', got: count, limit: `a whole number in [2, ${losses.length - 1}]` })
  const sorted = Float64Array.from(losses).sort()
  const from = sorted.length - count
  const base = sorted[from - 1]!
  if (!(base > 0)) throw new InvalidInputError({ argument: 'losses', got: `${base} as largest but ${count}`, limit: 'positive there' })
  const shape = sorted.subarray(from).reduce((sum, loss) => sum + log(loss) - log(base), 0) / count
  return { shape, standardError: shape / Math.sqrt(count) }
}
