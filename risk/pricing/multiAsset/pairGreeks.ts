import { InvalidInputError } from '../../errors/index.ts'
import { differentiate } from '../../math/index.ts'
import { crossDerivative } from '../diffusion/index.ts'
import type { PairInputs } from './pairInputs.ts'

/** Sensitivities of an option on two assets, per 1.00 of what moves and per year of calendar time. */
export type PairGreeks = {
  /** dV/dS1, dV/dS2. */
  readonly delta1: number
  readonly delta2: number
  /** Second derivatives. */
  readonly gamma1: number
  readonly gamma2: number
  /** d2V/dS1 dS2. */
  readonly crossGamma: number
  /** dV/dvol1, dV/dvol2. */
  readonly vega1: number
  readonly vega2: number
  /** dV/dcorrelation. */
  readonly correlationVega: number
  /** -dV/dT. */
  readonly theta: number
  /** dV/dr at fixed yields. */
  readonly rho: number
}

/** Below this the value bends within the rounding of its inputs. */
const LEAST_DEVIATION = 1e-6
/** Largest steps: shares of a standard deviation, of spot, vol and time, of the room that the correlation has; a rate in units of 1 / T. */
const STEP = { deviations: 0.4, ofSpot: 0.25, vol: 0.25, time: 0.25, room: 0.4, rate: 0.05 }

/**
 * Sensitivities of any value of two assets, by central differences extrapolated to step 0.
 *
 * @param value - The unguarded value, smooth in all inputs.
 * @throws {InvalidInputError} A deviation vol sqrt(T) is below 1e-6, or the correlation is within 1e-9 of 1 or -1, where the value is not smooth.
 * @see risk/math/differentiate.ts
 */
export function pairGreeks<Inputs extends PairInputs>(value: (inputs: Inputs) => number, inputs: Inputs): PairGreeks {
  const { spot1, spot2, vol1, vol2, timeToExpiry, rate, correlation } = inputs
  const deviation = Math.min(vol1, vol2) * Math.sqrt(timeToExpiry)
  if (!(deviation >= LEAST_DEVIATION)) {
    throw new InvalidInputError({
      argument: 'vol * sqrt(timeToExpiry)',
      got: deviation,
      limit: `at least ${LEAST_DEVIATION} for sensitivities`,
    })
  }
  const room = 1 - Math.abs(correlation)
  if (!(room >= 1e-9)) {
    throw new InvalidInputError({ argument: 'correlation', got: correlation, limit: 'further than 1e-9 from 1 and -1 for sensitivities' })
  }
  // The value can bend as fast as the ratio of the assets does.
  const scale = Math.min(STEP.ofSpot, STEP.deviations * deviation * Math.sqrt(room))
  const step1 = scale * spot1
  const step2 = scale * spot2
  const by1 = differentiate((x) => value({ ...inputs, spot1: x }), spot1, step1)
  const by2 = differentiate((x) => value({ ...inputs, spot2: x }), spot2, step2)
  const both = (x: number, y: number): number => value({ ...inputs, spot1: x, spot2: y })
  return {
    delta1: by1.first,
    delta2: by2.first,
    gamma1: by1.second,
    gamma2: by2.second,
    crossGamma: crossDerivative(both, { x: spot1, y: spot2, stepX: step1, stepY: step2, secondX: by1.second, secondY: by2.second }),
    vega1: differentiate((x) => value({ ...inputs, vol1: x }), vol1, STEP.vol * Math.sqrt(room) * vol1).first,
    vega2: differentiate((x) => value({ ...inputs, vol2: x }), vol2, STEP.vol * Math.sqrt(room) * vol2).first,
    correlationVega: differentiate((x) => value({ ...inputs, correlation: x }), correlation, STEP.room * room).first,
    theta: -differentiate((x) => value({ ...inputs, timeToExpiry: x }), timeToExpiry, STEP.time * timeToExpiry).first,
    rho: differentiate((x) => value({ ...inputs, rate: x }), rate, STEP.rate / Math.max(timeToExpiry, 1)).first,
  }
}
