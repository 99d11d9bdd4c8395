import { InvalidInputError } from '../../errors/index.ts'
import type { Usd } from '../../types/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { pairLaw } from './pairInputs.ts'
import { assertSpreadInputs, type SpreadInputs } from './spreadInputs.ts'

/**
 * Kirk's approximation of a spread option: asset 2 plus the strike is taken as lognormal with vol2 times its share. Not the price: off by 2e-4 on the reference
 * case ma-03 and by more for larger strikes; exact for strike 0. `spreadPrice` gives the price.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range, or the forward of asset 2 plus the strike is not above 0.
 * @see Kirk, in Managing Energy Price Risk, Risk Publications (1995).
 */
export function kirkSpreadPrice(inputs: SpreadInputs): Usd {
  assertSpreadInputs(inputs)
  const { asset1, asset2, deviation1, deviation2, correlation, discount } = pairLaw(inputs)
  const strike = asset2 + inputs.strike * discount
  if (!(strike > 0)) throw new InvalidInputError({ argument: 'strike', got: inputs.strike, limit: 'above minus the forward of asset 2' })
  const share = (deviation2 * asset2) / strike
  const difference = deviation1 - share
  const deviation = Math.sqrt(difference * difference + 2 * (1 - correlation) * deviation1 * share)
  return undiscountedValue(inputs.type, asset1, strike, deviation)
}
