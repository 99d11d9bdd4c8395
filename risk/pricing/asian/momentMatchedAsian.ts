import { exp, log } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { assertDiscreteAsianInputs, type DiscreteAsianInputs } from './asianInputs.ts'
import { fixingTimes } from './fixingTimes.ts'
import { lognormalOption } from './lognormalOption.ts'

/**
 * Approximation of an arithmetic Asian option: the average taken as lognormal with its own mean and variance. Not a price; its error is in
 * the README.
 *
 * @throws {InvalidInputError} A field is outside the domain of {@link DiscreteAsianInputs}.
 * @see Turnbull and Wakeman, J. Financial and Quantitative Analysis 26 (1991); Haug, The Complete Guide to Option Pricing Formulas, 2nd ed.
 * (2007).
 */
export function momentMatchedAsian(inputs: DiscreteAsianInputs): Usd {
  assertDiscreteAsianInputs(inputs)
  const { type, spot, strike, rate, dividendYield, vol, timeToExpiry, fixings, pastFixings, pastAverage } = inputs
  const times = fixingTimes(inputs)
  const carry = rate - dividendYield
  // A fixing at time 0 is known: it lowers the strike, and only what is random is matched.
  const today = times[0] === 0 ? 1 : 0
  const all = fixings + pastFixings
  const left = strike - (pastFixings * pastAverage + today * spot) / all
  if (fixings === today) return exp(-rate * timeToExpiry) * Math.max(0, type === 'call' ? -left : left)
  let first = 0
  let second = 0
  let earlier = 0
  for (let i = today; i < fixings; i++) {
    // E[S_i S_j] / S^2 = e^(carry (t_i + t_j) + vol^2 t_i) for t_i <= t_j; the sum of e^(carry t + vol^2 t) over earlier fixings is carried
    // along.
    const mean = exp(carry * times[i]!)
    const own = exp((carry + vol * vol) * times[i]!)
    first += mean
    second += mean * (own + 2 * earlier)
    earlier += own
  }
  const deviation = Math.sqrt(Math.max(0, log(second / (first * first))))
  return lognormalOption(type, (spot * first) / all, left, deviation, rate * timeToExpiry)
}
