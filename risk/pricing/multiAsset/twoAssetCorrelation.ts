import { bivariateNormalCdf as below } from '../../math/index.ts'
import type { OptionType, Usd } from '../../types/index.ts'
import { assertPriceLevel } from '../diffusion/index.ts'
import { type PairGreeks, pairGreeks } from './pairGreeks.ts'
import { assertPairInputs, type PairInputs, pairLaw } from './pairInputs.ts'
import { standardScore } from './standardScore.ts'

/** A vanilla option on asset 2 that pays only if asset 1 ends on the same side of its trigger: above for the call, below for the put. */
export type TwoAssetCorrelationInputs = PairInputs & { readonly type: OptionType; readonly trigger: Usd; readonly strike: Usd }

/**
 * Two-asset correlation option: for the call S2 e^(-q2 T) M(y2 + s2, y1 + rho s2; rho) - strike e^(-rT) M(y2, y1; rho), with M the bivariate normal distribution, s2 the
 * deviation of asset 2 and y the scores of ending above trigger and strike.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Zhang, European Financial Management 1 (1995); Haug, The Complete Guide to Option Pricing Formulas (1998), two-asset correlation options.
 */
export function twoAssetCorrelationPrice(inputs: TwoAssetCorrelationInputs): Usd {
  assertInputs(inputs)
  return Math.max(0, value(inputs))
}

/** @throws {InvalidInputError} A field is outside its range, no time or vol is left, or the correlation is next to 1 or -1. */
export function twoAssetCorrelationGreeks(inputs: TwoAssetCorrelationInputs): PairGreeks {
  assertInputs(inputs)
  return pairGreeks(value, inputs)
}

function assertInputs(inputs: TwoAssetCorrelationInputs): void {
  assertPairInputs(inputs)
  assertPriceLevel('trigger', inputs.trigger)
  assertPriceLevel('strike', inputs.strike)
}

function value(inputs: TwoAssetCorrelationInputs): Usd {
  const { asset1, asset2, deviation1, deviation2, correlation, discount } = pairLaw(inputs)
  const strike = inputs.strike * discount
  const side = inputs.type === 'call' ? 1 : -1
  const y1 = standardScore(asset1, inputs.trigger * discount, deviation1) - deviation1
  const y2 = standardScore(asset2, strike, deviation2) - deviation2
  const asset = below(side * (y2 + deviation2), side * (y1 + correlation * deviation2), correlation)
  return side * (asset2 * asset - strike * below(side * y2, side * y1, correlation))
}
