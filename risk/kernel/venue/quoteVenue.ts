import { assertQuotes } from './assertTerms.ts'
import type { Venue } from './Venue.ts'
import type { VenueQuotes } from './VenueTerms.ts'

/**
 * Writes quotes into the venue's memory; `priceVenue` turns them into the risk table.
 *
 * @throws {InvalidInputError} A column has the wrong length, or a number is outside its range.
 */
export function quoteVenue({ terms, kernel: { reals }, plan: { header } }: Venue, quotes: VenueQuotes): void {
  assertQuotes(quotes, terms)
  reals.set(quotes.forwards, header.forward / 8)
  reals.set(quotes.discounts, header.discount / 8)
  reals.set(quotes.vols, header.vol / 8)
  reals.set(quotes.volFactors, header.volFactor / 8)
  reals.set(quotes.volShifts, header.volShift / 8)
  for (let e = 0; e < terms.expiries; e++) reals[header.rootTime / 8 + e] = Math.sqrt(quotes.timesToExpiry[e]!)
}
