import { InvalidInputError } from '../../errors/index.ts'
import type { Fraction } from '../../types/index.ts'
import type { Venue } from './Venue.ts'

/** Rounding of scenarios x (1 - level): 1000 x (1 - 0.975) is 25.000000000000021. */
const ROUNDING = 1e-9

/**
 * The tail beyond `level`: its mass in scenarios, and how many of the worst make it up.
 *
 * @throws {InvalidInputError} `level` is outside (0, 1), or the venue was opened without `shortfall`.
 */
export function tailOf({ terms, shortfall }: Venue, level: Fraction): { readonly rank: number; readonly mass: number } {
  if (!shortfall)
    throw new InvalidInputError({ argument: 'venue', got: 'one without room for shortfalls', limit: 'opened with shortfall: true' })
  if (!(level > 0 && level < 1)) throw new InvalidInputError({ argument: 'level', got: level, limit: 'inside (0, 1)' })
  const mass = terms.scenarios.length * (1 - level)
  return { rank: Math.max(1, Math.ceil(mass - ROUNDING)), mass }
}
