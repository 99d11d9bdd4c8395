import type { Usd } from '../types/index.ts'
import { assertBlack76Inputs, type Black76Inputs } from './black76Inputs.ts'
import { discountFactor } from './discountFactor.ts'
import { undiscountedValue } from './undiscountedValue.ts'

/**
 * Black-76 price: e^(-r T) (F N(d1) - K N(d2)) for a call, d1 = ln(F/K) / (vol sqrt T) + vol sqrt(T) / 2, d2 = d1 - vol sqrt T.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see risk/pricing/README.md for assumptions and measured accuracy.
 */
export function black76Price(inputs: Black76Inputs): Usd {
  assertBlack76Inputs(inputs)
  const { type, forward, strike, timeToExpiry, vol, rate } = inputs
  return discountFactor(rate, timeToExpiry) * undiscountedValue(type, forward, strike, vol * Math.sqrt(timeToExpiry))
}
