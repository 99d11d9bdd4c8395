import { exp, log } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { assertContinuousAsianInputs, type ContinuousAsianInputs } from './asianInputs.ts'
import { lognormalOption } from './lognormalOption.ts'

/**
 * Option on the geometric average over a period that ends at expiry.
 *
 * ln of the average over the time to come is normal with mean ln S + (r - q - vol^2/2) T/2 and variance vol^2 T/3 (Kemna and Vorst, Journal
 * of Banking and Finance 14, 1990).
 * @throws {InvalidInputError} A field is outside the domain of {@link ContinuousAsianInputs}.
 */
export function continuousGeometricAsian(inputs: ContinuousAsianInputs): Usd {
  assertContinuousAsianInputs(inputs)
  return continuousGeometricAsianValue(inputs)
}

/** {@link continuousGeometricAsian} without the guard. */
export function continuousGeometricAsianValue(inputs: ContinuousAsianInputs): Usd {
  const { type, spot, strike, rate, dividendYield, vol, timeToExpiry, elapsed, pastAverage } = inputs
  const share = elapsed === 0 ? 1 : timeToExpiry / (timeToExpiry + elapsed)
  const past = elapsed === 0 ? 0 : (1 - share) * log(pastAverage)
  const meanLog = past + share * (log(spot) + 0.5 * (rate - dividendYield - 0.5 * vol * vol) * timeToExpiry)
  const deviation = share * vol * Math.sqrt(timeToExpiry / 3)
  return lognormalOption(type, exp(meanLog + 0.5 * deviation * deviation), strike, deviation, rate * timeToExpiry)
}
