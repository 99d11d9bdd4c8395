import { log, log1p } from '../math/index.ts'
import type { Usd } from '../types/index.ts'

/** ln(forward / strike). Near the money through the difference, which is exact there, so that 1.0001 keeps all its digits. */
export function logMoneyness(forward: Usd, strike: Usd): number {
  const ratio = forward / strike
  return ratio > 0.5 && ratio < 2 ? log1p((forward - strike) / strike) : log(ratio)
}
