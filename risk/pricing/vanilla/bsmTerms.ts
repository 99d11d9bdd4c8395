import { exp } from '../../math/index.ts'
import { logMoneyness } from '../logMoneyness.ts'
import { isPayoff } from '../undiscountedValue.ts'
import type { BsmInputs } from './bsmInputs.ts'

/** What price and Greeks share. Inputs are guarded by the caller. */
export type BsmTerms = {
  /** 1 for a call, -1 for a put. */
  readonly sign: 1 | -1
  /** b = r - q. */
  readonly carry: number
  readonly forward: number
  /** e^(-r T). */
  readonly discount: number
  /** e^(-q T). */
  readonly yieldDiscount: number
  readonly rootTime: number
  /** vol sqrt(T). */
  readonly deviation: number
  /** Null where nothing but the payoff is left. */
  readonly standardised: { readonly d1: number; readonly d2: number } | null
}

/** Below this nothing but the payoff is left: Greeks divide by the time, and the time value is below 1e-28 of the spot. */
const LEAST_TIME = 1e-60

export function bsmTerms({ type, spot, strike, timeToExpiry, vol, rate, dividendYield }: BsmInputs): BsmTerms {
  const carry = rate - dividendYield
  const forward = spot * exp(carry * timeToExpiry)
  const rootTime = Math.sqrt(timeToExpiry)
  const deviation = vol * rootTime
  const moneyness = logMoneyness(forward, strike)
  const d1 = moneyness / deviation + 0.5 * deviation
  return {
    sign: type === 'call' ? 1 : -1,
    carry,
    forward,
    discount: exp(-rate * timeToExpiry),
    yieldDiscount: exp(-dividendYield * timeToExpiry),
    rootTime,
    deviation,
    standardised: timeToExpiry < LEAST_TIME || isPayoff(moneyness, deviation) ? null : { d1, d2: d1 - deviation },
  }
}

/** Share of the underlying a payoff holds, signed: all of it in the money, half at the kink. */
export function payoffShare({ sign, forward }: BsmTerms, strike: number): number {
  const distance = sign * (forward - strike)
  if (distance < 0) return 0
  return distance > 0 ? sign : 0.5 * sign
}
