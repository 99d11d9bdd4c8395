import type { Usd } from '../../types/index.ts'
import { type AssetGreeks, assetGreeks, lognormalLaw, segmentValue, vanillaSegment } from '../diffusion/index.ts'
import { assertCash, assertDigitalInputs, type CashOrNothingInputs } from './digitalInputs.ts'

/**
 * Cash-or-nothing: cash e^(-rT) N(d2) for the call, cash e^(-rT) N(-d2) for the put. Call and put add up to the discounted cash.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Reiner and Rubinstein, Unscrambling the Binary Code, Risk 4 (9), 1991.
 */
export function cashOrNothingPrice(inputs: CashOrNothingInputs): Usd {
  assertInputs(inputs)
  return value(inputs)
}

/** @throws {InvalidInputError} A field is outside its range, or no time or vol is left. */
export function cashOrNothingGreeks(inputs: CashOrNothingInputs): AssetGreeks {
  assertInputs(inputs)
  return assetGreeks(value, inputs, { from: 0, to: Number.POSITIVE_INFINITY })
}

function assertInputs(inputs: CashOrNothingInputs): void {
  assertDigitalInputs(inputs)
  assertCash('cash', inputs.cash)
}

function value(inputs: CashOrNothingInputs): Usd {
  return segmentValue(lognormalLaw(inputs), { ...vanillaSegment(inputs.type, inputs.spot, inputs.strike), slope: 0, level: inputs.cash }, 0)
}
