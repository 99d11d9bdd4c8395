import type { Usd } from '../../types/index.ts'
import { type AssetGreeks, assetGreeks, discountedHit, hitProbability, lognormalLaw } from '../diffusion/index.ts'
import { logMoneyness } from '../logMoneyness.ts'
import { assertTouchInputs, isTouched, type OneTouchInputs, spotRangeAt } from './touchInputs.ts'

/**
 * One-touch: cash times E[e^(-r tau); tau <= T] when paid at the hit, cash e^(-rT) P(tau <= T) when paid at expiry. A spot at or beyond the barrier has touched it.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Reiner and Rubinstein, Unscrambling the Binary Code, Risk 4 (9), 1991. Haug's printed asset-at-hit figures are wrong; his spreadsheet's are right.
 */
export function oneTouchPrice(inputs: OneTouchInputs): Usd {
  assertTouchInputs(inputs)
  return value(inputs)
}

/** @throws {InvalidInputError} A field is outside its range, no time or vol is left, or the spot is at the barrier. */
export function oneTouchGreeks(inputs: OneTouchInputs): AssetGreeks {
  assertTouchInputs(inputs)
  return assetGreeks(value, inputs, spotRangeAt(inputs.barrier, inputs.spot))
}

function value(inputs: OneTouchInputs): Usd {
  const { direction, spot, barrier, cash, payment } = inputs
  const law = lognormalLaw(inputs)
  if (isTouched(direction, spot, barrier)) return payment === 'atHit' ? cash : cash * law.discount
  const level = logMoneyness(barrier, spot)
  return payment === 'atHit' ? cash * discountedHit(law, level) : cash * law.discount * hitProbability(law.drift, law.deviation, level)
}
