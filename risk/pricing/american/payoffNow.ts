import type { OptionType, Usd } from '../../types/index.ts'

/** What exercising pays at `spot`. */
export function payoffNow(type: OptionType, spot: Usd, strike: Usd): Usd {
  return Math.max(0, type === 'call' ? spot - strike : strike - spot)
}
