import { InvalidInputError } from '../errors/index.ts'
import { assertInRange } from '../math/index.ts'
import type { RawSvi } from './types.ts'

/** Far beyond any market; keeps squares finite. */
const LIMIT = 1e6

/** @throws {InvalidInputError} The parameters are outside the domain of raw SVI. Wings steeper than 2 are arbitrage, not outside it. */
export function assertSvi(path: string, svi: RawSvi): void {
  const { a, b, rho, m, sigma } = svi
  assertInRange(`${path}.a`, a, -LIMIT, LIMIT)
  assertInRange(`${path}.b`, b, 0, LIMIT)
  if (!(Math.abs(rho) < 1)) throw new InvalidInputError({ argument: `${path}.rho`, got: rho, limit: 'inside (-1, 1)' })
  assertInRange(`${path}.m`, m, -LIMIT, LIMIT)
  assertInRange(`${path}.sigma`, sigma, 1e-9, LIMIT)
  const least = a + b * sigma * Math.sqrt(1 - rho * rho)
  if (!(least > 0))
    throw new InvalidInputError({ argument: `${path}.a`, got: a, limit: 'so large that total variance is above 0 everywhere' })
}
