import { InvalidInputError } from '../../errors/index.ts'
import { exp, log, normalCdf, pow } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { type AmericanInputs, assertAmericanInputs } from './americanInputs.ts'

const MOST_STEPS = 100
const SETTLED = 1e-13

/**
 * Approximation of an American option by Barone-Adesi and Whaley: European value plus a power of the spot that meets the payoff at a
 * critical price. Off by up to 1.6 % of the strike within two years (vol 10 to 150 %) and far more beyond; {@link americanPrice} has the
 * price.
 *
 * @throws {InvalidInputError} An input is outside the domain of {@link AmericanInputs}, the rate is not above 0, or time or vol is 0.
 * @see Barone-Adesi and Whaley, Journal of Finance 42 (1987), equations 20 and 25.
 */
export function baroneAdesiWhaley(inputs: AmericanInputs): Usd {
  assertAmericanInputs(inputs)
  const { type, spot, strike, rate, dividendYield, vol, timeToExpiry } = inputs
  const deviation = vol * Math.sqrt(timeToExpiry)
  if (!(rate > 0)) throw new InvalidInputError({ argument: 'rate', got: rate, limit: 'above 0 for this approximation' })
  if (!(deviation > 0))
    throw new InvalidInputError({ argument: 'vol sqrt(timeToExpiry)', got: deviation, limit: 'above 0 for this approximation' })
  const european = (at: number): number =>
    exp(-rate * timeToExpiry) * undiscountedValue(type, at * exp((rate - dividendYield) * timeToExpiry), strike, deviation)
  if (type === 'call' && dividendYield <= 0) return european(spot)

  const sign = type === 'call' ? 1 : -1
  const variance = vol * vol
  const drift = (2 * (rate - dividendYield)) / variance - 1
  const root = (interest: number): number => 0.5 * (-drift + sign * Math.sqrt(drift * drift + interest))
  const exponent = root((8 * rate) / (variance * (1 - exp(-rate * timeToExpiry))))
  const payout = exp(-dividendYield * timeToExpiry)
  const share = (at: number): number => {
    const d1 = (log(at / strike) + (rate - dividendYield + 0.5 * variance) * timeToExpiry) / deviation
    return 1 - payout * normalCdf(sign * d1)
  }
  // Payoff - European - share S / |exponent| rises from below to above 0 between the strike and the perpetual option's boundary: bisection
  // cannot miss it.
  const excess = (at: number): number => sign * (at - strike) - european(at) - (sign * share(at) * at) / exponent
  let held = strike
  let exercised = (strike * root((8 * rate) / variance)) / (root((8 * rate) / variance) - 1)
  for (let step = 0; step < MOST_STEPS && Math.abs(exercised - held) > SETTLED * strike; step++) {
    const middle = 0.5 * (held + exercised)
    if (excess(middle) < 0) held = middle
    else exercised = middle
  }
  const critical = 0.5 * (held + exercised)
  if (sign * (spot - critical) >= 0) return sign * (spot - strike)
  return european(spot) + ((sign * share(critical) * critical) / exponent) * pow(spot / critical, exponent)
}
