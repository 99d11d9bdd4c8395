import { exp } from '../../math/index.ts'
import type { OptionType, Usd } from '../../types/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'

/**
 * Option on a lognormal quantity paid at expiry, for any strike: at or below 0 a call is a forward and a put worthless (arguments are not
 * checked).
 *
 * @param mean - Expected value of the quantity, above 0.
 * @param deviation - Standard deviation of its logarithm.
 * @param interest - r T.
 */
export function lognormalOption(type: OptionType, mean: Usd, strike: Usd, deviation: number, interest: number): Usd {
  const discount = exp(-interest)
  if (strike <= 0) return type === 'call' ? discount * (mean - strike) : 0
  return discount * undiscountedValue(type, mean, strike, deviation)
}
