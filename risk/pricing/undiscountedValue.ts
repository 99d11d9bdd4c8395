import { centralMass, expOfMinusHalfSquare, normalCdf, scaledErfcDrop } from '../math/index.ts'
import type { OptionType, Usd } from '../types/index.ts'
import { logMoneyness } from './logMoneyness.ts'

/** Standard deviations from the strike beyond which the time value is below the smallest double. */
const FAR_FROM_STRIKE = 40
/** A deviation below this is none: the time value is below 1e-84 of any price, and Greeks that divide by it would overflow. */
const LEAST_DEVIATION = 1e-100

/** Whether nothing but the payoff is left: no time, no vol, or a strike out of reach. */
export function isPayoff(moneyness: number, deviation: number): boolean {
  return deviation < LEAST_DEVIATION || Math.abs(moneyness) > FAR_FROM_STRIKE * deviation
}

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

/** Price of the call above, of the put below the money; in [0, min(forward, strike)]. The put is the call with forward and strike exchanged. */
function timeValue(forward: Usd, strike: Usd, deviation: number): Usd {
  const moneyness = logMoneyness(forward, strike)
  if (isPayoff(moneyness, deviation)) return 0
  const d1 = 0.5 * deviation - Math.abs(moneyness) / deviation
  return moneyness <= 0 ? callValue(forward, strike, d1, deviation) : callValue(strike, forward, d1, deviation)
}

/**
 * F N(d1) - K N(d2) for F <= K, in the form in which nothing cancels.
 *
 * Below d1 = 0: F phi(d1) = K phi(d2), so the value is F phi(d1) times the drop of Mills' ratio from -d1 to -d2. Around the money:
 * F (N(d1) - N(d2)) - (K - F) N(d2), with the mass between d2 and d1 added up from both sides of zero. Else the two terms are far apart.
 */
function callValue(forward: Usd, strike: Usd, d1: number, deviation: number): Usd {
  if (d1 <= 0) return 0.5 * forward * expOfMinusHalfSquare(d1) * scaledErfcDrop(-d1 * Math.SQRT1_2, deviation * Math.SQRT1_2)
  const d2 = d1 - deviation
  if (d1 < 1 && d2 > -1) {
    const below = centralMass(d2)
    return forward * (centralMass(d1) - below) - (strike - forward) * (0.5 + below)
  }
  return forward * normalCdf(d1) - strike * normalCdf(d2)
}
