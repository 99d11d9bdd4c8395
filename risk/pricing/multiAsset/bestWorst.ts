import { bivariateNormalCdf as below } from '../../math/index.ts'
import type { OptionType, Usd } from '../../types/index.ts'
import { assertPriceLevel } from '../diffusion/index.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { type PairGreeks, pairGreeks } from './pairGreeks.ts'
import { assertPairInputs, type PairInputs, pairLaw, ratioDeviation } from './pairInputs.ts'
import { standardScore } from './standardScore.ts'

/** An option on the higher (`max`) or the lower (`min`) of two prices at expiry. */
export type BestWorstInputs = PairInputs & { readonly type: OptionType; readonly payoff: 'max' | 'min'; readonly strike: Usd }

/** Below this the two prices keep their ratio. */
const LEAST_DEVIATION = 1e-100

/**
 * Option on the best or the worst of two assets. Each asset contributes its discounted forward times the probability, with that asset as the unit, that it is the one
 * paid for and beyond the strike; the strike is paid with the probability of the same event under the forward measure. All four kinds are formed directly, so that best-of plus worst-of
 * against the two vanilla options is a check and not a definition.
 *
 * @throws {InvalidInputError} A field is NaN or outside its range.
 * @see Stulz, Journal of Financial Economics 10 (1982), equations 11 and 14; Johnson, Journal of Financial and Quantitative Analysis 22 (1987).
 */
export function bestWorstPrice(inputs: BestWorstInputs): Usd {
  assertInputs(inputs)
  return Math.max(0, value(inputs))
}

/** @throws {InvalidInputError} A field is outside its range, no time or vol is left, or the correlation is next to 1 or -1. */
export function bestWorstGreeks(inputs: BestWorstInputs): PairGreeks {
  assertInputs(inputs)
  return pairGreeks(value, inputs)
}

function assertInputs(inputs: BestWorstInputs): void {
  assertPairInputs(inputs)
  assertPriceLevel('strike', inputs.strike)
}

function value(inputs: BestWorstInputs): Usd {
  const { type, payoff } = inputs
  const law = pairLaw(inputs)
  const { asset1, asset2, deviation1, deviation2, correlation, discount } = law
  const strike = inputs.strike * discount
  const ratio = ratioDeviation(law)
  if (ratio < LEAST_DEVIATION) {
    const paid = payoff === 'max' ? Math.max(asset1, asset2) : Math.min(asset1, asset2)
    return undiscountedValue(type, paid, strike, deviation1)
  }
  // Scores of "above the strike" with the asset as the unit, and with the bond as the unit.
  const y1 = standardScore(asset1, strike, deviation1)
  const y2 = standardScore(asset2, strike, deviation2)
  const z1 = y1 - deviation1
  const z2 = y2 - deviation2
  // Scores of "above the other asset", and their correlations with the assets' own shocks.
  const d1 = standardScore(asset1, asset2, ratio)
  const d2 = standardScore(asset2, asset1, ratio)
  const rho1 = Math.max(-1, Math.min(1, (deviation1 - correlation * deviation2) / ratio))
  const rho2 = Math.max(-1, Math.min(1, (deviation2 - correlation * deviation1) / ratio))
  const best = payoff === 'max' ? 1 : -1
  if (type === 'call') {
    const exercise = payoff === 'max' ? 1 - below(-z1, -z2, correlation) : below(z1, z2, correlation)
    return asset1 * below(y1, best * d1, best * rho1) + asset2 * below(y2, best * d2, best * rho2) - strike * exercise
  }
  const exercise = payoff === 'max' ? below(-z1, -z2, correlation) : 1 - below(z1, z2, correlation)
  return strike * exercise - asset1 * below(-y1, best * d1, -best * rho1) - asset2 * below(-y2, best * d2, -best * rho2)
}
