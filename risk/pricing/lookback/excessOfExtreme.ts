import { exp, gaussLegendreRule, normalCdf, normalPdf } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { imageTail } from '../diffusion/imageTail.ts'
import { type AssetInputs, lognormalLaw } from '../diffusion/index.ts'
import { logMoneyness } from '../logMoneyness.ts'

/** Which extreme of the path until expiry. */
export type Extreme = 'maximum' | 'minimum'

const rule = gaussLegendreRule(12)
/** Below this size of the exponents the quotient by the carry is taken as the mean of its derivative. */
const SMALL_CARRY = 0.5

/**
 * Value now of max(0, maximum - level), level at or above the spot, or of max(0, level - minimum), level at or below it: the part of every lookback that is not a bond or the asset.
 *
 * With e = 1 (maximum) or -1, d = (ln(S/X) + (b + vol^2/2) T) / (vol sqrt T), c = 2 b / vol^2 and b the carry:
 * e (S e^((b-r)T) N(e d) - X e^(-rT) N(e (d - vol sqrt T))) + e S e^(-rT) (e^(bT) N(e d) - (S/X)^-c N(e (d - c vol sqrt T))) / c.
 * The last quotient is regular at c = 0; near it, it is computed as the integral over u from 0 to 1 of the numerator's derivative at c u, by 12 Gauss-Legendre points.
 * The form is analytic in the spot, also across the level, so that sensitivities can be taken at an extreme that is being made now. May be negative by a rounding.
 * @see Conze and Viswanathan, Journal of Finance 46 (1991), equations 7 and 11; Goldman, Sosin and Gatto, Journal of Finance 34 (1979).
 */
export function excessOfExtreme(extreme: Extreme, inputs: AssetInputs, level: Usd): Usd {
  const { spot, timeToExpiry, rate, dividendYield } = inputs
  const { discountedForward, discount, drift, deviation } = lognormalLaw(inputs)
  const e = extreme === 'maximum' ? 1 : -1
  const carry = (rate - dividendYield) * timeToExpiry
  if (deviation === 0) return discount * Math.max(0, e * (spot - level), e * (spot * exp(carry) - level))

  const distance = logMoneyness(level, spot)
  const variance = deviation * deviation
  const d = (drift + variance - distance) / deviation
  const vanilla = e * (discountedForward * normalCdf(e * d) - level * discount * normalCdf(e * (d - deviation)))
  const c = (2 * carry) / variance
  const quotient =
    Math.abs(c) * Math.max(Math.abs(distance), variance) <= SMALL_CARRY
      ? meanSlope(e, c, distance, deviation)
      : (exp(carry) * normalCdf(e * d) - exp(distance) * imageTail(drift, deviation, 2 * distance, distance, e === 1 ? -1 : 1)) / c
  return vanilla + e * spot * discount * quotient
}

/** (G(c) - G(0)) / c with G(c) = e^(c s^2 / 2) N(e (a + c s / 2)) - e^(c k) N(e (a - c s / 2)), s the deviation, k the distance, a = s / 2 - k / s; G(0) = 0. */
function meanSlope(e: 1 | -1, c: number, k: number, s: number): number {
  const a = 0.5 * s - k / s
  let mean = 0
  for (let i = 0; i < rule.nodes.length; i++) {
    const at = c * (0.5 + 0.5 * rule.nodes[i]!)
    const d = a + 0.5 * at * s
    const growth = exp(0.5 * at * s * s)
    const slope = growth * (0.5 * s * s * normalCdf(e * d) + e * s * normalPdf(d)) - k * exp(at * k) * normalCdf(e * (d - at * s))
    mean += 0.5 * rule.weights[i]! * slope
  }
  return mean
}
