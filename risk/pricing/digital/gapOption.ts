import type { Usd } from '../../types/index.ts'
import { type AssetGreeks, assertPriceLevel, assetGreeks, lognormalLaw, segmentValue, vanillaSegment } from '../diffusion/index.ts'
import { assertDigitalInputs, type GapOptionInputs } from './digitalInputs.ts'

/**
 * Gap option: S e^(-qT) N(d1) - strike e^(-rT) N(d2) for the call, with d1 and d2 taken at the trigger. With trigger = strike it is the vanilla option.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Reiner and Rubinstein, Unscrambling the Binary Code, Risk 4 (9), 1991.
 */
export function gapOptionPrice(inputs: GapOptionInputs): Usd {
  assertInputs(inputs)
  return value(inputs)
}

/** @throws {InvalidInputError} A field is outside its range, or no time or vol is left. */
export function gapOptionGreeks(inputs: GapOptionInputs): AssetGreeks {
  assertInputs(inputs)
  return assetGreeks(value, inputs, { from: 0, to: Number.POSITIVE_INFINITY })
}

function assertInputs(inputs: GapOptionInputs): void {
  assertDigitalInputs(inputs)
  assertPriceLevel('trigger', inputs.trigger)
}

function value(inputs: GapOptionInputs): Usd {
  return segmentValue(lognormalLaw(inputs), vanillaSegment(inputs.type, inputs.spot, inputs.trigger, inputs.strike), 0)
}
