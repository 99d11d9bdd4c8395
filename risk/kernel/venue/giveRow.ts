import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { assertPlace } from './assertTerms.ts'
import type { Venue } from './Venue.ts'

/**
 * Puts the profits of a `given` instrument into the risk table: an exotic, or a payoff with rules of its own.
 *
 * @param profits - Per contract and scenario, weight included, each within 1e15.
 * @throws {InvalidInputError} The instrument is not `given`, or there are not as many profits as scenarios, or one is out of range.
 */
export function giveRow({ terms, kernel: { reals }, plan: { header } }: Venue, instrument: number, profits: ArrayLike<Usd>): void {
  assertPlace('instrument', instrument, header.instruments)
  const { kind } = terms.instruments[instrument]!
  if (kind !== 'given') throw new InvalidInputError({ argument: `kind of instrument ${instrument}`, got: kind, limit: 'given' })
  if (profits.length !== header.scenarios)
    throw new InvalidInputError({ argument: 'profits', got: `${profits.length} numbers`, limit: `${header.scenarios} numbers` })
  for (let j = 0; j < profits.length; j++) assertInRange(`profits[${j}]`, profits[j]!, -1e15, 1e15)
  for (let j = 0; j < 8 * header.blocks; j++) {
    const place = header.table / 8 + ((j >>> 3) * header.instruments + instrument) * 8 + (j & 7)
    reals[place] = profits[Math.min(j, profits.length - 1)]!
  }
}
