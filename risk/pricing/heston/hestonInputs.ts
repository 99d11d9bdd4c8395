import { assertInRange } from '../../math/index.ts'
import type { Fraction, OptionType, Usd, Years } from '../../types/index.ts'
import { assertPriceLevel } from '../diffusion/index.ts'

/** A variance that reverts to a mean: dv = kappa (theta - v) dt + sigma sqrt(v) dW, correlated with the asset by rho. */
export type HestonVariance = {
  /** Variance now, per year: 0.04 is a vol of 20 %. In [0, 25]. */
  readonly v0: number
  /** Speed of reversion per year, in [1e-6, 1000]. */
  readonly kappa: number
  /** Long-run variance per year, in [0, 25]; not 0 together with v0. */
  readonly theta: number
  /** Vol of variance, in [0, 50]. */
  readonly sigma: number
}

/** A European option under Heston's model. */
export type HestonInputs = HestonVariance & {
  readonly type: OptionType
  /** In [1e-9, 1e15]. */
  readonly spot: Usd
  /** In [1e-9, 1e15]. */
  readonly strike: Usd
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
  readonly dividendYield: Fraction
  /** In [0, 100]. */
  readonly timeToExpiry: Years
  /** In [-0.999, 0.999]. */
  readonly rho: number
}

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertHestonInputs(inputs: HestonInputs): void {
  assertPriceLevel('spot', inputs.spot)
  assertPriceLevel('strike', inputs.strike)
  assertInRange('rate', inputs.rate, -1, 1)
  assertInRange('dividendYield', inputs.dividendYield, -1, 1)
  assertInRange('timeToExpiry', inputs.timeToExpiry, 0, 100)
  assertInRange('rho', inputs.rho, -0.999, 0.999)
  assertHestonVariance(inputs)
}

/** @throws {InvalidInputError} A field is NaN or outside its range. */
export function assertHestonVariance({ v0, kappa, theta, sigma }: HestonVariance): void {
  assertInRange('v0', v0, 0, 25)
  assertInRange('kappa', kappa, 1e-6, 1000)
  assertInRange('theta', theta, 0, 25)
  assertInRange('v0 + theta', v0 + theta, 1e-8, 50)
  assertInRange('sigma', sigma, 0, 50)
}
