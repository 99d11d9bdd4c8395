import { assertInRange } from '../math/index.ts'
import type { Fraction, Seconds } from '../types/index.ts'
import { assertMarginParameters } from './assertMarginInputs.ts'
import { scanPasses } from './scanPasses.ts'
import type { MarginParameters } from './types.ts'

const DAY = 86_400
/** A stale price widens at once by this much, and by this much at most. */
const LEAST = 1.1
const MOST = 1.5
const BELOW_ONE = 1 - 1e-9

/**
 * Parameters for a market whose price is old (risk policy B10, contract rules A13): new risk and withdrawals scan a price range and an up vol scan that are wider by
 * sqrt(1 + (age - maxAge) / 24 h), at least 1.1 and at most 1.5. Maintenance keeps the last valid values, so an outage flags nobody.
 *
 * @param age - Of the price, in seconds, at least 0.
 * @param maxAge - Age up to which a price is fresh; then the parameters come back as they are.
 * @throws {InvalidInputError} An argument is outside its range.
 */
export function widenForStaleness(parameters: MarginParameters, age: Seconds, maxAge: Seconds): MarginParameters {
  assertMarginParameters(parameters)
  assertInRange('age', age, 0, Number.MAX_SAFE_INTEGER)
  assertInRange('maxAge', maxAge, 0, Number.MAX_SAFE_INTEGER)
  if (age <= maxAge) return parameters
  const factor = stalenessFactor(age - maxAge)
  const target = parameters.newRisk ?? parameters
  const { initial } = scanPasses(parameters)
  return {
    ...parameters,
    newRisk: {
      priceScanRange: Math.min(BELOW_ONE, factor * initial.range),
      volScanUp: Math.min(5, factor * target.volScanUp),
      volScanDown: target.volScanDown,
      shortOptionMinimum: target.shortOptionMinimum,
      tailWeight: target.tailWeight,
      haircut: target.haircut,
    },
  }
}

function stalenessFactor(excess: Seconds): Fraction {
  return Math.min(MOST, Math.max(LEAST, Math.sqrt(1 + excess / DAY)))
}
