import { InvalidInputError } from '../errors/index.ts'
import { assertInRange } from './assertInRange.ts'
import { deviance } from './deviance.ts'
import { exp } from './exp.ts'
import { betaShares } from './incompleteBeta.ts'
import { log } from './log.ts'
import { log1p } from './log1p.ts'
import { normalQuantile } from './normalQuantile.ts'
import { stirlingCorrection } from './stirlingCorrection.ts'

const INVERSE_ROOT_OF_TWO_PI = 0.3989422804014327
const LARGEST = 1e150
const STEPS = 60

/**
 * Density of Student's t with scale one (its variance is degrees / (degrees - 2)).
 *
 * @param t - At most 1e150 in size.
 * @param degrees - In [1, 1e8].
 * @throws {InvalidInputError} An argument is outside its range.
 */
export function studentTPdf(t: number, degrees: number): number {
  assertArguments(t, degrees)
  return density(t, degrees)
}

/** P(T <= t) for Student's t with scale one. The smaller tail has relative accuracy. @throws {InvalidInputError} As {@link studentTPdf}. */
export function studentTCdf(t: number, degrees: number): number {
  assertArguments(t, degrees)
  const { lower, upper } = shares(t, degrees)
  return t <= 0 ? 0.5 * lower : 0.5 + 0.5 * upper
}

/**
 * Inverse of {@link studentTCdf}. In the middle Newton's method on the mass from zero, which is concave; in a tail on the logarithm of the
 * tail over ln t, concave too: both settle from one side.
 *
 * @param p - In [1e-140, 1), at most 1 - 2^-53.
 * @param degrees - In [1, 1e8].
 * @throws {InvalidInputError} An argument is outside its range.
 */
export function studentTQuantile(p: number, degrees: number): number {
  if (!(p >= 1e-140 && p < 1)) throw new InvalidInputError({ argument: 'p of studentTQuantile', got: p, limit: 'in [1e-140, 1)' })
  assertDegrees(degrees)
  const fromMiddle = p - 0.5
  if (Math.abs(fromMiddle) <= 0.25) return fromMiddle < 0 ? -middle(-fromMiddle, degrees) : middle(fromMiddle, degrees)
  return p < 0.5 ? -tail(p, degrees) : tail(1 - p, degrees)
}

/** t >= 0 with P(0 < T < t) = q, q <= 1/4. */
function middle(q: number, degrees: number): number {
  let t = q / density(0, degrees)
  for (let step = 0; step < STEPS; step++) {
    const change = (q - 0.5 * shares(t, degrees).upper) / density(t, degrees)
    t += change
    if (Math.abs(change) <= 2e-16 * t) break
  }
  return t
}

/** t > 0 with P(T > t) = p, p <= 1/4. */
function tail(p: number, degrees: number): number {
  const logTarget = log(p)
  let u = log(-normalQuantile(p))
  for (let step = 0; step < STEPS; step++) {
    const t = exp(u)
    const mass = 0.5 * shares(t, degrees).lower
    const change = ((log(mass) - logTarget) * mass) / (t * density(t, degrees))
    u += change
    if (Math.abs(change) <= 4e-16 * Math.max(1, Math.abs(u))) break
  }
  return exp(u)
}

/** Shares beyond |t| on both sides (lower) and within (upper). */
function shares(t: number, degrees: number): { readonly lower: number; readonly upper: number } {
  const square = (t * t) / degrees
  return betaShares(0.5 * degrees, 0.5, 1 / (1 + square), square / (1 + square))
}

function density(t: number, degrees: number): number {
  const half = 0.5 * degrees
  const square = (t * t) / degrees
  const constant = stirlingCorrection(half + 0.5) - stirlingCorrection(half) - deviance(half, half + 0.5)
  return (exp(constant - half * log1p(square)) * INVERSE_ROOT_OF_TWO_PI) / Math.sqrt(1 + square)
}

function assertArguments(t: number, degrees: number): void {
  assertInRange('t of the Student distribution', t, -LARGEST, LARGEST)
  assertDegrees(degrees)
}

function assertDegrees(degrees: number): void {
  assertInRange('degrees of the Student distribution', degrees, 1, 1e8)
}
