import type { Usd } from '../../types/index.ts'
import { type AssetGreeks, type AssetInputs, assetGreeks, insideValue, lognormalLaw } from '../diffusion/index.ts'
import { assertCash } from '../digital/digitalInputs.ts'
import { logMoneyness } from '../logMoneyness.ts'
import { assertCorridor } from './barrierInputs.ts'
import { corridorRange } from './doubleBarrier.ts'

/** Pays `cash`, in [0, 1e15], at expiry if the price stays strictly between `lower` and `upper`. */
export type DoubleNoTouchInputs = AssetInputs & { readonly lower: Usd; readonly upper: Usd; readonly cash: Usd }

/**
 * Double no-touch (range binary): cash e^(-rT) times the probability of staying between the barriers.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range, or `upper` is not above `lower`.
 * @see Hui, Applied Financial Economics 6 (1996) prices it by a sine series; here it is the image series of the double barrier.
 */
export function doubleNoTouchPrice(inputs: DoubleNoTouchInputs): Usd {
  assertInputs(inputs)
  return value(inputs)
}

/** @throws {InvalidInputError} A field is outside its range, no time or vol is left, or the spot is at a barrier. */
export function doubleNoTouchGreeks(inputs: DoubleNoTouchInputs): AssetGreeks {
  assertInputs(inputs)
  return assetGreeks(value, inputs, corridorRange(inputs))
}

function assertInputs(inputs: DoubleNoTouchInputs): void {
  assertCorridor(inputs)
  assertCash('cash', inputs.cash)
}

function value(inputs: DoubleNoTouchInputs): Usd {
  const { spot, lower, upper, cash } = inputs
  if (spot <= lower || spot >= upper) return 0
  const from = logMoneyness(lower, spot)
  const to = logMoneyness(upper, spot)
  const { free, lost } = insideValue(lognormalLaw(inputs), { from, to, slope: 0, level: cash }, from, to)
  return Math.max(0, free - lost)
}
