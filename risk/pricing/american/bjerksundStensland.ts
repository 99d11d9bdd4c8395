import { InvalidInputError } from '../../errors/index.ts'
import { exp, log, normalCdf } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { type AmericanInputs, assertAmericanInputs } from './americanInputs.ts'
import { scaledTail } from './scaledTail.ts'

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
  const reach = carry * life + 2 * deviation
  if (!(reach > 0)) {
    const limit = 'such that the drift lowers the asset by less than two standard deviations'
    throw new InvalidInputError({ argument: '(rate - yield) x timeToExpiry + 2 vol sqrt(timeToExpiry)', got: reach, limit })
  }
  const trigger = first + (perpetual - first) * (1 - exp((-reach * first) / (perpetual - first)))
  if (spot >= trigger) return spot - strike

  const distance = log(trigger / spot)
  // Value of (S_T / S)^power paid at T where S_T is at most `level` and the trigger has not been hit.
  const alive = (power: number, level: number): number => {
    const growth = (-rate + power * carry + 0.5 * power * (power - 1) * variance) * life
    const d = -(log(spot / level) + (carry + (power - 0.5) * variance) * life) / deviation
    const mirror = (2 * carry) / variance + 2 * power - 1
    return timesCdf(growth, d) - timesCdf(growth + mirror * distance, d - (2 * distance) / deviation)
  }
  // (trigger - strike) (S / trigger)^beta is a unit of the option exercised at the trigger; it has no growth of its own.
  const hit = (trigger - strike) * exp(-beta * distance) * (1 - alive(beta, trigger))
  const ended = spot * (alive(1, trigger) - alive(1, strike)) - strike * (alive(0, trigger) - alive(0, strike))
  return Math.max(0, hit + ended)
}

/** e^exponent N(x), the two taken together so that neither overflows or vanishes alone. */
function timesCdf(exponent: number, x: number): number {
  if (x > 0) return exp(exponent) * normalCdf(x)
  return exp(exponent - 0.5 * x * x) * scaledTail(-x)
}
