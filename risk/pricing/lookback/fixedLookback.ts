import type { Usd } from '../../types/index.ts'
import { type AssetGreeks, assetGreeks, lognormalLaw } from '../diffusion/index.ts'
import { excessOfExtreme } from './excessOfExtreme.ts'
import { assertFixedLookbackInputs, type FixedLookbackInputs } from './lookbackInputs.ts'

/**
 * Fixed-strike lookback, continuous monitoring: the bond of what is already won, plus what the extreme may still gain beyond that and the strike.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range, or the extreme seen lies on the wrong side of the spot.
 * @see Conze and Viswanathan, Journal of Finance 46 (1991).
 */
export function fixedLookbackPrice(inputs: FixedLookbackInputs): Usd {
  assertFixedLookbackInputs(inputs)
  return Math.max(0, value(inputs))
}

/**
 * Sensitivities with the extreme held fixed; at the extreme itself they are those from the side where the spot can be.
 *
 * @throws {InvalidInputError} A field is outside its range, or no time or vol is left.
 */
export function fixedLookbackGreeks(inputs: FixedLookbackInputs): AssetGreeks {
  assertFixedLookbackInputs(inputs)
  return assetGreeks(value, inputs, { from: 0, to: Number.POSITIVE_INFINITY })
}

function value(inputs: FixedLookbackInputs): Usd {
  const { type, extremum, strike } = inputs
  const { discount } = lognormalLaw(inputs)
  return type === 'call'
    ? discount * Math.max(0, extremum - strike) + excessOfExtreme('maximum', inputs, Math.max(extremum, strike))
    : discount * Math.max(0, strike - extremum) + excessOfExtreme('minimum', inputs, Math.min(extremum, strike))
}
