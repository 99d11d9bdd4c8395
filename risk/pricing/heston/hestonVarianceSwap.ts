import { InvalidInputError } from '../../errors/index.ts'
import { expOfSum } from '../../math/exp.ts'
import { assertInRange, integrate } from '../../math/index.ts'
import type { Vol, Years } from '../../types/index.ts'
import { expectedVariance } from './expectedVariance.ts'
import { assertHestonVariance, type HestonVariance } from './hestonInputs.ts'
import { varianceTransform } from './varianceTransform.ts'

/** Fair strikes of swaps on the variance realised until expiry, observed all the time. */
export type VarianceStrikes = {
  /** Expected variance per year. */
  readonly fairVariance: number
  /** Expected root of the variance per year; at most the root of `fairVariance`. */
  readonly fairVolatility: Vol
}

/** A swap on variance realised from now on. */
export type HestonVarianceSwapInputs = HestonVariance & {
  /** In [1e-6, 100]. */
  readonly timeToExpiry: Years
}

const TOLERANCE = 1e-13
const MOST_PIECES = 60
const transform = new Float64Array(2)

/**
 * Fair variance and fair volatility under Heston's variance.
 *
 * Variance: theta + (v0 - theta) (1 - e^(-kappa T)) / (kappa T). Volatility: E[sqrt(A)] = 1 / sqrt(pi)  integral over s > 0 of (1 -
 * E[e^(-s^2 A)]) / s^2, A the variance per year.
 * @throws {InvalidInputError} A field is outside the domain of {@link HestonVarianceSwapInputs}.
 * @see Swishchuk, Wilmott (2004), for the variance; Schuerger (2002) for the root by its Laplace transform.
 */
export function hestonVarianceSwap({ timeToExpiry, ...model }: HestonVarianceSwapInputs): VarianceStrikes {
  assertHestonVariance(model)
  assertInRange('timeToExpiry', timeToExpiry, 1e-6, 100)
  const fairVariance = expectedVariance(model, timeToExpiry)
  // In units of the fair vol, so that the integrand bends around s = 1 whatever the level; nearly sure variance needs no integral.
  const unit = Math.sqrt(fairVariance)
  if (model.sigma < 1e-6) return { fairVariance, fairVolatility: unit }
  const integrand = (s: number): number => {
    varianceTransform(model, timeToExpiry, (s * s) / (fairVariance * timeToExpiry), 0, transform)
    return missing(transform[0]!) / (s * s)
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
    varianceTransform(model, timeToExpiry, (from * from) / (fairVariance * timeToExpiry), 0, transform)
    if (expOfSum(transform[0]!, 0) < TOLERANCE) break
  }
  // Beyond the last piece the transform is spent and 1 / s^2 is left.
  if (!(error + expOfSum(transform[0]!, 0) / from <= 1e-9))
    throw new InvalidInputError({
      argument: 'sigma',
      got: model.sigma,
      limit: 'such that the transform of the variance decays within reach',
    })
  return { fairVariance, fairVolatility: Math.min(unit, (unit * (sum + 1 / from)) / Math.sqrt(Math.PI)) }
}

/** 1 - e^x for x <= 0, by its series where the difference would cancel. */
function missing(x: number): number {
  if (x < -0.1) return 1 - expOfSum(x, 0)
  let term = -x
  let sum = -x
  for (let n = 2; n <= 9; n++) {
    term *= x / n
    sum += term
  }
  return sum
}
