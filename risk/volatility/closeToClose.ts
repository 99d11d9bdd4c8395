import { assertPositive, log } from '../math/index.ts'
import type { Usd } from '../types/index.ts'

/** Variance of one bar from two closes, mean taken as zero: ln(close / previous)^2. @throws {InvalidInputError} A price is not finite and positive. */
export function closeToClose(previousClose: Usd, close: Usd): number {
  assertPositive('previousClose', previousClose)
  assertPositive('close', close)
  const move = log(close / previousClose)
  return move * move
}
