import { accountLosses } from './accountLosses.ts'
import type { AccountLosses, Venue } from './Venue.ts'

/** The largest loss of every account over all scenarios, negative when it gains in each, and the first scenario in which it stands. 0 for an empty account. */
export function worstLosses(venue: Venue): AccountLosses {
  venue.engine.worstLosses(0, venue.plan.header.accounts, venue.plan.scratch[0]!)
  return accountLosses(venue)
}
