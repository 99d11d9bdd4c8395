import type { Fraction } from '../../types/index.ts'
import { accountLosses } from './accountLosses.ts'
import { tailOf } from './tailOf.ts'
import type { AccountLosses, Venue } from './Venue.ts'

/**
 * Expected shortfall of every account over the scenarios, as `expectedShortfall` of risk/tail: mean of the worst scenarios x (1 - level), the last of them
 * in part. Positive is a loss.
 *
 * @param level - Tail level inside (0, 1), for example 0.975.
 * @throws {InvalidInputError} `level` is outside (0, 1), or the venue was opened without `shortfall`.
 * @see Acerbi and Tasche, Journal of Banking and Finance 26 (2002).
 */
export function shortfalls(venue: Venue, level: Fraction): AccountLosses['losses'] {
  const { rank, mass } = tailOf(venue, level)
  venue.engine.shortfalls(0, venue.plan.header.accounts, venue.plan.scratch[0]!, rank, mass)
  return accountLosses(venue).losses
}
