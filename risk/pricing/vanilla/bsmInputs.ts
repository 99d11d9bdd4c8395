import { assertInRange } from '../../math/index.ts'
import type { Fraction, OptionType, Usd, Vol, Years } from '../../types/index.ts'

/** A European option on an asset with a continuous yield. */
export type BsmInputs = {
  readonly type: OptionType
  /** In [1e-9, 1e15]. */
  readonly spot: Usd
  /** In [1e-9, 1e15]. */
  readonly strike: Usd
  /** In [0, 100]; at 0 the option is worth its payoff. */
  readonly timeToExpiry: Years
  /** In [0, 100], that is up to 10,000 %. */
  readonly vol: Vol
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
  /** Dividend yield, foreign rate or lending rate of the coin, same form and range; equal to `rate` where `spot` is a forward. */
  readonly dividendYield: Fraction
}

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertBsmInputs(inputs: BsmInputs): void {
  assertInRange('spot', inputs.spot, 1e-9, 1e15)
  assertInRange('strike', inputs.strike, 1e-9, 1e15)
  assertInRange('timeToExpiry', inputs.timeToExpiry, 0, 100)
  assertInRange('vol', inputs.vol, 0, 100)
  assertInRange('rate', inputs.rate, -1, 1)
  assertInRange('dividendYield', inputs.dividendYield, -1, 1)
}
