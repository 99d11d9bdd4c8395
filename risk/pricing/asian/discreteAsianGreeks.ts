import { assertPositive } from '../../math/index.ts'
import { arithmeticAsianValue } from './arithmeticAsian.ts'
import { type AsianGreeks, asianGreeks } from './asianGreeks.ts'
import { assertDiscreteAsianInputs, type DiscreteAsianInputs } from './asianInputs.ts'
import { geometricAsianValue } from './geometricAsian.ts'

/**
 * Sensitivities of {@link arithmeticAsian} or {@link geometricAsian}.
 *
 * @throws {InvalidInputError} A field is outside the domain of {@link DiscreteAsianInputs}, vol sqrt(T) below 1e-6, or the first fixing is
 * now, where delta jumps.
 */
export function discreteAsianGreeks(average: 'arithmetic' | 'geometric', inputs: DiscreteAsianInputs): AsianGreeks {
  assertDiscreteAsianInputs(inputs)
  assertPositive('firstFixing', inputs.firstFixing)
  return asianGreeks(average === 'arithmetic' ? arithmeticAsianValue : geometricAsianValue, inputs)
}
