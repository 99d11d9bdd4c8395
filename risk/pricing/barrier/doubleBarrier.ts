import type { Usd } from '../../types/index.ts'
import {
  type AssetGreeks,
  assertPriceLevel,
  assetGreeks,
  clipSegment,
  insideValue,
  lognormalLaw,
  type SpotRange,
  segmentValue,
  vanillaSegment,
} from '../diffusion/index.ts'
import { logMoneyness } from '../logMoneyness.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { assertCorridor, type DoubleBarrierInputs } from './barrierInputs.ts'

/**
 * Double barrier option without rebate: the payoff between the barriers less (out) or the payoff outside plus (in) what the images in both barriers carry.
 * Truncation is below 1e-16 of the upper barrier. A spot at or beyond a barrier has touched it: an out is worth nothing, an in the vanilla option.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range, or `upper` is not above `lower`.
 * @see Kunitomo and Ikeda, Mathematical Finance 2 (1992); risk/pricing/diffusion/insideValue.ts.
 */
export function doubleBarrierPrice(inputs: DoubleBarrierInputs): Usd {
  assertInputs(inputs)
  return value(inputs)
}

/** @throws {InvalidInputError} A field is outside its range, no time or vol is left, or the spot is at a barrier. */
export function doubleBarrierGreeks(inputs: DoubleBarrierInputs): AssetGreeks {
  assertInputs(inputs)
  return assetGreeks(value, inputs, corridorRange(inputs))
}

/** Where the spot can move without meeting a barrier. */
export function corridorRange({ spot, lower, upper }: { readonly spot: Usd; readonly lower: Usd; readonly upper: Usd }): SpotRange {
  if (spot <= lower) return { from: 0, to: lower }
  return spot < upper ? { from: lower, to: upper } : { from: upper, to: Number.POSITIVE_INFINITY }
}

function assertInputs(inputs: DoubleBarrierInputs): void {
  assertCorridor(inputs)
  assertPriceLevel('strike', inputs.strike)
}

function value(inputs: DoubleBarrierInputs): Usd {
  const { type, spot, strike, knock, lower, upper } = inputs
  const law = lognormalLaw(inputs)
  const payoff = vanillaSegment(type, spot, strike)
  if (spot <= lower || spot >= upper)
    return knock === 'out' ? 0 : undiscountedValue(type, law.discountedForward, strike * law.discount, law.deviation)

  const from = logMoneyness(lower, spot)
  const to = logMoneyness(upper, spot)
  const { free, lost } = insideValue(law, clipSegment(payoff, from, to), from, to)
  if (knock === 'out') return Math.max(0, free - lost)
  const below = segmentValue(law, clipSegment(payoff, Number.NEGATIVE_INFINITY, from), 0)
  const above = segmentValue(law, clipSegment(payoff, to, Number.POSITIVE_INFINITY), 0)
  return Math.max(0, below + above + lost)
}
