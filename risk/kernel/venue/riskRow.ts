import type { Usd } from '../../types/index.ts'
import { assertPlace } from './assertTerms.ts'
import type { Venue } from './Venue.ts'

/**
 * Profits of one contract of an instrument in every scenario, weight included.
 *
 * @throws {InvalidInputError} `instrument` is none of the venue's.
 */
export function riskRow({ kernel: { reals }, plan: { header } }: Venue, instrument: number): readonly Usd[] {
  assertPlace('instrument', instrument, header.instruments)
  return Array.from(
    { length: header.scenarios },
    (_, j) => reals[header.table / 8 + ((j >>> 3) * header.instruments + instrument) * 8 + (j & 7)]!,
  )
}
