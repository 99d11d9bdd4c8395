import { assertGarchParameters } from './assertGarchParameters.ts'
import type { GarchParameters } from './GarchParameters.ts'

/**
 * Share of a variance shock that is left one step later: alpha + gamma / 2 + beta, for innovations that are as often up as down.
 *
 * @throws {InvalidInputError} A parameter is out of range.
 */
export function garchPersistence(parameters: GarchParameters): number {
  assertGarchParameters(parameters)
  return parameters.alpha + 0.5 * parameters.gamma + parameters.beta
}
