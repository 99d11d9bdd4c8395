import { normalCdf } from '../math/index.ts'
import type { OptionType, Usd } from '../types/index.ts'
import { logMoneyness } from './logMoneyness.ts'

/** Standard deviations from the strike beyond which the time value is below the smallest double. */
export const FAR_FROM_STRIKE = 40

/**
 * Undiscounted Black-76 value: payoff on the forward plus time value. The hot path of margin: arguments are not checked.
 *
 * Time value is the price of the out-of-the-money side, so put-call parity holds to a rounding, and no value is below its payoff.
 * @param deviation - vol sqrt(T), at least 0; with 0 the value is the payoff.
 */
export function undiscountedValue(type: OptionType, forward: Usd, strike: Usd, deviation: number): Usd {
  const payoff = Math.max(0, type === 'call' ? forward - strike : strike - forward)
  return payoff + timeValue(forward, strike, deviation)
}

/** Price of the call above, of the put below the money; in [0, min(forward, strike)]. */
function timeValue(forward: Usd, strike: Usd, deviation: number): Usd {
  if (deviation === 0) return 0
  const moneyness = logMoneyness(forward, strike)
  if (Math.abs(moneyness) > FAR_FROM_STRIKE * deviation) return 0
  const d1 = moneyness / deviation + 0.5 * deviation
  const d2 = d1 - deviation
  const value = moneyness <= 0 ? forward * normalCdf(d1) - strike * normalCdf(d2) : strike * normalCdf(-d2) - forward * normalCdf(-d1)
  return Math.max(0, value)
}
