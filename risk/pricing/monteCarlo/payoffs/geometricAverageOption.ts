import { expOfSum } from '../../../math/exp.ts'
import type { OptionType, Usd } from '../../../types/index.ts'
import type { PathPayoff } from '../pathSimulation.ts'

/** Option on `level` times the geometric average of price / spot along the path. */
export function geometricAverageOption(type: OptionType, strike: Usd, level: Usd): PathPayoff {
  const sign = type === 'call' ? 1 : -1
  return (_, logReturns) => {
    let sum = 0
    for (let i = 0; i < logReturns.length; i++) sum += logReturns[i]!
    return Math.max(0, sign * (level * expOfSum(sum / logReturns.length, 0) - strike))
  }
}
