import { InvalidInputError } from '../../errors/index.ts'
import { expOfSum } from '../../math/exp.ts'
import { assertInRange, exp } from '../../math/index.ts'
import type { Fraction, Usd, Vol, Years } from '../../types/index.ts'
import { brownianBridge } from './brownianBridge.ts'
import { MOST_DIMENSIONS } from './joeKuoNumbers.ts'
import type { Simulation } from './simulateBlocks.ts'

/** What a path pays at expiry: prices at the observation times, and ln(price / spot) beside them. */
export type PathPayoff = (prices: Float64Array, logReturns: Float64Array) => Usd

/** An option on the path of one lognormal asset, observed at given times and paid at the last of them. */
export type PathOption = {
  /** In [1e-9, 1e15]. */
  readonly spot: Usd
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
  readonly dividendYield: Fraction
  /** In [0, 10]. */
  readonly vol: Vol
  /** Rising, above 0, at most 512 of them and none beyond 100. */
  readonly times: readonly Years[]
  readonly payoff: PathPayoff
  /** A payoff that moves with it and whose undiscounted mean is known, to take noise off. */
  readonly control?: { readonly payoff: PathPayoff; readonly mean: Usd }
}

/**
 * The simulation of a path-dependent option, for callers that share its blocks among workers.
 *
 * @throws {InvalidInputError} A field is outside its domain.
 */
export function pathSimulation({ spot, rate, dividendYield, vol, times, payoff, control }: PathOption): Simulation {
  assertInRange('spot', spot, 1e-9, 1e15)
  assertInRange('rate', rate, -1, 1)
  assertInRange('dividendYield', dividendYield, -1, 1)
  assertInRange('vol', vol, 0, 10)
  const steps = times.length
  if (!(steps >= 1 && steps <= MOST_DIMENSIONS))
    throw new InvalidInputError({ argument: 'number of times', got: steps, limit: `in [1, ${MOST_DIMENSIONS}]` })
  const { build } = brownianBridge(times)
  const expiry = times[steps - 1]!
  assertInRange('last time', expiry, 0, 100)
  assertInRange('vol sqrt(last time)', vol * Math.sqrt(expiry), 0, 20)
  const discount = exp(-rate * expiry)
  const drifts = Float64Array.from(times, (time) => (rate - dividendYield - 0.5 * vol * vol) * time)
  const path = new Float64Array(steps)
  const prices = new Float64Array(steps)
  const evaluate = (normals: Float64Array, out: Float64Array): void => {
    build(normals, path)
    for (let i = 0; i < steps; i++) {
      const logReturn = drifts[i]! + vol * path[i]!
      path[i] = logReturn
      prices[i] = spot * expOfSum(logReturn, 0)
    }
    out[0] = discount * payoff(prices, path)
    out[1] = control === undefined ? 0 : discount * control.payoff(prices, path)
  }
  return { dimensions: steps, evaluate, controlMean: control === undefined ? 0 : discount * control.mean }
}
