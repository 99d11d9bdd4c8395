import { assertFiniteValues, assertPositive } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'

/** A position in a future or perpetual quoted and settled in dollars. */
export type LinearFutureInputs = {
  /** Units of the underlying; negative is short. */
  readonly quantity: number
  /** Above 0. */
  readonly entry: Usd
  /** Above 0. For a perpetual the mark; what funding has paid is in the account's cash. */
  readonly mark: Usd
}

/**
 * Value of a linear future since entry: quantity (mark - entry), in USD. Its delta is `quantity`; it has no other Greek.
 *
 * @throws {InvalidInputError} `quantity` is not finite, or a price is not finite and above 0.
 */
export function linearFutureValue({ quantity, entry, mark }: LinearFutureInputs): Usd {
  assertFiniteValues('quantity', [quantity])
  assertPositive('entry', entry)
  assertPositive('mark', mark)
  return quantity * (mark - entry)
}
