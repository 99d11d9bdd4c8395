import type { Usd } from '../../types/index.ts'
import { type AssetGreeks, assetGreeks, lognormalLaw } from '../diffusion/index.ts'
import { excessOfExtreme } from './excessOfExtreme.ts'
import { assertFloatingLookbackInputs, type FloatingLookbackInputs } from './lookbackInputs.ts'

/**
 * Floating-strike lookback, continuous monitoring: the asset less the bond of the extreme seen so far, plus what the extreme may still gain.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range, or the extreme seen lies on the wrong side of the spot.
 * @see Goldman, Sosin and Gatto, Journal of Finance 34 (1979).
 */
export function floatingLookbackPrice(inputs: FloatingLookbackInputs): Usd {
  assertFloatingLookbackInputs(inputs)
  return Math.max(0, value(inputs))
}

/**
 * Sensitivities with the extreme held fixed; at the extreme itself they are those from the side where the spot can be.
 *
 * @throws {InvalidInputError} A field is outside its range, or no time or vol is left.
 */
export function floatingLookbackGreeks(inputs: FloatingLookbackInputs): AssetGreeks {
  assertFloatingLookbackInputs(inputs)
  return assetGreeks(value, inputs, { from: 0, to: Number.POSITIVE_INFINITY })
}

function value(inputs: FloatingLookbackInputs): Usd {
  const { type, extremum } = inputs
  const { discountedForward, discount } = lognormalLaw(inputs)
  const bond = extremum * discount
  return type === 'call'
    ? discountedForward - bond + excessOfExtreme('minimum', inputs, extremum)
    : bond - discountedForward + excessOfExtreme('maximum', inputs, extremum)
}
