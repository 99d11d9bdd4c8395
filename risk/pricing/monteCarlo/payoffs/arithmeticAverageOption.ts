import type { OptionType, Usd } from '../../../types/index.ts'
import type { PathPayoff } from '../pathSimulation.ts'

/**
 * Option on the arithmetic average of `count` prices, of which those on the path are still to come.
 *
 * @param fixed - Sum of the prices fixed before the path starts.
 */
export function arithmeticAverageOption(type: OptionType, strike: Usd, count: number, fixed: Usd): PathPayoff {
  const sign = type === 'call' ? 1 : -1
  return (prices) => {
    let sum = fixed
    for (let i = 0; i < prices.length; i++) sum += prices[i]!
    return Math.max(0, sign * (sum / count - strike))
  }
}
