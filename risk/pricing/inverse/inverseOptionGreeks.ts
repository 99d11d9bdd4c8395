import { normalCdf, normalPdf } from '../../math/index.ts'
import { bsmTerms, payoffShare } from '../vanilla/bsmTerms.ts'
import { type BsmGreeks, type BsmInputs, bsmGreeks } from '../vanilla/index.ts'

/** Greeks of the value in coins and of the value in dollars; names, signs and units per year as {@link BsmGreeks}. */
export type InverseGreeks = { readonly coin: BsmGreeks; readonly usd: BsmGreeks }

/**
 * Price and thirteen Greeks of an option settled in the underlying, in both currencies.
 *
 * In dollars they are those of the option settled in cash. In coins C = V / S, and every derivative in S starts from m = V_S - V / S = +/-e^(-r T) (K / S) N(+/-d2), the strike's part of the
 * value, which is taken from the formula and not from the difference: C_S = m / S.
 * @throws {InvalidInputError} A field is NaN or outside its range.
 */
export function inverseOptionGreeks(inputs: BsmInputs): InverseGreeks {
  const usd = bsmGreeks(inputs)
  const { spot } = inputs
  const { value, inVol, inTime } = strikePart(inputs)
  return {
    usd,
    coin: {
      price: usd.price / spot,
      delta: value / spot,
      gamma: (usd.gamma - (2 * value) / spot) / spot,
      vega: usd.vega / spot,
      theta: usd.theta / spot,
      rho: usd.rho / spot,
      phi: usd.phi / spot,
      vanna: inVol / spot,
      volga: usd.volga / spot,
      charm: inTime / spot,
      speed: (usd.speed - (3 * usd.gamma) / spot + (6 * value) / (spot * spot)) / spot,
      zomma: (usd.zomma - (2 * inVol) / spot) / spot,
      color: (usd.color - (2 * inTime) / spot) / spot,
      veta: usd.veta / spot,
    },
  }
}

/** m = +/-e^(-r T) (K / S) N(+/-d2), dm/dvol and -dm/dT. */
function strikePart(inputs: BsmInputs): { readonly value: number; readonly inVol: number; readonly inTime: number } {
  const { spot, strike, timeToExpiry, vol, rate } = inputs
  const terms = bsmTerms(inputs)
  const { sign, carry, discount, deviation, standardised } = terms
  const unit = (discount * strike) / spot
  if (standardised === null) {
    const value = unit * payoffShare(terms, strike)
    return { value, inVol: 0, inTime: rate * value }
  }
  const { d1, d2 } = standardised
  const density = unit * normalPdf(d2)
  const value = sign * unit * normalCdf(sign * d2)
  // dd2/dvol = -d1 / vol, dd2/dT = b / (vol sqrt T) - d1 / (2 T).
  return { value, inVol: (-density * d1) / vol, inTime: rate * value - density * (carry / deviation - d1 / (2 * timeToExpiry)) }
}
