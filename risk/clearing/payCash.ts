import { assertAmount, type WadUsd } from '../liquidation/index.ts'
import type { Cash } from './types.ts'

/**
 * Takes a payment out of an account: unmatured profit first, then principal; what is left becomes debt.
 *
 * @throws {InvalidInputError} The amount is negative or beyond 2^127.
 * @see contract-rules A15.
 */
export function payCash({ principal, profit, debt }: Cash, amount: WadUsd): Cash {
  assertAmount('amount', amount)
  const fromProfit = least(amount, profit)
  const fromPrincipal = least(amount - fromProfit, principal)
  return { principal: principal - fromPrincipal, profit: profit - fromProfit, debt: debt + amount - fromProfit - fromPrincipal }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
