import { exp } from '../../math/index.ts'
import type { Usd, Vol, Years } from '../../types/index.ts'
import type { AssetInputs } from './assetInputs.ts'

/** A deviation below this is none: there the path is known. */
const LEAST_DEVIATION = 1e-100

/** vol sqrt(T), 0 where it is too small to count. Both at least 0 (not checked). */
export function standardDeviation(vol: Vol, timeToExpiry: Years): number {
  const deviation = vol * Math.sqrt(timeToExpiry)
  return deviation < LEAST_DEVIATION ? 0 : deviation
}

/** Law of the price at expiry: ln(S_T / S) is normal. Everything is per whole term, so that time never appears again. */
export type LognormalLaw = {
  /** Value now of the asset delivered at expiry: S e^(-qT). */
  readonly discountedForward: Usd
  /** e^(-rT). */
  readonly discount: number
  /** r T. */
  readonly interest: number
  /** Mean of ln(S_T / S): (r - q) T - vol^2 T / 2. */
  readonly drift: number
  /** Standard deviation of ln(S_T / S): vol sqrt(T), 0 where the path is known. */
  readonly deviation: number
}

/** The law of `inputs`, which the caller has guarded. */
export function lognormalLaw({ spot, timeToExpiry, vol, rate, dividendYield }: AssetInputs): LognormalLaw {
  const deviation = standardDeviation(vol, timeToExpiry)
  return {
    discountedForward: spot * exp(-dividendYield * timeToExpiry),
    discount: exp(-rate * timeToExpiry),
    interest: rate * timeToExpiry,
    drift: (rate - dividendYield) * timeToExpiry - 0.5 * deviation * deviation,
    deviation,
  }
}
