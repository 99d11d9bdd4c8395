import { InvalidInputError } from '../../errors/index.ts'
import { differentiate, exp, log } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { type AmericanInputs, assertAmericanInputs } from './americanInputs.ts'
import { type BoundaryResolution, fitBoundary } from './fitBoundary.ts'
import { putOnBoundary } from './putOnBoundary.ts'
import type { Carry } from './solveBoundary.ts'
import { unitPut } from './unitPut.ts'

/** Price and sensitivities of an American option, with respect to spot. */
export type AmericanGreeks = {
  readonly price: Usd
  /** dV/dS. */
  readonly delta: number
  /** d2V/dS2. */
  readonly gamma: number
  /** Per 1.00 of vol. */
  readonly vega: Usd
  /** -dV/dT, per year of calendar time; 0 where the option should be exercised now. */
  readonly theta: Usd
  /** Per 1.00 of rate. */
  readonly rho: Usd
  /** Per 1.00 of dividend yield. */
  readonly phi: Usd
}

const RESOLUTION: BoundaryResolution = { sizes: [8, 16, 24], steps: 6, premiumPoints: 96 }
const LARGEST_LOG_STEP = 0.25
const RATE_STEP = 1e-3
const VOL_STEP = 0.01

/**
 * Price with sensitivities from extrapolated differences of the price: delta and gamma on one boundary, inside the region where the option
 * is held; vega, rho and phi by refitting it; theta from the Black-Scholes equation. Where the option should be exercised the Greeks are
 * those of the payoff.
 *
 * @throws {InvalidInputError} An input is outside the domain of {@link AmericanInputs}, or vol sqrt(T) is below 1e-4, where gamma has no
 * finite scale.
 */
export function americanGreeks(inputs: AmericanInputs): AmericanGreeks {
  assertAmericanInputs(inputs)
  const { type, rate, dividendYield, vol, timeToExpiry } = inputs
  const deviation = vol * Math.sqrt(timeToExpiry)
  if (!(deviation >= 1e-4)) throw new InvalidInputError({ argument: 'vol sqrt(timeToExpiry)', got: deviation, limit: 'at least 1e-4' })
  const { carry, spot, unit } = unitPut(inputs)
  const boundary = fitBoundary(carry, RESOLUTION)
  const put = putOnBoundary(boundary, spot)
  const logSpot = log(spot)
  const room = boundary.kind === 'never' ? Number.POSITIVE_INFINITY : logSpot - boundary.logNow
  if (room <= 1e-9) {
    return { price: unit * put, delta: type === 'put' ? -1 : 1, gamma: 0, vega: 0, theta: 0, rho: 0, phi: 0 }
  }
  // With x = ln spot of the unit put: p' = p_x / s, p'' = (p_xx - p_x) / s^2.
  const along = differentiate((x) => putOnBoundary(boundary, exp(x)), logSpot, Math.min(LARGEST_LOG_STEP * deviation, 0.99 * room))
  const slope = along.first / spot
  const bend = (along.second - along.first) / (spot * spot)
  // A put is K p(S / K); a call is S p(K / S).
  const delta = type === 'put' ? slope : put - spot * slope
  const gamma = type === 'put' ? bend / inputs.strike : (spot * spot * bend) / inputs.spot
  const price = unit * put
  const theta = rate * price - (rate - dividendYield) * inputs.spot * delta - 0.5 * vol * vol * inputs.spot * inputs.spot * gamma
  const slopeIn = (change: (step: number) => Partial<Carry>, step: number): number => {
    const at = (move: number): number => putOnBoundary(fitBoundary({ ...carry, ...change(move) }, RESOLUTION), spot)
    const coarse = (at(step) - at(-step)) / (2 * step)
    const fine = (at(0.5 * step) - at(-0.5 * step)) / step
    return (unit * (4 * fine - coarse)) / 3
  }
  const interest = slopeIn((step) => ({ rate: carry.rate + step }), RATE_STEP)
  const income = slopeIn((step) => ({ dividendYield: carry.dividendYield + step }), RATE_STEP)
  return {
    price,
    delta,
    gamma,
    vega: slopeIn((step) => ({ vol: vol + step }), VOL_STEP * vol),
    theta,
    rho: type === 'put' ? interest : income,
    phi: type === 'put' ? income : interest,
  }
}
