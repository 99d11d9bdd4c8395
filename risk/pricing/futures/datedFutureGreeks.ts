import type { Fraction, Usd, Years } from '../../types/index.ts'
import { forwardPrice } from '../forwardPrice.ts'

/** A future on an asset with a continuous yield. */
export type DatedFutureInputs = {
  /** Above 0. */
  readonly spot: Usd
  /** Continuously compounded, per year, in [-1, 1]. */
  readonly rate: Fraction
  /** Income of the asset, same form and range. */
  readonly dividendYield: Fraction
  /** In [0, 100]. */
  readonly timeToExpiry: Years
}

/** Fair price and its slopes; names and signs as BsmGreeks. */
export type DatedFutureGreeks = {
  readonly price: Usd
  readonly delta: number
  readonly theta: Usd
  readonly rho: Usd
  readonly phi: Usd
}

/**
 * Fair price of a dated future, S e^((r - q) T), with its Greeks. It is not discounted: gains are settled as they arise.
 *
 * @throws {InvalidInputError} An argument is outside its range.
 */
export function datedFutureGreeks({ spot, rate, dividendYield, timeToExpiry }: DatedFutureInputs): DatedFutureGreeks {
  const price = forwardPrice(spot, rate, dividendYield, timeToExpiry)
  const carry = rate - dividendYield
  return { price, delta: price / spot, theta: -carry * price, rho: timeToExpiry * price, phi: -timeToExpiry * price }
}
