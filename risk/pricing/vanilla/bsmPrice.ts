import { exp } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { assertBsmInputs, type BsmInputs } from './bsmInputs.ts'

/**
 * Generalised Black-Scholes-Merton price: e^(-r T) times the Black-76 value on the forward S e^((r - q) T). With q the foreign rate it is Garman-Kohlhagen, with q = 0
 * Black-Scholes, with q = r Black-76.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see risk/pricing/vanilla/README.md
 */
export function bsmPrice(inputs: BsmInputs): Usd {
  assertBsmInputs(inputs)
  const { type, spot, strike, timeToExpiry, vol, rate, dividendYield } = inputs
  const forward = spot * exp((rate - dividendYield) * timeToExpiry)
  return exp(-rate * timeToExpiry) * undiscountedValue(type, forward, strike, vol * Math.sqrt(timeToExpiry))
}
