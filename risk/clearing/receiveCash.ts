import { assertAmount, type WadUsd } from '../liquidation/index.ts'
import type { Cash } from './types.ts'

/**
 * Gives an account a receipt: it repays debt, the rest is profit that has to mature.
 *
 * @throws {InvalidInputError} The amount is negative or beyond 2^127.
 * @see contract-rules A15.
 */
export function receiveCash({ principal, profit, debt }: Cash, amount: WadUsd): Cash {
  assertAmount('amount', amount)
  const repaid = amount < debt ? amount : debt
  return { principal, profit: profit + amount - repaid, debt: debt - repaid }
}
