import type { OptionType, Usd } from '../../../types/index.ts'
import type { PathPayoff } from '../pathSimulation.ts'

/**
 * Lookback option observed at the path's times only. With a strike: a call pays the highest price above it, a put the lowest price below
 * it. With `floating` a call pays the last price less the lowest, a put the highest less the last.
 *
 * @param extremum - Lowest or highest price so far, spot included: the one that counts for this option.
 */
export function lookbackOption(type: OptionType, strike: Usd | 'floating', extremum: Usd): PathPayoff {
  const sign = type === 'call' ? 1 : -1
  const wantsHighest = (type === 'call') !== (strike === 'floating')
  return (prices) => {
    let best = extremum
    for (let i = 0; i < prices.length; i++) best = wantsHighest ? Math.max(best, prices[i]!) : Math.min(best, prices[i]!)
    return strike === 'floating' ? sign * (prices[prices.length - 1]! - best) : Math.max(0, sign * (best - strike))
  }
}
