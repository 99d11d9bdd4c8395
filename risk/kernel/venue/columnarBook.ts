import { InvalidInputError } from '../../errors/index.ts'
import type { Portfolio } from '../../types/index.ts'
import type { ColumnarBook } from './VenueTerms.ts'

/**
 * Portfolios side by side, accounts and positions in their order. Collateral and cash stay out; collateral in the underlying is a position in a `linear` instrument.
 *
 * @throws {InvalidInputError} A position does not name its instrument by a whole number; `openVenue` checks the rest.
 */
export function columnarBook(portfolios: readonly Pick<Portfolio, 'account' | 'positions'>[]): ColumnarBook {
  const offsets = new Uint32Array(portfolios.length + 1)
  portfolios.forEach(({ positions }, a) => {
    offsets[a + 1] = offsets[a]! + positions.length
  })
  const instruments = new Uint32Array(offsets[portfolios.length]!)
  const quantities = new Float64Array(instruments.length)
  portfolios.forEach(({ account, positions }, a) => {
    positions.forEach(({ instrument, quantity }, i) => {
      // Typed arrays would cut 1.5 to 1 in silence.
      if (!(Number.isInteger(instrument) && instrument >= 0))
        throw new InvalidInputError({ argument: `instrument of a position of ${account}`, got: instrument, limit: 'a whole number' })
      instruments[offsets[a]! + i] = instrument
      quantities[offsets[a]! + i] = quantity
    })
  })
  return { offsets, instruments, quantities }
}
