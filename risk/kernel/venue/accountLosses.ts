import type { AccountLosses, Venue } from './Venue.ts'

/** The results as they stand. */
export function accountLosses({ kernel: { reals, wholes }, plan: { header } }: Venue): AccountLosses {
  const { loss, cell, accounts } = header
  return { losses: reals.subarray(loss / 8, loss / 8 + accounts), cells: wholes.subarray(cell / 4, cell / 4 + accounts) }
}
