import type { OptionType, Usd } from '../../../types/index.ts'
import type { PathPayoff } from '../pathSimulation.ts'

/** Option on the last price: a control for most others. */
export function europeanOption(type: OptionType, strike: Usd): PathPayoff {
  const sign = type === 'call' ? 1 : -1
  return (prices) => Math.max(0, sign * (prices[prices.length - 1]! - strike))
}
