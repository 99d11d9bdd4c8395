import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, exp } from '../../math/index.ts'
import type { Fraction, Usd, Vol, Years } from '../../types/index.ts'
import { assertPriceLevel, standardDeviation } from '../diffusion/index.ts'

/** Two lognormal assets until expiry. */
export type PairInputs = {
  /** Prices now, in [1e-9, 1e15]. */
  readonly spot1: Usd
  readonly spot2: Usd
  /** Incomes of the assets, continuously compounded, in [-1, 1]. */
  readonly dividendYield1: Fraction
  readonly dividendYield2: Fraction
  /** In [0, 100], with vol sqrt(T) at most 10. */
  readonly vol1: Vol
  readonly vol2: Vol
  /** Of the two log returns, in [-1, 1]. */
  readonly correlation: number
  /** In [0, 100]. */
  readonly timeToExpiry: Years
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
}

/** Beyond this the mean of a lognormal price is made of paths that no double of its logarithm's size can weigh. */
const MOST_DEVIATION = 10

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertPairInputs(inputs: PairInputs): void {
  assertPriceLevel('spot1', inputs.spot1)
  assertPriceLevel('spot2', inputs.spot2)
  assertInRange('dividendYield1', inputs.dividendYield1, -1, 1)
  assertInRange('dividendYield2', inputs.dividendYield2, -1, 1)
  assertInRange('correlation', inputs.correlation, -1, 1)
  assertInRange('timeToExpiry', inputs.timeToExpiry, 0, 100)
  assertInRange('rate', inputs.rate, -1, 1)
  assertDeviation('vol1', inputs.vol1, inputs.timeToExpiry)
  assertDeviation('vol2', inputs.vol2, inputs.timeToExpiry)
}

/** @throws {InvalidInputError} `vol` is outside [0, 100], or vol sqrt(T) is above 10. */
export function assertDeviation(argument: string, vol: Vol, timeToExpiry: Years): void {
  assertInRange(argument, vol, 0, 100)
  const deviation = vol * Math.sqrt(timeToExpiry)
  if (!(deviation <= MOST_DEVIATION)) {
    throw new InvalidInputError({ argument: `${argument} * sqrt(timeToExpiry)`, got: deviation, limit: `at most ${MOST_DEVIATION}` })
  }
}

/** Two assets as their discounted forwards S e^(-qT) and standard deviations of log returns, with the discount e^(-rT). */
export type PairLaw = {
  readonly asset1: Usd
  readonly asset2: Usd
  readonly deviation1: number
  readonly deviation2: number
  readonly correlation: number
  readonly discount: number
}

/** The law of `inputs`, which the caller has guarded. */
export function pairLaw(inputs: PairInputs): PairLaw {
  const { timeToExpiry, correlation } = inputs
  return {
    asset1: inputs.spot1 * exp(-inputs.dividendYield1 * timeToExpiry),
    asset2: inputs.spot2 * exp(-inputs.dividendYield2 * timeToExpiry),
    deviation1: standardDeviation(inputs.vol1, timeToExpiry),
    deviation2: standardDeviation(inputs.vol2, timeToExpiry),
    correlation,
    discount: exp(-inputs.rate * timeToExpiry),
  }
}

/** Standard deviation of ln(S1 / S2), in the form that does not cancel when the assets are nearly the same. */
export function ratioDeviation({ deviation1, deviation2, correlation }: PairLaw): number {
  const difference = deviation1 - deviation2
  return Math.sqrt(difference * difference + 2 * (1 - correlation) * deviation1 * deviation2)
}
