import { exp, log } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { assertDiscreteAsianInputs, type DiscreteAsianInputs } from './asianInputs.ts'
import { fixingTimes } from './fixingTimes.ts'
import { lognormalOption } from './lognormalOption.ts'

/**
 * Option on the geometric average of fixings, past ones included: the average is lognormal, so the value is closed.
 *
 * @throws {InvalidInputError} A field is outside the domain of {@link DiscreteAsianInputs}.
 * @see Kemna and Vorst, Journal of Banking and Finance 14 (1990), for the continuous limit; here mean and variance are summed over the
 * fixings.
 */
export function geometricAsian(inputs: DiscreteAsianInputs): Usd {
  assertDiscreteAsianInputs(inputs)
  return geometricAsianValue(inputs)
}

/** {@link geometricAsian} without the guard. */
export function geometricAsianValue(inputs: DiscreteAsianInputs): Usd {
  const { type, spot, strike, rate, dividendYield, vol, timeToExpiry, fixings, pastFixings, pastAverage } = inputs
  const times = fixingTimes(inputs)
  const all = fixings + pastFixings
  let sum = 0
  let variance = 0
  for (let i = 0; i < fixings; i++) {
    sum += times[i]!
    // The covariance of two logarithms is vol^2 times the earlier time: fixing i is the earlier one of itself and, twice, of all later
    // ones.
    variance += times[i]! * (2 * (fixings - i) - 1)
  }
  const past = pastFixings === 0 ? 0 : pastFixings * log(pastAverage)
  const meanLog = (past + fixings * log(spot) + (rate - dividendYield - 0.5 * vol * vol) * sum) / all
  const deviation = (vol * Math.sqrt(variance)) / all
  return lognormalOption(type, exp(meanLog + 0.5 * deviation * deviation), strike, deviation, rate * timeToExpiry)
}
