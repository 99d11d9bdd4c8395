import { InvalidInputError } from '../../errors/index.ts'
import { differentiate } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import type { AssetInputs } from '../diffusion/index.ts'

/** Sensitivities of an Asian option, per 1.00 of what moves and per year of calendar time. */
export type AsianGreeks = {
  /** dV/dS. */
  readonly delta: number
  /** d2V/dS2. */
  readonly gamma: number
  /** Per 1.00 of vol. */
  readonly vega: Usd
  /** Change of the value per year of calendar time while the spot stays where it is and the average collects it. */
  readonly theta: Usd
  /** Per 1.00 of rate. */
  readonly rho: Usd
  /** Per 1.00 of dividend yield. */
  readonly phi: Usd
}

const LEAST_DEVIATION = 1e-6
const STEP = { deviations: 0.4, ofSpot: 0.25, vol: 0.2, rate: 0.05 }

/**
 * Sensitivities by central differences extrapolated to step 0; theta from the Black-Scholes equation,
 * r V - (r - q) S delta - vol^2 S^2 gamma / 2.
 *
 * @param value - The unguarded value.
 * @throws {InvalidInputError} vol sqrt(T) is below 1e-6.
 */
export function asianGreeks<Inputs extends AssetInputs>(value: (inputs: Inputs) => number, inputs: Inputs): AsianGreeks {
  const { spot, rate, dividendYield, vol, timeToExpiry } = inputs
  const deviation = vol * Math.sqrt(timeToExpiry)
  if (!(deviation >= LEAST_DEVIATION))
    throw new InvalidInputError({ argument: 'vol sqrt(timeToExpiry)', got: deviation, limit: `at least ${LEAST_DEVIATION}` })
  const rateStep = STEP.rate / Math.max(timeToExpiry, 1)
  const bySpot = differentiate((x) => value({ ...inputs, spot: x }), spot, Math.min(STEP.deviations * deviation, STEP.ofSpot) * spot)
  return {
    delta: bySpot.first,
    gamma: bySpot.second,
    vega: differentiate((x) => value({ ...inputs, vol: x }), vol, STEP.vol * vol).first,
    theta: rate * value(inputs) - (rate - dividendYield) * spot * bySpot.first - 0.5 * vol * vol * spot * spot * bySpot.second,
    rho: differentiate((x) => value({ ...inputs, rate: x }), rate, rateStep).first,
    phi: differentiate((x) => value({ ...inputs, dividendYield: x }), dividendYield, rateStep).first,
  }
}
