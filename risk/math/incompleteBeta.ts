import { InvalidInputError } from '../errors/index.ts'
import { assertInRange } from './assertInRange.ts'
import { deviance } from './deviance.ts'
import { exp } from './exp.ts'
import { stirlingCorrection } from './stirlingCorrection.ts'

const SHAPE_FLOOR = 1e-6
const SHAPE_CEILING = 1e8
const INVERSE_ROOT_OF_TWO_PI = 0.3989422804014327
const EPSILON = 1.1102230246251565e-16 // 2^-53
const TINY = 1e-300

/** Shares of the integral of t^(a - 1) (1 - t)^(b - 1) over (0, 1) below and above a point. */
export type BetaShares = { readonly lower: number; readonly upper: number }

/**
 * Regularised incomplete beta functions I_x(a, b) and 1 - I_x(a, b). The smaller one has relative accuracy.
 *
 * @param a - In [1e-6, 1e8]; `b` too.
 * @param x - In [0, 1].
 * @throws {InvalidInputError} An argument is outside its range.
 * @see DLMF 8.17.22 (continued fraction).
 */
export function incompleteBeta(a: number, b: number, x: number): BetaShares {
  assertInRange('a of incompleteBeta', a, SHAPE_FLOOR, SHAPE_CEILING)
  assertInRange('b of incompleteBeta', b, SHAPE_FLOOR, SHAPE_CEILING)
  if (!(x >= 0 && x <= 1)) throw new InvalidInputError({ argument: 'x of incompleteBeta', got: x, limit: 'in [0, 1]' })
  return betaShares(a, b, x, 1 - x)
}

/** {@link incompleteBeta} for callers that know y = 1 - x to full accuracy; nothing is checked. */
export function betaShares(a: number, b: number, x: number, y: number): BetaShares {
  if (x < TINY) return { lower: 0, upper: 1 }
  if (y < TINY) return { lower: 1, upper: 0 }
  const n = a + b
  // Gamma(n + 1) / (Gamma(a + 1) Gamma(b + 1)) x^a y^b, in Loader's form.
  const weight =
    exp(stirlingCorrection(n) - stirlingCorrection(a) - stirlingCorrection(b) - deviance(a, n * x) - deviance(b, n * y)) *
    INVERSE_ROOT_OF_TWO_PI *
    Math.sqrt(n / (a * b))
  if (x * (n + 2) < a + 1) {
    const lower = Math.min(1, weight * (b / n) * continuedFraction(a, b, x))
    return { lower, upper: 1 - lower }
  }
  const upper = Math.min(1, weight * (a / n) * continuedFraction(b, a, y))
  return { lower: 1 - upper, upper }
}

/** 1 / (1 + d1 / (1 + d2 / ...)) by Lentz's method. */
function continuedFraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; ; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    value *= c * d
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    const change = c * d
    value *= change
    if (Math.abs(change - 1) <= 2 * EPSILON) return value
  }
}

function nonZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x
}
