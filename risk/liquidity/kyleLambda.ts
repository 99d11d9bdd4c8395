import { InvalidInputError } from '../errors/index.ts'
import { compensatedSum } from '../math/index.ts'
import { assertMagnitudes } from './assertMagnitude.ts'

/** Least squares line through price changes against signed volume; `unavailable` when the volume never varies. */
export type KyleLambda =
  | {
      readonly kind: 'measured'
      /** Price change per unit of signed volume: lambda. */
      readonly slope: number
      readonly intercept: number
      /** Share of the variance explained, in [0, 1]; 0 when prices never change. */
      readonly r2: number
      /** Standard error of the slope under independent errors; null with two observations, which leave none. */
      readonly standardError: number | null
    }
  | { readonly kind: 'unavailable'; readonly reason: 'constantVolume' }

/**
 * Kyle's lambda: the slope of price change on signed order flow by ordinary least squares with an intercept.
 *
 * @param priceChanges - One per interval, finite, at least two.
 * @param signedVolumes - Bought less sold in the same intervals, finite.
 * @throws {InvalidInputError} Lengths differ, there are fewer than two, or a number is not finite.
 * @see Kyle, Econometrica 53 (1985), theorem 1; estimated as in Hasbrouck, Empirical Market Microstructure (2007), chapter 7.
 */
export function kyleLambda(priceChanges: ArrayLike<number>, signedVolumes: ArrayLike<number>): KyleLambda {
  assertMagnitudes('priceChanges', priceChanges)
  assertMagnitudes('signedVolumes', signedVolumes)
  const count = priceChanges.length
  if (signedVolumes.length !== count)
    throw new InvalidInputError({
      argument: 'signedVolumes',
      got: `${signedVolumes.length} values`,
      limit: `${count} values, as many as priceChanges`,
    })
  if (count < 2) throw new InvalidInputError({ argument: 'priceChanges', got: `${count} values`, limit: 'at least 2' })
  const x = centred(signedVolumes)
  const y = centred(priceChanges)
  const sxx = compensatedSum(x.values.map((value) => value * value))
  if (sxx === 0) return { kind: 'unavailable', reason: 'constantVolume' }
  const sxy = compensatedSum(x.values.map((value, i) => value * y.values[i]!))
  const syy = compensatedSum(y.values.map((value) => value * value))
  const slope = sxy / sxx
  const residual = compensatedSum(x.values.map((value, i) => square(y.values[i]! - slope * value)))
  return {
    kind: 'measured',
    slope,
    intercept: y.mean - slope * x.mean,
    r2: syy === 0 ? 0 : Math.min(1, Math.max(0, 1 - residual / syy)),
    standardError: count === 2 ? null : Math.sqrt(residual / (count - 2) / sxx),
  }
}

function centred(values: ArrayLike<number>): { readonly mean: number; readonly values: number[] } {
  const list = Array.from(values)
  const mean = compensatedSum(list) / list.length
  return { mean, values: list.map((value) => value - mean) }
}

function square(x: number): number {
  return x * x
}
