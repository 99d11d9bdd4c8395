import { InvalidInputError } from '../../errors/index.ts'
import { type GarchParameters, garchPersistence } from '../../volatility/index.ts'
import type { VarianceFilter } from './VarianceFilter.ts'

/**
 * The filter as a GARCH recursion; EWMA is the one without constant.
 *
 * @throws {InvalidInputError} `decay` is outside (0, 1), or a GARCH parameter is out of range.
 */
export function recursionOf(filter: VarianceFilter): GarchParameters {
  if (filter.kind === 'garch') {
    garchPersistence(filter)
    return filter
  }
  const { decay } = filter
  if (!(decay > 0 && decay < 1)) throw new InvalidInputError({ argument: 'decay', got: decay, limit: 'inside (0, 1)' })
  return { mean: 0, omega: 0, alpha: 1 - decay, gamma: 0, beta: decay }
}
