import { InvalidInputError } from '../errors/index.ts'
import { EXP_CEILING, expOfSum } from './exp.ts'
import { logParts, splitHigh } from './logParts.ts'

const parts = new Float64Array(2)

/**
 * base^exponent = e^(exponent ln base), the logarithm and the product in double length. Largest error seen 0.53 units in the last place.
 *
 * @param base - Finite, at least 0. 0^y is 0 for y > 0; x^0 is 1.
 * @param exponent - Finite, any sign.
 * @throws {InvalidInputError} An argument is outside its domain, base is 0 with a negative exponent, or the result would overflow.
 */
export function pow(base: number, exponent: number): number {
  if (!(base >= 0 && base < Number.POSITIVE_INFINITY)) {
    throw new InvalidInputError({ argument: 'base of pow', got: base, limit: 'finite and at least 0' })
  }
  if (!Number.isFinite(exponent) || (base === 0 && exponent < 0)) {
    throw new InvalidInputError({
      argument: 'exponent of pow',
      got: exponent,
      limit: base === 0 ? 'finite and at least 0 when the base is 0' : 'finite',
    })
  }
  if (exponent === 0 || base === 1) return 1
  if (base === 0) return 0
  logParts(base, parts)
  const logHigh = parts[0]!
  const product = exponent * logHigh
  if (product > EXP_CEILING) {
    throw new InvalidInputError({ argument: 'exponent of pow', got: exponent, limit: `such that ${base}^exponent stays below 1.8e308` })
  }
  if (product < -746) return 0
  // |exponent ln base| < 746 here, so an exponent beyond 2^60 only meets |ln base| < 2^-50, and the split cannot overflow below 2^996.
  const a = splitHigh(exponent)
  const b = exponent - a
  const c = splitHigh(logHigh)
  const d = logHigh - c
  const productLow = a * c - product + a * d + b * c + b * d
  return expOfSum(product, productLow + exponent * parts[1]!)
}
