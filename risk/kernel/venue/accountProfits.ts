import type { Usd } from '../../types/index.ts'
import { assertPlace } from './assertTerms.ts'
import type { Venue } from './Venue.ts'

/**
 * Profits of one account in every scenario, weight included: what its worst loss and shortfall are taken from. Positions are added in the order of the book, starting from
 * zero, so rules that are not a plain worst loss can go on from here with the bits of their own loop.
 *
 * @throws {InvalidInputError} No such account.
 */
export function accountProfits({ kernel: { reals }, engine, plan }: Venue, account: number): readonly Usd[] {
  const { header, legInstruments, legQuantities, scratch } = plan
  assertPlace('account', account, header.accounts)
  const sums = scratch[0]!
  engine.lossWith(account, legInstruments, legQuantities, 0, sums)
  return Array.from(reals.subarray(sums / 8, sums / 8 + header.scenarios))
}
