import { InvalidInputError } from '../../errors/index.ts'
import { angleParts } from '../../math/angleParts.ts'
import { expOfSum } from '../../math/exp.ts'
import { assertInRange, exp, integrate } from '../../math/index.ts'
import type { Fraction, OptionType, Usd, Years } from '../../types/index.ts'
import { expectedVariance } from './expectedVariance.ts'
import { assertHestonVariance, type HestonVariance } from './hestonInputs.ts'
import { varianceTransform } from './varianceTransform.ts'

/** An option on the variance collected until expiry: the integral of v, not divided by time. */
export type HestonVarianceOptionInputs = HestonVariance & {
  readonly type: OptionType
  /** Collected variance (variance per year x years), in [1e-8, 1e4]. */
  readonly strike: number
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
  /** In [1e-6, 100]. */
  readonly timeToExpiry: Years
  /** Paid per 1.00 of collected variance beyond the strike, in [0, 1e15]. */
  readonly nominal: Usd
}

const TOLERANCE = 1e-12
const MOST_PIECES = 60
const LEAST_SIGMA = 1e-4
const transform = new Float64Array(2)
const phase = new Float64Array(2)

/**
 * Option on collected variance under Heston's model. The put is an inverse Laplace transform along Re l = a > 0, with I the collected
 * variance: E[(K - I)+] = 1 / pi  integral over b > 0 of Re[e^(l K) E[e^(-l I)] / l^2]; the call follows by parity.
 *
 * @throws {InvalidInputError} A field is outside its range, `sigma` is below 1e-4, or the integral does not settle.
 * @see Carr, Geman, Madan and Yor, Finance and Stochastics 9 (2005), for options on realised variance by Laplace transform.
 */
export function hestonVarianceOption({ type, strike, rate, timeToExpiry, nominal, ...model }: HestonVarianceOptionInputs): Usd {
  assertHestonVariance(model)
  assertInRange('sigma', model.sigma, LEAST_SIGMA, 50)
  assertInRange('strike', strike, 1e-8, 1e4)
  assertInRange('rate', rate, -1, 1)
  assertInRange('timeToExpiry', timeToExpiry, 1e-6, 100)
  assertInRange('nominal', nominal, 0, 1e15)
  const mean = expectedVariance(model, timeToExpiry) * timeToExpiry
  // In units of the strike: l = (1 + i b) / K.
  const integrand = (b: number): number => {
    varianceTransform(model, timeToExpiry, 1 / strike, b / strike, transform)
    const size = expOfSum(1 + transform[0]!, 0)
    // 1 / (1 + i b)^2 = (1 - b^2 - 2 i b) / (1 + b^2)^2.
    const norm = (1 + b * b) * (1 + b * b)
    angleParts(b + transform[1]!, phase)
    return (size * (phase[1]! * (1 - b * b) + phase[0]! * 2 * b)) / norm
  }
  let from = 0
  let width = 1
  let sum = 0
  let error = 0
  for (let piece = 0; piece < MOST_PIECES; piece++) {
    const { value, error: change } = integrate(integrand, from, from + width, TOLERANCE / 8)
    sum += value
    error += change
    from += width
    width = from
    varianceTransform(model, timeToExpiry, 1 / strike, from / strike, transform)
    if (expOfSum(1 + transform[0]!, 0) < TOLERANCE * from || from > 2e5) break
  }
  if (!(error + expOfSum(1 + transform[0]!, 0) / from <= 1e-8))
    throw new InvalidInputError({
      argument: 'sigma',
      got: model.sigma,
      limit: 'such that the transform of the variance decays within reach',
    })
  const put = Math.max(0, strike - mean, (strike * sum) / Math.PI)
  return nominal * exp(-rate * timeToExpiry) * (type === 'put' ? put : Math.max(0, put + mean - strike))
}
