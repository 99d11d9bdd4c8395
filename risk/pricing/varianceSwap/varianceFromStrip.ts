import { InvalidInputError } from '../../errors/index.ts'
import { assertFiniteValues, assertInRange, exp, log } from '../../math/index.ts'
import type { Fraction, OptionType, Usd, Vol, Years } from '../../types/index.ts'
import { assertPriceLevel } from '../diffusion/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'

/** European options of one expiry on either side of a boundary strike, by implied vol. */
export type OptionStrip = {
  /** In [1e-9, 1e15]. */
  readonly spot: Usd
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
  readonly dividendYield: Fraction
  /** In [1e-6, 100]. */
  readonly timeToExpiry: Years
  /** Strike that parts puts from calls; both lists hold it. */
  readonly boundary: Usd
  /** Two or more, rising, the last one the boundary. */
  readonly putStrikes: readonly Usd[]
  /** One per put strike, in [0, 10]. */
  readonly putVols: readonly Vol[]
  /** Two or more, rising, the first one the boundary. */
  readonly callStrikes: readonly Usd[]
  /** One per call strike, in [0, 10]. */
  readonly callVols: readonly Vol[]
}

/**
 * Fair variance per year from a strip of options: the payoff of the log contract is replaced by straight lines between strikes, each
 * strike's weight being the change of slope there. The lines lie above the curve, so the result is a little high inside the strip; outside
 * it nothing is counted beyond one more spacing.
 *
 * @throws {InvalidInputError} A field is outside its range, or a list does not rise, ends elsewhere than at the boundary, or has another
 * length than its vols.
 * @see Demeterfi, Derman, Kamal and Zou, More Than You Ever Wanted to Know About Volatility Swaps (1999),
 * appendix A.
 */
export function varianceFromStrip(strip: OptionStrip): number {
  assertStrip(strip)
  const { spot, rate, dividendYield, timeToExpiry, boundary, putStrikes, putVols, callStrikes, callVols } = strip
  const growth = (rate - dividendYield) * timeToExpiry
  const forward = spot * exp(growth)
  const curve = (price: number): number => (2 / timeToExpiry) * (price / boundary - 1 - log(price / boundary))
  /** Undiscounted value of the lines on one side, walking away from the boundary. */
  const side = (type: OptionType, strikes: readonly number[], vols: readonly number[]): number => {
    const last = strikes[strikes.length - 1]!
    const ends = [...strikes, Math.max(last + (last - strikes[strikes.length - 2]!), 0.5 * last)]
    let slope = 0
    let value = 0
    for (const [i, strike] of strikes.entries()) {
      const next = ends[i + 1]!
      const steeper = Math.abs((curve(next) - curve(strike)) / (next - strike))
      value += (steeper - slope) * undiscountedValue(type, forward, strike, vols[i]! * Math.sqrt(timeToExpiry))
      slope = steeper
    }
    return value
  }
  const linear = (2 / timeToExpiry) * (growth - (forward / boundary - 1) - log(boundary / spot))
  return linear + side('put', [...putStrikes].reverse(), [...putVols].reverse()) + side('call', callStrikes, callVols)
}

function assertStrip({ spot, rate, dividendYield, timeToExpiry, boundary, putStrikes, putVols, callStrikes, callVols }: OptionStrip): void {
  assertPriceLevel('spot', spot)
  assertInRange('rate', rate, -1, 1)
  assertInRange('dividendYield', dividendYield, -1, 1)
  assertInRange('timeToExpiry', timeToExpiry, 1e-6, 100)
  assertPriceLevel('boundary', boundary)
  for (const [name, strikes, vols] of [
    ['put', putStrikes, putVols],
    ['call', callStrikes, callVols],
  ] as const) {
    assertFiniteValues(`${name}Strikes`, strikes)
    if (strikes.length < 2)
      throw new InvalidInputError({ argument: `${name}Strikes`, got: `${strikes.length} strike`, limit: 'two or more' })
    if (vols.length !== strikes.length)
      throw new InvalidInputError({ argument: `${name}Vols`, got: `${vols.length} vols`, limit: `${strikes.length}, one per strike` })
    for (const [i, strike] of strikes.entries()) {
      assertPriceLevel(`${name}Strikes[${i}]`, strike)
      if (i > 0 && !(strike > strikes[i - 1]!))
        throw new InvalidInputError({ argument: `${name}Strikes[${i}]`, got: strike, limit: `above ${strikes[i - 1]}` })
      assertInRange(`${name}Vols[${i}]`, vols[i]!, 0, 10)
    }
  }
  const nearest = { put: putStrikes[putStrikes.length - 1], call: callStrikes[0] }
  for (const name of ['put', 'call'] as const) {
    if (nearest[name] !== boundary)
      throw new InvalidInputError({
        argument: `${name === 'put' ? 'last of putStrikes' : 'first of callStrikes'}`,
        got: nearest[name],
        limit: `the boundary ${boundary}`,
      })
  }
}
