import { InvalidInputError } from '../errors/index.ts'
import { assertSigned } from './assertExact.ts'
import type { WadFraction } from './types.ts'

const WAD = 10n ** 18n

/**
 * The same share of every position, so that hedges stay whole; rounded toward zero, so that bidders never get more than the cap. The whole is exact.
 *
 * @param quantities - Raw units of positions and collateral, negative is short. Cash is not sliced.
 * @param fraction - In [0, 1e18].
 * @throws {InvalidInputError} A quantity or the fraction is outside its domain.
 */
export function sliceQuantities(quantities: readonly bigint[], fraction: WadFraction): readonly bigint[] {
  if (typeof fraction !== 'bigint' || fraction < 0n || fraction > WAD)
    throw new InvalidInputError({ argument: 'fraction', got: fraction, limit: 'in [0, 1e18]' })
  return quantities.map((quantity, i) => {
    assertSigned(`quantities[${i}]`, quantity)
    return (quantity * fraction) / WAD
  })
}
