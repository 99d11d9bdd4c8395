import type { Usd } from '../../types/index.ts'
import { type AssetGreeks, assetGreeks, lognormalLaw, survivalProbability } from '../diffusion/index.ts'
import { logMoneyness } from '../logMoneyness.ts'
import { assertTouchInputs, isTouched, type NoTouchInputs, spotRangeAt } from './touchInputs.ts'

/**
 * No-touch: cash e^(-rT) P(tau > T); nothing once the barrier is touched. With the one-touch paid at expiry it adds up to the discounted cash.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Reiner and Rubinstein, Unscrambling the Binary Code, Risk 4 (9), 1991.
 */
export function noTouchPrice(inputs: NoTouchInputs): Usd {
  assertTouchInputs(inputs)
  return value(inputs)
}

/** @throws {InvalidInputError} A field is outside its range, no time or vol is left, or the spot is at the barrier. */
export function noTouchGreeks(inputs: NoTouchInputs): AssetGreeks {
  assertTouchInputs(inputs)
  return assetGreeks(value, inputs, spotRangeAt(inputs.barrier, inputs.spot))
}

function value(inputs: NoTouchInputs): Usd {
  const { direction, spot, barrier, cash } = inputs
  if (isTouched(direction, spot, barrier)) return 0
  const law = lognormalLaw(inputs)
  return cash * law.discount * survivalProbability(law.drift, law.deviation, logMoneyness(barrier, spot))
}
