import { InvalidInputError } from '../../errors/index.ts'
import { assertPositive, differentiate } from '../../math/index.ts'
import type { AssetInputs } from './assetInputs.ts'
import { crossDerivative } from './crossDerivative.ts'

/** Sensitivities of an option on one asset, per 1.00 of what moves and per year of calendar time. A type alias, so that it is a record of names. */
export type AssetGreeks = {
  /** dV/dS. */
  readonly delta: number
  /** d2V/dS2. */
  readonly gamma: number
  /** dV/dvol per 1.00 of volatility. */
  readonly vega: number
  /** -dV/dT, per year. */
  readonly theta: number
  /** dV/dr at fixed dividend yield, per 1.00 of rate. */
  readonly rho: number
  /** dV/dq, per 1.00 of dividend yield. */
  readonly phi: number
  /** d2V/dS dvol. */
  readonly vanna: number
  /** d2V/dvol2. */
  readonly volga: number
}

/** Prices between which the value is smooth in spot: a barrier or an observed extreme is an end. 0 and infinity where there is none. */
export type SpotRange = { readonly from: number; readonly to: number }

/** Below this the value bends within the rounding of its inputs. */
const LEAST_DEVIATION = 1e-6
/** Largest steps: shares of a standard deviation, of vol and of time; a rate in units of 1 / T. */
const STEP = { deviations: 0.4, ofSpot: 0.25, ofDistance: 0.8, vol: 0.25, time: 0.25, rate: 0.05 }

/**
 * Sensitivities of any value of one asset, by central differences extrapolated to step 0 that never leave `smooth`.
 *
 * Accuracy, against closed forms: first derivatives 1e-12, second 2e-9 of their scale, while the value itself is good to 1e-14 of the spot.
 * @param value - The unguarded value; it must take any spot inside `smooth`, and rates a little outside [-1, 1].
 * @throws {InvalidInputError} No time or no vol is left (vol sqrt(T) below 1e-6), or the spot is at an end of `smooth`: there the value has a kink.
 * @see risk/math/differentiate.ts
 */
export function assetGreeks<Inputs extends AssetInputs>(value: (inputs: Inputs) => number, inputs: Inputs, smooth: SpotRange): AssetGreeks {
  const { spot, timeToExpiry, vol, rate, dividendYield } = inputs
  const deviation = vol * Math.sqrt(timeToExpiry)
  if (!(deviation >= LEAST_DEVIATION)) {
    throw new InvalidInputError({
      argument: 'vol * sqrt(timeToExpiry)',
      got: deviation,
      limit: `at least ${LEAST_DEVIATION} for sensitivities`,
    })
  }
  const distance = Math.min(spot - smooth.from, smooth.to - spot)
  assertPositive('distance of spot to the nearest level where the value has a kink', Math.min(distance, spot))
  const spotStep = Math.min(STEP.deviations * deviation * spot, STEP.ofSpot * spot, STEP.ofDistance * distance)
  const volStep = STEP.vol * vol
  const rateStep = STEP.rate / Math.max(timeToExpiry, 1)
  const bySpot = differentiate((x) => value({ ...inputs, spot: x }), spot, spotStep)
  const byVol = differentiate((x) => value({ ...inputs, vol: x }), vol, volStep)
  const together = (s: number, v: number): number => value({ ...inputs, spot: s, vol: v })
  return {
    delta: bySpot.first,
    gamma: bySpot.second,
    vega: byVol.first,
    theta: -differentiate((x) => value({ ...inputs, timeToExpiry: x }), timeToExpiry, STEP.time * timeToExpiry).first,
    rho: differentiate((x) => value({ ...inputs, rate: x }), rate, rateStep).first,
    phi: differentiate((x) => value({ ...inputs, dividendYield: x }), dividendYield, rateStep).first,
    vanna: crossDerivative(together, { x: spot, y: vol, stepX: spotStep, stepY: volStep, secondX: bySpot.second, secondY: byVol.second }),
    volga: byVol.second,
  }
}
