import { InvalidInputError } from '../errors/index.ts'
import { centralMass } from './centralMass.ts'
import { log } from './log.ts'
import { normalPdf } from './normalPdf.ts'
import { scaledErfc } from './scaledErfc.ts'

const ROOT_OF_TWO_PI = 2.5066282746310002
const LOG_OF_TWO = 0.6931471805599453

/**
 * Inverse of the standard normal distribution function. Relative error below 1e-14, from the smallest double to 1 - 2^-53.
 *
 * Near the middle it solves N(x) - 1/2 = p - 1/2 with the series of the left side, which keeps relative accuracy around zero;
 * in a tail it solves ln N(x) = ln p with Mills' ratio, which keeps it down to 5e-324.
 * @param p - Probability inside (0, 1).
 * @throws {InvalidInputError} p is outside (0, 1).
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new InvalidInputError({ argument: 'p of normalQuantile', got: p, limit: 'inside (0, 1)' })
  const fromMiddle = p - 0.5
  if (Math.abs(fromMiddle) <= 0.25) return middle(fromMiddle)
  return p < 0.5 ? -tail(p) : tail(1 - p)
}

/** x with N(x) - 1/2 = q, |q| <= 1/4, by Newton's method. The density hardly bends here: four steps always settle. */
function middle(q: number): number {
  let x = q * ROOT_OF_TWO_PI
  for (let step = 0; step < 5; step++) x -= (centralMass(x) - q) / normalPdf(x)
  return x
}

/** y > 0 with N(-y) = p, p <= 1/4. Start: Abramowitz and Stegun 26.2.23, off by less than 4.5e-4; then Halley steps on the logarithm. */
function tail(p: number): number {
  const logP = log(p)
  const t = Math.sqrt(-2 * logP)
  let y = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  for (let step = 0; step < 3; step++) {
    const scaled = scaledErfc(y * Math.SQRT1_2)
    const mills = scaled * (ROOT_OF_TWO_PI / 2)
    const excess = log(scaled) - LOG_OF_TWO - 0.5 * y * y - logP
    y += (excess * mills) / (1 + 0.5 * excess * (1 - y * mills))
  }
  return y
}
