import type { Usd } from '../../types/index.ts'
import { type BsmInputs, bsmPrice } from '../vanilla/index.ts'

/** The price of an option settled in the underlying. */
export type InversePrice = {
  /** In units of the underlying. */
  readonly coin: number
  readonly usd: Usd
}

/**
 * European option settled in the underlying: one contract pays max(0, +/-(S - K)) / S coins. Worth the same dollars as the option settled in cash, since both pay the same
 * dollars at expiry; in coins that over the spot, e^(-q T) (N(d1) - (K / F) N(d2)) for a call. `dividendYield` is what the coin earns, zero on most venues.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 */
export function inverseOptionPrice(inputs: BsmInputs): InversePrice {
  const usd = bsmPrice(inputs)
  return { coin: usd / inputs.spot, usd }
}
