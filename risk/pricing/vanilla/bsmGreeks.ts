import { normalCdf, normalPdf } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { assertBsmInputs, type BsmInputs } from './bsmInputs.ts'
import { type BsmTerms, bsmTerms, payoffShare } from './bsmTerms.ts'

/** Price and its thirteen sensitivities to spot, vol, time and the two rates. Time runs forward: theta, charm, color and veta are minus derivatives in T. */
export type BsmGreeks = {
  readonly price: Usd
  /** dV/dS. */
  readonly delta: number
  /** d2V/dS2. */
  readonly gamma: number
  /** dV/dvol per 1.00 of volatility. */
  readonly vega: Usd
  /** -dV/dT per year. */
  readonly theta: Usd
  /** dV/dr per 1.00 of rate. */
  readonly rho: Usd
  /** dV/dq per 1.00 of yield. */
  readonly phi: Usd
  /** d2V/dS dvol. */
  readonly vanna: number
  /** d2V/dvol2. */
  readonly volga: Usd
  /** -d delta/dT per year. */
  readonly charm: number
  /** d3V/dS3. */
  readonly speed: number
  /** d gamma/dvol. */
  readonly zomma: number
  /** -d gamma/dT per year. */
  readonly color: number
  /** -d vega/dT per year. */
  readonly veta: Usd
}

/**
 * Generalised Black-Scholes-Merton price with thirteen Greeks in closed form, with respect to the spot at fixed spot.
 *
 * With no time or no vol left, or further than 40 standard deviations from the strike, the value is the discounted payoff on the forward with its own Greeks; at the kink itself delta is
 * half, vega keeps its limit, and the derivatives that have none are reported as 0.
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Haug, The Complete Guide to Option Pricing Formulas, 2nd ed., 2007, chapter 2.
 */
export function bsmGreeks(inputs: BsmInputs): BsmGreeks {
  assertBsmInputs(inputs)
  const { type, spot, strike, timeToExpiry, vol, rate, dividendYield } = inputs
  const terms = bsmTerms(inputs)
  const { sign, carry, forward, discount, yieldDiscount, rootTime, deviation, standardised } = terms
  const price = discount * undiscountedValue(type, forward, strike, deviation)
  if (standardised === null) return payoffGreeks(inputs, terms, price)

  const { d1, d2 } = standardised
  const density = yieldDiscount * normalPdf(d1)
  const delta = sign * yieldDiscount * normalCdf(sign * d1)
  const strikePart = sign * strike * discount * normalCdf(sign * d2)
  const gamma = density / (spot * deviation)
  const vega = spot * density * rootTime
  // dd1/dT, with d1 = (ln(S / K) + (b + vol^2 / 2) T) / (vol sqrt T).
  const drift = carry / deviation - d2 / (2 * timeToExpiry)
  return {
    price,
    delta,
    gamma,
    vega,
    theta: dividendYield * spot * delta - rate * strikePart - (vega * vol) / (2 * timeToExpiry),
    rho: timeToExpiry * strikePart,
    phi: -timeToExpiry * spot * delta,
    vanna: (-density * d2) / vol,
    volga: (vega * d1 * d2) / vol,
    charm: dividendYield * delta - density * drift,
    speed: (-gamma / spot) * (d1 / deviation + 1),
    zomma: (gamma * (d1 * d2 - 1)) / vol,
    color: gamma * (dividendYield + 1 / (2 * timeToExpiry) + d1 * drift),
    veta: vega * (dividendYield + d1 * drift - 1 / (2 * timeToExpiry)),
  }
}

function payoffGreeks({ spot, strike, timeToExpiry, rate, dividendYield }: BsmInputs, terms: BsmTerms, price: Usd): BsmGreeks {
  const { forward, discount, yieldDiscount, rootTime } = terms
  const share = payoffShare(terms, strike)
  const delta = share * yieldDiscount
  const strikePart = share * strike * discount
  return {
    price,
    delta,
    gamma: 0,
    vega: forward === strike ? spot * yieldDiscount * normalPdf(0) * rootTime : 0,
    theta: dividendYield * spot * delta - rate * strikePart,
    rho: timeToExpiry * strikePart,
    phi: -timeToExpiry * spot * delta,
    vanna: 0,
    volga: 0,
    charm: dividendYield * delta,
    speed: 0,
    zomma: 0,
    color: 0,
    veta: 0,
  }
}
