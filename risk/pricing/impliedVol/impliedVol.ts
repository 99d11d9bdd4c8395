import { exp } from '../../math/index.ts'
import type { Fraction, OptionType, Usd, Vol, Years } from '../../types/index.ts'
import { logMoneyness } from '../logMoneyness.ts'
import { guessDeviation } from './guessDeviation.ts'
import { type Deviation, solveDeviation } from './solveDeviation.ts'

/** A quote of a European option on a forward. */
export type ImpliedVolInputs = {
  readonly type: OptionType
  /** In [1e-9, 1e15]. */
  readonly forward: Usd
  /** In [1e-9, 1e15]. */
  readonly strike: Usd
  /** In [0, 100]. */
  readonly timeToExpiry: Years
  /** Continuously compounded, in [-1, 1]; the quote is divided by e^(-rate T). */
  readonly rate: Fraction
  /** The quote, present value. */
  readonly price: Usd
}

/** The vol behind a quote, or why there is none. */
export type ImpliedVol =
  | {
      readonly status: 'converged'
      readonly vol: Vol
      /** How far `vol` moves when the price moves by 2^-52 of itself: what the quote does not tell, whatever the method. */
      readonly resolution: Vol
    }
  /** The price is the discounted payoff on the forward, but for the rounding of discounting and 1e-300 of sqrt(F K): every smaller vol fits too. */
  | { readonly status: 'atIntrinsic' }
  /** The price is below the discounted payoff, `limit`. */
  | { readonly status: 'belowIntrinsic'; readonly limit: Usd }
  /** The price reaches the discounted forward (call) or strike (put), `limit`, which no finite vol gives. */
  | { readonly status: 'aboveMaximum'; readonly limit: Usd }
  /** No time is left. */
  | { readonly status: 'expired' }
  /** `argument` is NaN or outside its range. */
  | { readonly status: 'invalid'; readonly argument: 'forward' | 'strike' | 'timeToExpiry' | 'rate' | 'price' }

const EPSILON = 2.220446049250313e-16
const LEAST_VALUE = 1e-300
const root: Deviation = { deviation: 0, sensitivity: 0 }

/**
 * Black-76 volatility that gives the quoted price. Never throws and never returns NaN: what is wrong with a quote is its status.
 *
 * Round trips give vol back to 1e-13 of itself wherever the price carries it; `resolution` says where it does not: deep in the money, where the time value is a
 * small part of the price, and near the maximum, at deviations vol sqrt(T) above 7 or so.
 */
export function impliedVol({ type, forward, strike, timeToExpiry, rate, price }: ImpliedVolInputs): ImpliedVol {
  if (!(forward >= 1e-9 && forward <= 1e15)) return { status: 'invalid', argument: 'forward' }
  if (!(strike >= 1e-9 && strike <= 1e15)) return { status: 'invalid', argument: 'strike' }
  if (!(timeToExpiry >= 0 && timeToExpiry <= 100)) return { status: 'invalid', argument: 'timeToExpiry' }
  if (!(rate >= -1 && rate <= 1)) return { status: 'invalid', argument: 'rate' }
  if (!(price < Number.POSITIVE_INFINITY && price > Number.NEGATIVE_INFINITY)) return { status: 'invalid', argument: 'price' }
  if (timeToExpiry === 0) return { status: 'expired' }

  const growth = rate === 0 ? 1 : exp(rate * timeToExpiry)
  const undiscounted = price * growth
  const intrinsic = Math.max(0, type === 'call' ? forward - strike : strike - forward)
  const cap = type === 'call' ? forward : strike
  const timeValue = undiscounted - intrinsic
  const missing = cap - undiscounted
  const scale = Math.sqrt(forward * strike)
  // What discounting and growing again may have added or lost.
  const rounding = rate === 0 ? 0 : 4 * EPSILON * intrinsic
  if (timeValue < -rounding) return { status: 'belowIntrinsic', limit: intrinsic / growth }
  if (timeValue < LEAST_VALUE * scale || timeValue <= rounding) return { status: 'atIntrinsic' }
  if (missing <= 0) return { status: 'aboveMaximum', limit: cap / growth }

  const gap = Math.abs(forward - strike)
  const distance = Math.abs(logMoneyness(forward, strike))
  const slope = gap === 0 ? 1 / forward : distance / gap
  const guess = guessDeviation(distance, gap, slope, timeValue, missing / Math.min(forward, strike))
  solveDeviation(distance, guess, timeValue / scale, missing / scale, root)
  const perDeviation = 1 / Math.sqrt(timeToExpiry)
  return {
    status: 'converged',
    vol: root.deviation * perDeviation,
    resolution: EPSILON * (undiscounted / timeValue) * root.sensitivity * perDeviation,
  }
}
