import { InvalidInputError } from '../../errors/index.ts'
import { angleParts, LARGEST_ANGLE } from '../../math/angleParts.ts'
import { expOfSum } from '../../math/exp.ts'
import { exp, integrate } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { logMoneyness } from '../logMoneyness.ts'
import { undiscountedValue } from '../undiscountedValue.ts'
import { assertHestonInputs, type HestonInputs } from './hestonInputs.ts'
import { hestonTransform } from './hestonTransform.ts'

/** Absolute tolerance of the integral, in units of sqrt(forward x strike), and the share of it left beyond the last piece. */
const TOLERANCE = 1e-13
const NEGLIGIBLE = 1e-15
const MOST_PIECES = 60
const transform = new Float64Array(2)
const phase = new Float64Array(2)

/** A price with what the quadrature says of its error. */
export type TransformedPrice = { readonly value: Usd; readonly error: Usd }

/**
 * European option under Heston's model: a Black-Scholes price plus one integral over what the two characteristic functions differ by,
 *
 * V = B(w) + sqrt(F K) / pi  integral over u > 0 of Re[e^(i u ln(F/K)) (e^(-w (u^2 + 1/4) / 2) - phi(u - i/2))] / (u^2 + 1/4),
 *
 * with w such that the two agree at u = 0. Pieces double in width; each is halved until it has settled.
 * @returns The value, and the error the quadrature admits.
 * @throws {InvalidInputError} An input is outside the domain of {@link HestonInputs}, or, for `sigma`, so far out that the integral does
 * not settle to 1e-9 of sqrt(F K).
 * @see Lewis, Option Valuation under Stochastic Volatility (2000); Andersen and Piterbarg, Interest Rate Modeling (2010), for the control.
 */
export function hestonPrice(inputs: HestonInputs): TransformedPrice {
  assertHestonInputs(inputs)
  return hestonValue(inputs)
}

/** {@link hestonPrice} without the guard. */
export function hestonValue(inputs: HestonInputs): TransformedPrice {
  const { type, spot, strike, rate, dividendYield, timeToExpiry } = inputs
  const discount = exp(-rate * timeToExpiry)
  const forward = spot * exp((rate - dividendYield) * timeToExpiry)
  if (timeToExpiry === 0) return { value: undiscountedValue(type, spot, strike, 0), error: 0 }
  const moneyness = logMoneyness(forward, strike)
  hestonTransform(inputs, 0, transform)
  const variance = -8 * transform[0]!

  const integrand = (u: number): number => {
    const q = u * u + 0.25
    hestonTransform(inputs, u, transform)
    const size = expOfSum(transform[0]!, 0)
    angleParts(u * moneyness, phase)
    const [sine, cosine] = [phase[0]!, phase[1]!]
    angleParts(transform[1]!, phase)
    // Re[e^(i a) (B - s e^(i b))] = B cos a - s cos(a + b).
    return (expOfSum(-0.5 * variance * q, 0) * cosine - size * (cosine * phase[1]! - sine * phase[0]!)) / q
  }
  // Where the angles leave the range of exact reduction, the integrand has to be spent.
  const farthest = Math.abs(moneyness) > 0 ? LARGEST_ANGLE / Math.abs(moneyness) : Number.POSITIVE_INFINITY
  let from = 0
  let width = 1
  let value = 0
  let error = 0
  for (let piece = 0; piece < MOST_PIECES; piece++) {
    const { value: share, error: change } = integrate(integrand, from, from + width, TOLERANCE / 8)
    value += share
    error += change
    from += width
    width = from
    if (2 * from > farthest) break
    hestonTransform(inputs, from, transform)
    if (expOfSum(transform[0]!, 0) < NEGLIGIBLE * from && expOfSum(-0.5 * variance * from * from, 0) < NEGLIGIBLE * from) break
  }
  hestonTransform(inputs, from, transform)
  const rest = (expOfSum(transform[0]!, 0) + expOfSum(-0.5 * variance * from * from, 0)) / from
  const unit = (discount * Math.sqrt(forward) * Math.sqrt(strike)) / Math.PI
  const total = unit * (error + rest)
  if (!(total <= 1e-9 * discount * Math.sqrt(forward) * Math.sqrt(strike)))
    throw new InvalidInputError({
      argument: 'sigma',
      got: inputs.sigma,
      limit: 'such that the transform decays within reach of the quadrature',
    })
  const black = discount * undiscountedValue(type, forward, strike, Math.sqrt(variance))
  const intrinsic = discount * Math.max(0, type === 'call' ? forward - strike : strike - forward)
  return { value: Math.max(intrinsic, black + unit * value), error: total }
}
