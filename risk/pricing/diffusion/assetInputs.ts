import { assertInRange } from '../../math/index.ts'
import type { Fraction, Usd, Vol, Years } from '../../types/index.ts'

/** A lognormal asset until expiry, and money: what every exotic on one asset needs. */
export type AssetInputs = {
  /** Price now, in [1e-9, 1e15]. */
  readonly spot: Usd
  /** In [0, 100]. */
  readonly timeToExpiry: Years
  /** In [0, 100]; with no vol or no time the path is known and the option is worth what it pays on it. */
  readonly vol: Vol
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
  /** Income of the asset or foreign rate, continuously compounded, in [-1, 1]. */
  readonly dividendYield: Fraction
}

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertAssetInputs(inputs: AssetInputs): void {
  assertPriceLevel('spot', inputs.spot)
  assertInRange('timeToExpiry', inputs.timeToExpiry, 0, 100)
  assertInRange('vol', inputs.vol, 0, 100)
  assertInRange('rate', inputs.rate, -1, 1)
  assertInRange('dividendYield', inputs.dividendYield, -1, 1)
}

/** @throws {InvalidInputError} `value` is no price in [1e-9, 1e15]. */
export function assertPriceLevel(argument: string, value: number): void {
  assertInRange(argument, value, 1e-9, 1e15)
}
