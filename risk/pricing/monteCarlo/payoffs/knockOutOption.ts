import { expOfSum } from '../../../math/exp.ts'
import { log } from '../../../math/index.ts'
import type { OptionType, Usd, Vol, Years } from '../../../types/index.ts'
import type { PathPayoff } from '../pathSimulation.ts'

/**
 * Barrier option that dies when the price touches `barrier` at any time, also between the path's times: the payoff is multiplied by the
 * chance that a Brownian bridge between neighbouring prices stays on its side, so that the simulated mean has no bias from the spacing.
 *
 * @param spot - Price at the start of the path; the side it is on is the one that lives.
 * @param times - The path's times.
 * @see Glasserman (2004), section 6.4.
 */
export function knockOutOption(type: OptionType, strike: Usd, barrier: Usd, spot: Usd, vol: Vol, times: readonly Years[]): PathPayoff {
  const sign = type === 'call' ? 1 : -1
  const level = log(barrier / spot)
  const side = level < 0 ? 1 : -1
  return (prices, logReturns) => {
    let alive = 1
    let before = -side * level
    for (let i = 0; i < logReturns.length; i++) {
      const distance = side * (logReturns[i]! - level)
      if (distance <= 0) return 0
      const gap = times[i]! - (i === 0 ? 0 : times[i - 1]!)
      alive *= 1 - expOfSum((-2 * before * distance) / (vol * vol * gap), 0)
      before = distance
    }
    return alive * Math.max(0, sign * (prices[prices.length - 1]! - strike))
  }
}
