import { InvalidInputError } from '../errors/index.ts'
import { EXP_CEILING, exp } from './exp.ts'

const SERIES_BELOW = 0.35
const TERMS = 15

/**
 * e^x - 1, exact in the small: expm1(1e-20) is 1e-20. By its series below 0.35 in size.
 *
 * @throws {InvalidInputError} x is NaN or above 709.782712893384, where the result would overflow.
 */
export function expm1(x: number): number {
  if (!(x <= EXP_CEILING)) throw new InvalidInputError({ argument: 'x of expm1', got: x, limit: `at most ${EXP_CEILING}` })
  if (Math.abs(x) > SERIES_BELOW) return exp(x) - 1
  let sum = 1
  for (let k = TERMS; k >= 2; k--) sum = 1 + (x / k) * sum
  return x * sum
}
