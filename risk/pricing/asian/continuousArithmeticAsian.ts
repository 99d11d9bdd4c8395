import { exp } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { assertContinuousAsianInputs, type ContinuousAsianInputs } from './asianInputs.ts'
import { optionOnSum } from './optionOnSum.ts'

const FEWEST_STEPS = 16
const MOST_STEPS = 512
/** Change of the extrapolated value, as a share of the spot, at which refining stops. */
const SETTLED = 1e-9

/** A value with the last change of its extrapolation. */
export type ExtrapolatedValue = { readonly value: Usd; readonly error: Usd }

/**
 * Option on the arithmetic average over a period that ends at expiry: the trapezoidal average of 16, 32, 64, ... prices, whose error falls
 * as 1 / n^2, extrapolated until it settles.
 *
 * @returns The value, and what the last refinement changed.
 * @throws {InvalidInputError} A field is outside the domain of {@link ContinuousAsianInputs}.
 */
export function continuousArithmeticAsian(inputs: ContinuousAsianInputs): ExtrapolatedValue {
  assertContinuousAsianInputs(inputs)
  return continuousArithmeticAsianValue(inputs)
}

/** {@link continuousArithmeticAsian} without the guard. */
export function continuousArithmeticAsianValue(inputs: ContinuousAsianInputs): ExtrapolatedValue {
  const { type, spot, strike, rate, dividendYield, vol, timeToExpiry, elapsed, pastAverage } = inputs
  if (timeToExpiry === 0) {
    const average = elapsed === 0 ? spot : pastAverage
    return { value: Math.max(0, type === 'call' ? average - strike : strike - average), error: 0 }
  }
  const share = timeToExpiry / (timeToExpiry + elapsed)
  const left = (strike - (1 - share) * pastAverage) / spot
  const unit = spot * exp(-rate * timeToExpiry)
  const withSteps = (steps: number): number => {
    const times = Array.from({ length: steps + 1 }, (_, i) => (timeToExpiry * i) / steps)
    const weights = times.map((_, i) => (share * (i === 0 || i === steps ? 0.5 : 1)) / steps)
    return unit * optionOnSum(type, { times, weights }, left, rate - dividendYield, vol)
  }
  // Rows of Romberg's table, two columns deep: the error's second term falls as 1 / n^4.
  let before = withSteps(FEWEST_STEPS)
  let once = before
  let value = before
  let error = Number.POSITIVE_INFINITY
  for (let steps = 2 * FEWEST_STEPS; steps <= MOST_STEPS; steps *= 2) {
    const raw = withSteps(steps)
    const next = (4 * raw - before) / 3
    const twice = steps === 2 * FEWEST_STEPS ? next : (16 * next - once) / 15
    error = Math.abs(twice - value)
    before = raw
    once = next
    value = twice
    if (error <= SETTLED * spot) break
  }
  return { value: Math.max(0, value), error }
}
