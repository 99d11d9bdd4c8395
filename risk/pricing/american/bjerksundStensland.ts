import { InvalidInputError } from '../../errors/index.ts'
import { exp, log, normalCdf, pow } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { type AmericanInputs, assertAmericanInputs } from './americanInputs.ts'

/**
 * Approximation of an American option by Bjerksund and Stensland (1993): the option is exercised at one flat trigger price, so it is a
 * lower bound of the price. Below it by up to 7 % of the strike within two years (vol 10 to 150 %) and far more beyond; {@link
 * americanPrice} has the price.
 *
 * @throws {InvalidInputError} An input is outside the domain of {@link AmericanInputs}; the rate (for a put the yield) or vol or time is
 * not above 0.
 * @see Bjerksund and Stensland, Scandinavian Journal of Management 9 (1993).
 */
export function bjerksundStensland(inputs: AmericanInputs): Usd {
  assertAmericanInputs(inputs)
  const { type, spot, strike, rate, dividendYield, vol, timeToExpiry } = inputs
  if (!(vol * timeToExpiry > 0))
    throw new InvalidInputError({ argument: 'vol x timeToExpiry', got: vol * timeToExpiry, limit: 'above 0 for this approximation' })
  return type === 'call'
    ? callValue(spot, strike, rate, dividendYield, vol, timeToExpiry)
    : callValue(strike, spot, dividendYield, rate, vol, timeToExpiry)
}

/** The formula is for a call; a put is a call with spot and strike, rate and yield exchanged. */
function callValue(spot: number, strike: number, rate: number, income: number, vol: number, life: number): number {
  const carry = rate - income
  const variance = vol * vol
  const deviation = vol * Math.sqrt(life)
  if (income <= 0) return exp(-rate * life) * undiscountedValue('call', spot * exp(carry * life), strike, deviation)
  if (!(rate >= 0))
    throw new InvalidInputError({ argument: 'rate of the call or yield of the put', got: rate, limit: 'at least 0 for this approximation' })
  const lean = carry / variance - 0.5
  const beta = -lean + Math.sqrt(lean * lean + (2 * rate) / variance)
  const perpetual = (beta / (beta - 1)) * strike
  const first = Math.max(strike, (rate / income) * strike)
  const trigger = first + (perpetual - first) * (1 - exp((-(carry * life + 2 * deviation) * first) / (perpetual - first)))
  if (spot >= trigger) return spot - strike

  // Value of S_T^power paid at T while the trigger has not been hit and S_T is at most `level`.
  const phi = (power: number, level: number): number => {
    const growth = (-rate + power * carry + 0.5 * power * (power - 1) * variance) * life
    const d = -(log(spot / level) + (carry + (power - 0.5) * variance) * life) / deviation
    const mirror = (2 * carry) / variance + 2 * power - 1
    const reflected = pow(trigger / spot, mirror) * normalCdf(d - (2 * log(trigger / spot)) / deviation)
    return exp(growth) * pow(spot, power) * (normalCdf(d) - reflected)
  }
  const alpha = (trigger - strike) * pow(trigger, -beta)
  return (
    alpha * pow(spot, beta) -
    alpha * phi(beta, trigger) +
    phi(1, trigger) -
    phi(1, strike) -
    strike * phi(0, trigger) +
    strike * phi(0, strike)
  )
}
