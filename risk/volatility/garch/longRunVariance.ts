import type { GarchParameters } from './GarchParameters.ts'
import { garchPersistence } from './garchPersistence.ts'

/**
 * Variance to which forecasts tend, omega / (1 - persistence), or null when the persistence is 1 or more and they tend to nothing.
 *
 * @throws {InvalidInputError} A parameter is out of range.
 */
export function longRunVariance(parameters: GarchParameters): number | null {
  const persistence = garchPersistence(parameters)
  return persistence < 1 ? parameters.omega / (1 - persistence) : null
}
