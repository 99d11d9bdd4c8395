import { InvalidInputError } from '../errors/index.ts'
import { assertInRange } from './assertInRange.ts'
import { deviance } from './deviance.ts'
import { exp } from './exp.ts'
import { stirlingCorrection } from './stirlingCorrection.ts'

const SHAPE_FLOOR = 1e-6
const SHAPE_CEILING = 1e8
const ROOT_OF_TWO_PI = 2.5066282746310002
const EPSILON = 1.1102230246251565e-16 // 2^-53
const TINY = 1e-300

/**
 * Regularised incomplete gamma functions: the share of the integral of t^(shape - 1) e^-t below and above x. The smaller one has relative
 * accuracy, the other is 1 less it.
 *
 * @param shape - In [1e-6, 1e8].
 * @param x - At least 0, finite.
 * @throws {InvalidInputError} An argument is outside its range.
 * @see DLMF 8.7.1 (series), 8.9.2 (continued fraction).
 */
export function incompleteGamma(shape: number, x: number): { readonly lower: number; readonly upper: number } {
  assertInRange('shape of incompleteGamma', shape, SHAPE_FLOOR, SHAPE_CEILING)
  if (!(x >= 0 && x < Number.POSITIVE_INFINITY))
    throw new InvalidInputError({ argument: 'x of incompleteGamma', got: x, limit: 'finite and at least 0' })
  if (x < TINY) return { lower: 0, upper: 1 }
  // x^shape e^-x / Gamma(shape + 1), in Loader's form, which keeps its accuracy for large shapes.
  const weight = exp(-stirlingCorrection(shape) - deviance(shape, x)) / (ROOT_OF_TWO_PI * Math.sqrt(shape))
  if (x < shape + 1) {
    const lower = Math.min(1, weight * series(shape, x))
    return { lower, upper: 1 - lower }
  }
  const upper = Math.min(1, weight * shape * continuedFraction(shape, x))
  return { lower: 1 - upper, upper }
}

/** 1 + x / (a + 1) + x^2 / ((a + 1) (a + 2)) + ... */
function series(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let n = 1; term > sum * EPSILON; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

/** 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)) by Lentz's method. */
function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let value = d
  for (let i = 1; ; i++) {
    const numerator = -i * (i - a)
    b += 2
    d = 1 / nonZero(numerator * d + b)
    c = nonZero(b + numerator / c)
    const change = c * d
    value *= change
    if (Math.abs(change - 1) <= 2 * EPSILON) return value
  }
}

function nonZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x
}
