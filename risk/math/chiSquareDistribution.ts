import { InvalidInputError } from '../errors/index.ts'
import { assertInRange } from './assertInRange.ts'
import { deviance } from './deviance.ts'
import { exp } from './exp.ts'
import { incompleteGamma } from './incompleteGamma.ts'
import { log } from './log.ts'
import { normalQuantile } from './normalQuantile.ts'
import { stirlingCorrection } from './stirlingCorrection.ts'

const ROOT_OF_TWO_PI = 2.5066282746310002
const STEPS = 60

/**
 * P(X <= x), X chi-square with `degrees` in [0.001, 1e8].
 *
 * @throws {InvalidInputError} x is negative or not finite, or `degrees` is outside its range.
 */
export function chiSquareCdf(x: number, degrees: number): number {
  assertDegrees(degrees)
  return incompleteGamma(0.5 * degrees, 0.5 * x).lower
}

/** P(X > x): the p-value of a statistic x, with relative accuracy. @throws {InvalidInputError} As {@link chiSquareCdf}. */
export function chiSquareSurvival(x: number, degrees: number): number {
  assertDegrees(degrees)
  return incompleteGamma(0.5 * degrees, 0.5 * x).upper
}

/**
 * Inverse of {@link chiSquareCdf}: Newton's method on the logarithm of the smaller tail over ln x. That curve is concave, so the steps
 * settle from one side.
 *
 * @param p - Inside (0, 1).
 * @throws {InvalidInputError} p or `degrees` is outside its range, or the result would be below 1e-290.
 */
export function chiSquareQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) throw new InvalidInputError({ argument: 'p of chiSquareQuantile', got: p, limit: 'inside (0, 1)' })
  assertDegrees(degrees)
  const shape = 0.5 * degrees
  const fromBelow = p <= 0.5
  const logTarget = log(fromBelow ? p : 1 - p)
  let u = log(start(p, degrees))
  for (let step = 0; step < STEPS; step++) {
    const x = exp(u)
    const { lower, upper } = incompleteGamma(shape, x)
    const tail = fromBelow ? lower : upper
    // x times the density, x^shape e^-x / Gamma(shape).
    const slope = (exp(-stirlingCorrection(shape) - deviance(shape, x)) * Math.sqrt(shape)) / ROOT_OF_TWO_PI
    const change = ((log(tail) - logTarget) * tail) / (fromBelow ? slope : -slope)
    u -= Math.max(-2, Math.min(2, change))
    if (u < -667)
      throw new InvalidInputError({ argument: 'p of chiSquareQuantile', got: p, limit: 'large enough for a result above 1e-290' })
    if (Math.abs(change) <= 4e-16 * Math.max(1, Math.abs(u))) break
  }
  return 2 * exp(u)
}

/** Half the quantile: Wilson and Hilferty's cube, or the leading term of the series where that is not above zero. */
function start(p: number, degrees: number): number {
  const spread = 2 / (9 * degrees)
  const root = 1 - spread + normalQuantile(p) * Math.sqrt(spread)
  if (root > 0.2) return 0.5 * degrees * root * root * root
  const shape = 0.5 * degrees
  const atOne = exp(-stirlingCorrection(shape) - deviance(shape, 1)) / (ROOT_OF_TWO_PI * Math.sqrt(shape))
  const logStart = (log(p) - log(atOne) - 1) / shape
  return exp(Math.max(-660, Math.min(1, logStart)))
}

function assertDegrees(degrees: number): void {
  assertInRange('degrees of the chi-square distribution', degrees, 0.001, 1e8)
}
