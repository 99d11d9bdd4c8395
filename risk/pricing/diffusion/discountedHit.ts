import { exp, integrate } from '../../math/index.ts'
import { hitProbability } from './hitProbability.ts'
import type { LognormalLaw } from './lognormalLaw.ts'

/** Beyond this exponent, which only a negative rate can reach, the level is out of reach by hundreds of deviations. */
const OUT_OF_REACH = 700

/**
 * Value now of one dollar paid when ln(S_t / S) first touches `level`, if it does before expiry: E[e^(-r tau); tau <= T].
 *
 * With drift' = sqrt(drift^2 + 2 r T deviation^2), turned towards the level, it is e^((drift - drift') level / deviation^2) times the probability of a hit under drift'. A rate so
 * negative that the root has no real value makes the discounted density of tau oscillate in that form; there the value is
 * e^(-rT) P(T) + the integral of r e^(-rt) P(t), whose integrand is smooth.
 * @param level - Not 0 (not checked).
 * @see Reiner and Rubinstein, Unscrambling the Binary Code, Risk 4 (9), 1991.
 */
export function discountedHit(law: LognormalLaw, level: number): number {
  const { drift, deviation, interest } = law
  if (deviation === 0) return hitProbability(drift, 0, level) === 1 ? exp((-interest * level) / drift) : 0
  const square = drift * drift + 2 * interest * deviation * deviation
  if (square < 0) return byParts(law, level)
  const distance = Math.abs(level)
  const toward = level < 0 ? -drift : drift
  const root = Math.sqrt(square)
  // (drift - drift') level / deviation^2 = -(root - toward) distance / deviation^2; the difference in the form that does not cancel.
  const exponent = toward > 0 ? (-2 * interest * distance) / (root + toward) : -((root - toward) / deviation) * (distance / deviation)
  if (exponent > OUT_OF_REACH) return 0
  return exp(exponent) * hitProbability(level < 0 ? -root : root, deviation, level)
}

function byParts({ drift, deviation, discount, interest }: LognormalLaw, level: number): number {
  // t = u^2 T: the probability of a hit is flat at u = 0 and smooth after it.
  const integrand = (u: number): number => 2 * u * exp(-interest * u * u) * hitProbability(drift * u * u, deviation * u, level)
  const { value } = integrate(integrand, 0, 1, 1e-13 * discount)
  return discount * hitProbability(drift, deviation, level) + interest * value
}
