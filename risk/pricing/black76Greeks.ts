import { normalCdf, normalPdf } from '../math/index.ts'
import type { Usd } from '../types/index.ts'
import { assertBlack76Inputs, type Black76Inputs } from './black76Inputs.ts'
import { discountFactor } from './discountFactor.ts'
import { logMoneyness } from './logMoneyness.ts'
import { isPayoff, undiscountedValue } from './undiscountedValue.ts'

/** Price and sensitivities of one option, with the forward held fixed where time or rate move. */
export type Black76Greeks = {
  readonly price: Usd
  /** dV/dF. */
  readonly delta: number
  /** d2V/dF2. */
  readonly gamma: number
  /** dV/dvol per 1.00 of volatility. */
  readonly vega: Usd
  /** -dV/dT, per year of calendar time. */
  readonly theta: Usd
  /** dV/dr per 1.00 of rate. */
  readonly rho: Usd
  /** d2V/dF dvol. */
  readonly vanna: number
  /** d2V/dvol2. */
  readonly volga: Usd
  /** -d delta/dT, per year. */
  readonly charm: number
}

/**
 * Black-76 price with eight Greeks in closed form.
 *
 * With no time or no volatility left, or further than 40 standard deviations from the strike, the value is the discounted payoff and its Greeks are
 * those of the payoff. At the strike itself the payoff has a kink: there delta is half a unit, vega keeps its limit, and gamma, vanna and charm, which have none,
 * are reported as 0.
 * @throws {InvalidInputError} A field is NaN or outside its range.
 */
export function black76Greeks(inputs: Black76Inputs): Black76Greeks {
  assertBlack76Inputs(inputs)
  const { type, forward, strike, timeToExpiry, vol, rate } = inputs
  const discount = discountFactor(rate, timeToExpiry)
  const rootTime = Math.sqrt(timeToExpiry)
  const deviation = vol * rootTime
  const moneyness = logMoneyness(forward, strike)
  if (isPayoff(moneyness, deviation)) return payoffGreeks(inputs, discount, rootTime)

  const d1 = moneyness / deviation + 0.5 * deviation
  const d2 = d1 - deviation
  const density = discount * normalPdf(d1)
  const price = discount * undiscountedValue(type, forward, strike, deviation)
  const delta = type === 'call' ? discount * normalCdf(d1) : -discount * normalCdf(-d1)
  const gamma = density / (forward * deviation)
  const vega = forward * density * rootTime
  const vanna = (-density * d2) / vol
  return {
    price,
    delta,
    gamma,
    vega,
    theta: rate * price - (vega * vol) / (2 * timeToExpiry),
    rho: -timeToExpiry * price,
    vanna,
    volga: (vega * d1 * d2) / vol,
    charm: rate * delta - (vanna * vol) / (2 * timeToExpiry),
  }
}

function payoffGreeks({ type, forward, strike, timeToExpiry, rate }: Black76Inputs, discount: number, rootTime: number): Black76Greeks {
  const sign = type === 'call' ? 1 : -1
  const distance = sign * (forward - strike)
  const price = discount * Math.max(0, distance)
  const delta = sign * discount * (distance > 0 ? 1 : distance === 0 ? 0.5 : 0)
  return {
    price,
    delta,
    gamma: 0,
    vega: distance === 0 ? forward * discount * rootTime * normalPdf(0) : 0,
    theta: rate * price,
    rho: -timeToExpiry * price,
    vanna: 0,
    volga: 0,
    charm: rate * delta,
  }
}
