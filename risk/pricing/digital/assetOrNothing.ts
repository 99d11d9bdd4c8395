import type { Usd } from '../../types/index.ts'
import { type AssetGreeks, assetGreeks, lognormalLaw, segmentValue, vanillaSegment } from '../diffusion/index.ts'
import { type AssetOrNothingInputs, assertDigitalInputs } from './digitalInputs.ts'

/**
 * Asset-or-nothing: S e^(-qT) N(d1) for the call, S e^(-qT) N(-d1) for the put. Call and put add up to the discounted asset.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Cox and Rubinstein, Options Markets (1985); Reiner and Rubinstein, Risk 4 (9), 1991.
 */
export function assetOrNothingPrice(inputs: AssetOrNothingInputs): Usd {
  assertDigitalInputs(inputs)
  return value(inputs)
}

/** @throws {InvalidInputError} A field is outside its range, or no time or vol is left. */
export function assetOrNothingGreeks(inputs: AssetOrNothingInputs): AssetGreeks {
  assertDigitalInputs(inputs)
  return assetGreeks(value, inputs, { from: 0, to: Number.POSITIVE_INFINITY })
}

function value(inputs: AssetOrNothingInputs): Usd {
  return segmentValue(lognormalLaw(inputs), { ...vanillaSegment(inputs.type, inputs.spot, inputs.strike), slope: 1, level: 0 }, 0)
}
