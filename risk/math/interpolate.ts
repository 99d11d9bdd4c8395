import { InvalidInputError } from '../errors/index.ts'
import { assertFiniteValues } from './assertFiniteValues.ts'

/**
 * Piecewise linear through (xs[i], ys[i]); flat beyond the ends, never extrapolated.
 *
 * @param xs - Strictly ascending, finite, length n >= 1.
 * @param ys - Finite, same length.
 * @throws {InvalidInputError} Lengths differ, xs do not ascend, or a number is not finite.
 */
export function interpolate(xs: ArrayLike<number>, ys: ArrayLike<number>, x: number): number {
  assertFiniteValues('xs of interpolate', xs)
  assertFiniteValues('ys of interpolate', ys)
  if (xs.length !== ys.length)
    throw new InvalidInputError({ argument: 'ys of interpolate', got: `${ys.length} values`, limit: `${xs.length} values, as many as xs` })
  if (!Number.isFinite(x)) throw new InvalidInputError({ argument: 'x of interpolate', got: x, limit: 'finite' })
  for (let i = 1; i < xs.length; i++) {
    if (!(xs[i]! > xs[i - 1]!))
      throw new InvalidInputError({ argument: `xs[${i}] of interpolate`, got: xs[i], limit: `above ${xs[i - 1]}, the one before` })
  }
  const last = xs.length - 1
  if (x <= xs[0]!) return ys[0]!
  if (x >= xs[last]!) return ys[last]!
  let below = 0
  let above = last
  while (above - below > 1) {
    const middle = (below + above) >>> 1
    if (xs[middle]! <= x) below = middle
    else above = middle
  }
  const share = (x - xs[below]!) / (xs[above]! - xs[below]!)
  return ys[below]! + share * (ys[above]! - ys[below]!)
}
