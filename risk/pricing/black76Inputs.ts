import { assertInRange } from '../math/index.ts'
import type { Fraction, OptionType, Usd, Vol, Years } from '../types/index.ts'

/** A European option on a forward. */
export type Black76Inputs = {
  readonly type: OptionType
  /** In [1e-9, 1e15]. */
  readonly forward: Usd
  /** In [1e-9, 1e15]. */
  readonly strike: Usd
  /** In [0, 100]; at 0 the option is worth its payoff. */
  readonly timeToExpiry: Years
  /** In [0, 100], that is up to 10,000 %. */
  readonly vol: Vol
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
}

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertBlack76Inputs(inputs: Black76Inputs): void {
  assertInRange('forward', inputs.forward, 1e-9, 1e15)
  assertInRange('strike', inputs.strike, 1e-9, 1e15)
  assertInRange('timeToExpiry', inputs.timeToExpiry, 0, 100)
  assertInRange('vol', inputs.vol, 0, 100)
  assertInRange('rate', inputs.rate, -1, 1)
}
