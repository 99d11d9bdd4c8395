import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { GarchParameters } from './GarchParameters.ts'
import { garchPersistence } from './garchPersistence.ts'

/**
 * Expected variance of each of the next `horizon` returns; their sum is the expected variance of the whole span. With persistence p below 1
 * they approach the long-run variance by a factor p a step; from 1 on they grow.
 *
 * @param next - Variance of the next return, for example `garchVariances`' `next`; at least 0.
 * @param horizon - Steps, a whole number from 1 to 100,000.
 * @throws {InvalidInputError} An argument is out of range, or the forecasts grow beyond 1e300.
 * @see Engle and Bollerslev, Econometric Reviews 5 (1986).
 */
export function forecastGarch(parameters: GarchParameters, next: number, horizon: number): Float64Array {
  const persistence = garchPersistence(parameters)
  assertInRange('next', next, 0, Number.MAX_VALUE)
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= 100_000))
    throw new InvalidInputError({ argument: 'horizon', got: horizon, limit: 'a whole number from 1 to 100000' })
  const forecasts = new Float64Array(horizon)
  let variance = next
  for (let k = 0; k < horizon; k++) {
    if (!(variance <= 1e300))
      throw new InvalidInputError({ argument: 'horizon', got: horizon, limit: `below ${k + 1}, where the variance passes 1e300` })
    forecasts[k] = variance
    variance = parameters.omega + persistence * variance
  }
  return forecasts
}
