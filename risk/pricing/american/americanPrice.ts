import { InvalidInputError } from '../../errors/index.ts'
import type { Usd } from '../../types/index.ts'
import { type AmericanInputs, assertAmericanInputs } from './americanInputs.ts'
import { type BoundaryResolution, fitBoundary } from './fitBoundary.ts'
import { payoffNow } from './payoffNow.ts'
import { putOnBoundary } from './putOnBoundary.ts'
import { sureValue } from './sureValue.ts'
import { unitPut } from './unitPut.ts'

/** A price with what two resolutions of the boundary differ by, which bounds the error of the finer one. */
export type CertifiedPrice = { readonly value: Usd; readonly error: Usd }

const CERTIFIED = 1e-6
const SETTLED = 1e-7
const STEPS = 6
const LEVELS: readonly BoundaryResolution[] = [
  { sizes: [8, 16], steps: STEPS, premiumPoints: 48 },
  { sizes: [8, 16, 24], steps: STEPS, premiumPoints: 64 },
  { sizes: [8, 16, 32], steps: STEPS, premiumPoints: 96 },
  { sizes: [8, 16, 32, 48], steps: 2 * STEPS, premiumPoints: 128 },
  { sizes: [8, 16, 32, 64], steps: 4 * STEPS, premiumPoints: 192 },
]

/**
 * American option, certified to 1e-6 of the strike: the boundary is refined until two resolutions agree. Calls are puts with spot and
 * strike, rate and yield exchanged (McDonald and Schroder, J. Computational Finance 1, 1998).
 *
 * @returns Value and error bound in the currency of spot and strike.
 * @throws {InvalidInputError} An input is outside the domain of {@link AmericanInputs}, or, for `vol`, so small beside its carry that no
 * resolution settles.
 * @see risk/pricing/american/README.md for measured accuracy.
 */
export function americanPrice(inputs: AmericanInputs): CertifiedPrice {
  assertAmericanInputs(inputs)
  if (inputs.vol === 0 || inputs.timeToExpiry === 0) return { value: sureValue(inputs), error: 0 }
  const { carry, spot, unit } = unitPut(inputs)
  let coarse = putOnBoundary(fitBoundary(carry, LEVELS[0]!), spot)
  let error = Number.POSITIVE_INFINITY
  for (const level of LEVELS.slice(1)) {
    const fine = putOnBoundary(fitBoundary(carry, level), spot)
    error = Math.abs(fine - coarse)
    coarse = fine
    if (error * unit <= SETTLED * inputs.strike) break
  }
  if (!(error * unit <= CERTIFIED * inputs.strike)) {
    const limit = 'large enough beside rate and yield for the exercise boundary to be resolved'
    throw new InvalidInputError({ argument: 'vol', got: inputs.vol, limit })
  }
  return { value: Math.max(unit * coarse, payoffNow(inputs.type, inputs.spot, inputs.strike)), error: unit * error }
}
