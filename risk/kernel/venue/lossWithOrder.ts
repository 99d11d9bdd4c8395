import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { assertPlace } from './assertTerms.ts'
import type { Venue } from './Venue.ts'

/** One instrument of an order; a quantity is contracts, negative to sell. */
export type OrderLeg = { readonly instrument: number; readonly quantity: number }

/**
 * Worst loss of an account if an order were filled at the mark; nothing is changed. With kept sums it costs the legs alone, else the account's positions too.
 *
 * @returns Loss in USD, and the first scenario in which it stands.
 * @throws {InvalidInputError} No such account or instrument, more legs than the venue was opened for, or a quantity beyond 1e12.
 */
export function lossWithOrder(venue: Venue, account: number, legs: readonly OrderLeg[]): { readonly loss: Usd; readonly cell: number } {
  const { kernel, engine, plan } = venue
  const { header, legInstruments, legQuantities, scratch } = plan
  assertPlace('account', account, header.accounts)
  if (legs.length > venue.legs)
    throw new InvalidInputError({ argument: 'legs', got: `${legs.length} legs`, limit: `at most ${venue.legs}` })
  for (let i = 0; i < legs.length; i++) {
    const { instrument, quantity } = legs[i]!
    assertPlace('instrument of a leg', instrument, header.instruments)
    assertInRange('quantity of a leg', quantity, -1e12, 1e12)
    kernel.wholes[legInstruments / 4 + i] = instrument
    kernel.reals[legQuantities / 8 + i] = quantity
  }
  const sums = scratch[0]!
  const loss = engine.lossWith(account, legInstruments, legQuantities, legs.length, sums)
  return { loss, cell: engine.cellOf(sums) }
}
