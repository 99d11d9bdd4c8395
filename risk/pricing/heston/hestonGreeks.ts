import { InvalidInputError } from '../../errors/index.ts'
import { differentiate } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { expectedVariance } from './expectedVariance.ts'
import { assertHestonInputs, type HestonInputs } from './hestonInputs.ts'
import { hestonValue } from './hestonPrice.ts'

/** Sensitivities under Heston's model, per 1.00 of what moves and per year of calendar time. */
export type HestonGreeks = {
  /** dV/dS at fixed variance. */
  readonly delta: number
  /** d2V/dS2. */
  readonly gamma: number
  /** dV/dv0, per 1.00 of variance. */
  readonly varianceVega: Usd
  /** dV/dtheta, per 1.00 of long-run variance. */
  readonly longRunVega: Usd
  /** -dV/dT, per year. */
  readonly theta: Usd
  /** Per 1.00 of rate. */
  readonly rho: Usd
  /** Per 1.00 of dividend yield. */
  readonly phi: Usd
}

const LEAST_DEVIATION = 1e-4
const STEP = { deviations: 0.4, ofSpot: 0.25, share: 0.2, rate: 0.05 }

/**
 * Sensitivities by central differences of the price, extrapolated to step 0.
 *
 * @throws {InvalidInputError} An input is outside the domain of {@link HestonInputs}, v0 or theta is 0, or the expected deviation is below
 * 1e-4.
 */
export function hestonGreeks(inputs: HestonInputs): HestonGreeks {
  assertHestonInputs(inputs)
  const { spot, rate, dividendYield, timeToExpiry, v0, theta } = inputs
  for (const [name, value] of [
    ['v0', v0],
    ['theta', theta],
  ] as const) {
    if (value === 0) throw new InvalidInputError({ argument: name, got: value, limit: 'above 0 for sensitivities' })
  }
  const deviation = Math.sqrt(expectedVariance(inputs, timeToExpiry) * timeToExpiry)
  if (!(deviation >= LEAST_DEVIATION))
    throw new InvalidInputError({ argument: 'expected deviation', got: deviation, limit: `at least ${LEAST_DEVIATION} for sensitivities` })
  const value = (change: Partial<HestonInputs>): number => hestonValue({ ...inputs, ...change }).value
  const bySpot = differentiate((x) => value({ spot: x }), spot, Math.min(STEP.deviations * deviation, STEP.ofSpot) * spot)
  const rateStep = STEP.rate / Math.max(timeToExpiry, 1)
  return {
    delta: bySpot.first,
    gamma: bySpot.second,
    varianceVega: differentiate((x) => value({ v0: x }), v0, STEP.share * v0).first,
    longRunVega: differentiate((x) => value({ theta: x }), theta, STEP.share * theta).first,
    theta: -differentiate((x) => value({ timeToExpiry: x }), timeToExpiry, STEP.share * timeToExpiry).first,
    rho: differentiate((x) => value({ rate: x }), rate, rateStep).first,
    phi: differentiate((x) => value({ dividendYield: x }), dividendYield, rateStep).first,
  }
}
