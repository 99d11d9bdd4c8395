import { exp, log } from '../../math/index.ts'
import type { AmericanInputs } from './americanInputs.ts'

/**
 * Value without risk, at zero vol or zero time: the best discounted payoff over all exercise times (arguments are not checked).
 *
 * The payoff exercised at t is +-(S e^(-q t) - K e^(-r t)); it is largest at one of the ends or where its slope is zero, e^((r - q) t) = r
 * K / (q S).
 */
export function sureValue({ type, spot, strike, rate, dividendYield, timeToExpiry }: AmericanInputs): number {
  const sign = type === 'call' ? 1 : -1
  const payoffAt = (time: number): number => sign * (spot * exp(-dividendYield * time) - strike * exp(-rate * time))
  const best = Math.max(0, payoffAt(0), payoffAt(timeToExpiry))
  const ratio = (rate * strike) / (dividendYield * spot)
  if (rate === dividendYield || !(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) return best
  const turn = log(ratio) / (rate - dividendYield)
  return turn > 0 && turn < timeToExpiry ? Math.max(best, payoffAt(turn)) : best
}
