import { InvalidInputError } from '../errors/index.ts'
import type { CoverageZones } from './coverageZones.ts'

/** The zone of a number of breaches. @throws {InvalidInputError} `breaches` is not a whole number of at least 0. */
export function coverageZone(breaches: number, { lastGreen, firstRed }: CoverageZones): 'green' | 'yellow' | 'red' {
  if (!(Number.isInteger(breaches) && breaches >= 0))
    throw new InvalidInputError({ argument: 'breaches', got: breaches, limit: 'a whole number of at least 0' })
  if (breaches <= lastGreen) return 'green'
  return breaches >= firstRed ? 'red' : 'yellow'
}
