import type { Usd } from '../../types/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { type PairGreeks, pairGreeks } from './pairGreeks.ts'
import { assertPairInputs, type PairInputs, pairLaw, ratioDeviation } from './pairInputs.ts'

/** The right to get asset 1 for asset 2 at expiry. */
export type ExchangeInputs = PairInputs

/**
 * Exchange option, max(0, S1 - S2): Black's formula with both discounted forwards and the deviation of their ratio. The rate plays no part.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Margrabe, Journal of Finance 33 (1978), equation 7.
 */
export function exchangePrice(inputs: ExchangeInputs): Usd {
  assertPairInputs(inputs)
  return value(inputs)
}

/** @throws {InvalidInputError} A field is outside its range, or no time or vol is left. */
export function exchangeGreeks(inputs: ExchangeInputs): PairGreeks {
  assertPairInputs(inputs)
  return pairGreeks(value, inputs)
}

function value(inputs: ExchangeInputs): Usd {
  const law = pairLaw(inputs)
  return undiscountedValue('call', law.asset1, law.asset2, ratioDeviation(law))
}
