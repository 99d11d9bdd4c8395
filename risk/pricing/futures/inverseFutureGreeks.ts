import { assertFiniteValues, assertPositive } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'

/** A position in a future or perpetual of a dollar notional, settled in the underlying. */
export type InverseFutureInputs = {
  /** Dollars of notional; negative is short. */
  readonly notional: Usd
  /** Above 0. */
  readonly entry: Usd
  /** Above 0. For a perpetual the mark; what funding has paid is in the account's cash. */
  readonly mark: Usd
}

/** Value since entry and its slopes in the mark. */
export type InverseFutureGreeks = {
  /** In units of the underlying: notional (1 / entry - 1 / mark). */
  readonly coin: { readonly price: number; readonly delta: number; readonly gamma: number }
  /** The coins at the mark: notional (mark / entry - 1), a straight line. */
  readonly usd: { readonly price: Usd; readonly delta: number }
}

/**
 * Value of an inverse future since entry, with its Greeks in both currencies; exact but for the rounding of each operation, also for a mark next to the entry.
 *
 * @throws {InvalidInputError} `notional` is not finite, or a price is not finite and above 0.
 */
export function inverseFutureGreeks({ notional, entry, mark }: InverseFutureInputs): InverseFutureGreeks {
  assertFiniteValues('notional', [notional])
  assertPositive('entry', entry)
  assertPositive('mark', mark)
  const perEntry = notional / entry
  const coins = notional / mark
  return {
    coin: { price: (perEntry * (mark - entry)) / mark, delta: coins / mark, gamma: (-2 * coins) / mark / mark },
    usd: { price: perEntry * (mark - entry), delta: perEntry },
  }
}
