import { assertAmount, type WadUsd } from '../liquidation/index.ts'
import type { Cash } from './types.ts'

/**
 * Gives an account a receipt: profit that has to mature. It repays no debt before it has, else profit would leave as the collateral that the debt held back.
 *
 * @throws {InvalidInputError} The amount is negative or beyond 2^127.
 * @see contract-rules A15.
 */
export function receiveCash({ principal, profit, debt }: Cash, amount: WadUsd): Cash {
  assertAmount('amount', amount)
  return { principal, profit: profit + amount, debt }
}
