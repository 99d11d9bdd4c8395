import type { Usd } from '../../types/index.ts'
import {
  type AssetGreeks,
  assetGreeks,
  clipSegment,
  discountedHit,
  lognormalLaw,
  segmentValue,
  survivalProbability,
  vanillaSegment,
} from '../diffusion/index.ts'
import { isTouched, spotRangeAt } from '../digital/touchInputs.ts'
import { logMoneyness } from '../logMoneyness.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { assertSingleBarrierInputs, type SingleBarrierInputs } from './barrierInputs.ts'

/**
 * Single barrier option with rebate, all eight kinds.
 *
 * With `alive` the payoff on the spot's side of the barrier and `dead` that beyond it, an out is V(alive) - V*(alive) and an in is V(dead) + V*(alive), V* being seen from the image of the
 * spot in the barrier: the terms A to F of Reiner and Rubinstein, put together by the side of the barrier instead of case by case. A spot at or beyond the
 * barrier has touched it: an out is worth its rebate, an in the vanilla option.
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Reiner and Rubinstein, Breaking Down the Barriers, Risk 4 (8), 1991; Merton, Bell Journal of Economics 4 (1973), for the first of the eight.
 */
export function singleBarrierPrice(inputs: SingleBarrierInputs): Usd {
  assertSingleBarrierInputs(inputs)
  return singleBarrierValue(inputs)
}

/** @throws {InvalidInputError} A field is outside its range, no time or vol is left, or the spot is at the barrier. */
export function singleBarrierGreeks(inputs: SingleBarrierInputs): AssetGreeks {
  assertSingleBarrierInputs(inputs)
  return assetGreeks(singleBarrierValue, inputs, spotRangeAt(inputs.barrier, inputs.spot))
}

function singleBarrierValue(inputs: SingleBarrierInputs): Usd {
  const { type, spot, strike, direction, knock, barrier, rebate } = inputs
  const law = lognormalLaw(inputs)
  const payoff = vanillaSegment(type, spot, strike)
  if (isTouched(direction, spot, barrier))
    return knock === 'out' ? rebate : undiscountedValue(type, law.discountedForward, strike * law.discount, law.deviation)

  const level = logMoneyness(barrier, spot)
  const below = clipSegment(payoff, Number.NEGATIVE_INFINITY, level)
  const above = clipSegment(payoff, level, Number.POSITIVE_INFINITY)
  const [alive, dead] = direction === 'down' ? [above, below] : [below, above]
  const image = segmentValue(law, alive, 2 * level)
  if (knock === 'out') return Math.max(0, segmentValue(law, alive, 0) - image) + rebate * discountedHit(law, level)
  return Math.max(0, segmentValue(law, dead, 0) + image) + rebate * law.discount * survivalProbability(law.drift, law.deviation, level)
}
