import { exp } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { assertDiscreteAsianInputs, type DiscreteAsianInputs } from './asianInputs.ts'
import { fixingTimes } from './fixingTimes.ts'
import { optionOnSum } from './optionOnSum.ts'

/**
 * Option on the arithmetic average of fixings, past ones included, by backward integration; good to 1e-10 of the spot.
 *
 * @throws {InvalidInputError} A field is outside the domain of {@link DiscreteAsianInputs}.
 * @see putOnAverage.ts
 */
export function arithmeticAsian(inputs: DiscreteAsianInputs): Usd {
  assertDiscreteAsianInputs(inputs)
  return arithmeticAsianValue(inputs)
}

/** {@link arithmeticAsian} without the guard. */
export function arithmeticAsianValue(inputs: DiscreteAsianInputs): Usd {
  const { type, spot, strike, rate, dividendYield, vol, timeToExpiry, fixings, pastFixings, pastAverage } = inputs
  const all = fixings + pastFixings
  const left = (all * strike - pastFixings * pastAverage) / all
  const times = fixingTimes(inputs)
  const weights = new Float64Array(fixings).fill(1 / all)
  return exp(-rate * timeToExpiry) * spot * optionOnSum(type, { times, weights }, left / spot, rate - dividendYield, vol)
}
