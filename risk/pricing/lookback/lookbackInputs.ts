import { assertInRange } from '../../math/index.ts'
import type { OptionType, Usd } from '../../types/index.ts'
import { type AssetInputs, assertAssetInputs, assertPriceLevel } from '../diffusion/index.ts'

/**
 * A lookback that pays the distance between the final price and the extreme: the call S_T - minimum, the put maximum - S_T.
 * `extremum` is what was seen so far, now included: for the call the minimum, at most the spot; for the put the maximum, at least the spot.
 */
export type FloatingLookbackInputs = AssetInputs & { readonly type: OptionType; readonly extremum: Usd }

/**
 * A lookback on a strike: the call pays maximum - strike, the put strike - minimum, if positive.
 * `extremum` is what was seen so far, now included: for the call the maximum, at least the spot; for the put the minimum, at most the spot.
 */
export type FixedLookbackInputs = FloatingLookbackInputs & { readonly strike: Usd }

/** @throws {InvalidInputError} A field is NaN or outside its range, or the extreme seen lies on the wrong side of the spot. */
export function assertFloatingLookbackInputs(inputs: FloatingLookbackInputs): void {
  assertExtremum(inputs, inputs.type === 'call' ? 'minimum' : 'maximum')
}

/** @throws {InvalidInputError} A field is NaN or outside its range, or the extreme seen lies on the wrong side of the spot. */
export function assertFixedLookbackInputs(inputs: FixedLookbackInputs): void {
  assertExtremum(inputs, inputs.type === 'call' ? 'maximum' : 'minimum')
  assertPriceLevel('strike', inputs.strike)
}

function assertExtremum(inputs: FloatingLookbackInputs, extreme: 'minimum' | 'maximum'): void {
  assertAssetInputs(inputs)
  if (extreme === 'minimum') assertInRange('extremum', inputs.extremum, 1e-9, inputs.spot)
  else assertInRange('extremum', inputs.extremum, inputs.spot, 1e15)
}
