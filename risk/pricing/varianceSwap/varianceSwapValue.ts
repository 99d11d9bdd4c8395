import { assertInRange, exp } from '../../math/index.ts'
import type { Fraction, Usd, Years } from '../../types/index.ts'

/** A variance swap part of whose period may be over. */
export type VarianceSwapInputs = {
  /** Variance per year realised since the start, in [0, 100]; 0 when nothing has elapsed. */
  readonly realizedVariance: number
  /** In [0, 100]. */
  readonly elapsed: Years
  /** Variance per year that is fair for the rest, in [0, 100]. */
  readonly fairVariance: number
  /** In [0, 100]; not 0 together with `elapsed`. */
  readonly timeToExpiry: Years
  /** Variance per year at which the swap was agreed, in [0, 100]. */
  readonly strikeVariance: number
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
  /** Paid per 1.00 of variance, in [-1e15, 1e15]; above 0 for the receiver of realised variance. */
  readonly notional: Usd
}

/**
 * Value of a variance swap: variance adds up over time, so the expected final variance is the average of what has been realised and what is
 * fair for the rest, by time.
 *
 * @throws {InvalidInputError} A field is outside its range.
 * @see Demeterfi, Derman, Kamal and Zou (1999).
 */
export function varianceSwapValue(inputs: VarianceSwapInputs): Usd {
  const { realizedVariance, elapsed, fairVariance, timeToExpiry, strikeVariance, rate, notional } = inputs
  assertInRange('realizedVariance', realizedVariance, 0, 100)
  assertInRange('elapsed', elapsed, 0, 100)
  assertInRange('fairVariance', fairVariance, 0, 100)
  assertInRange('timeToExpiry', timeToExpiry, 0, 100)
  assertInRange('elapsed + timeToExpiry', elapsed + timeToExpiry, 1e-9, 200)
  assertInRange('strikeVariance', strikeVariance, 0, 100)
  assertInRange('rate', rate, -1, 1)
  assertInRange('notional', notional, -1e15, 1e15)
  const expected = (elapsed * realizedVariance + timeToExpiry * fairVariance) / (elapsed + timeToExpiry)
  return notional * exp(-rate * timeToExpiry) * (expected - strikeVariance)
}
