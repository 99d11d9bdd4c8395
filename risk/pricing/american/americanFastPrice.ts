import type { Usd } from '../../types/index.ts'
import { type AmericanInputs, assertAmericanInputs } from './americanInputs.ts'
import { fastResolution } from './fastResolution.ts'
import { fitBoundary } from './fitBoundary.ts'
import { payoffNow } from './payoffNow.ts'
import { putOnBoundary } from './putOnBoundary.ts'
import { sureValue } from './sureValue.ts'
import { unitPut } from './unitPut.ts'

/**
 * American option within 1e-5 of the larger of spot and strike, some forty times faster than the certified price.
 *
 * @throws {InvalidInputError} An input is outside the domain of {@link AmericanInputs}.
 * @see risk/pricing/american/README.md for measured accuracy and speed.
 */
export function americanFastPrice(inputs: AmericanInputs): Usd {
  assertAmericanInputs(inputs)
  if (inputs.vol === 0 || inputs.timeToExpiry === 0) return sureValue(inputs)
  const { carry, spot, unit } = unitPut(inputs)
  const value = unit * putOnBoundary(fitBoundary(carry, fastResolution(carry)), spot)
  return Math.max(value, payoffNow(inputs.type, inputs.spot, inputs.strike))
}
