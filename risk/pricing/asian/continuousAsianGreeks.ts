import { type AsianGreeks, asianGreeks } from './asianGreeks.ts'
import { assertContinuousAsianInputs, type ContinuousAsianInputs } from './asianInputs.ts'
import { continuousArithmeticAsianValue } from './continuousArithmeticAsian.ts'
import { continuousGeometricAsianValue } from './continuousGeometricAsian.ts'

/**
 * Sensitivities of {@link continuousArithmeticAsian} or {@link continuousGeometricAsian}.
 *
 * @throws {InvalidInputError} A field is outside the domain of {@link ContinuousAsianInputs}, or vol sqrt(T) below 1e-6.
 */
export function continuousAsianGreeks(average: 'arithmetic' | 'geometric', inputs: ContinuousAsianInputs): AsianGreeks {
  assertContinuousAsianInputs(inputs)
  const arithmetic = (at: ContinuousAsianInputs): number => continuousArithmeticAsianValue(at).value
  return asianGreeks(average === 'arithmetic' ? arithmetic : continuousGeometricAsianValue, inputs)
}
