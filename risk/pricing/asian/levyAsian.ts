import { exp, gaussLegendreRule, log } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { assertContinuousAsianInputs, type ContinuousAsianInputs } from './asianInputs.ts'
import { lognormalOption } from './lognormalOption.ts'

const rule = gaussLegendreRule(48)

/**
 * Approximation of a continuously observed arithmetic Asian option: the average taken as lognormal with its own mean and variance. Not a
 * price; its error is in the README.
 *
 * @throws {InvalidInputError} A field is outside the domain of {@link ContinuousAsianInputs}.
 * @see Levy, J. International Money and Finance 11 (1992).
 */
export function levyAsian(inputs: ContinuousAsianInputs): Usd {
  assertContinuousAsianInputs(inputs)
  const { type, spot, strike, rate, dividendYield, vol, timeToExpiry, elapsed, pastAverage } = inputs
  const growth = (rate - dividendYield) * timeToExpiry
  const share = elapsed === 0 ? 1 : timeToExpiry / (timeToExpiry + elapsed)
  // With u uniform in time: E[A] / S = mean of e^(growth u); E[A^2] / S^2 = 2 x mean over s < u of e^(growth u + (growth + vol^2 T) s), its
  // inner integral closed.
  let first = 0
  let second = 0
  for (let i = 0; i < rule.nodes.length; i++) {
    const u = 0.5 * (1 + rule.nodes[i]!)
    const weight = 0.5 * rule.weights[i]! * exp(growth * u)
    first += weight
    second += 2 * weight * u * meanGrowth((growth + vol * vol * timeToExpiry) * u)
  }
  const deviation = Math.sqrt(Math.max(0, log(second / (first * first))))
  const left = strike - (1 - share) * pastAverage
  return lognormalOption(type, share * spot * first, left, deviation, rate * timeToExpiry)
}

/** (e^x - 1) / x, by its series where the difference would cancel. */
function meanGrowth(x: number): number {
  if (Math.abs(x) > 0.5) return (exp(x) - 1) / x
  let term = 1
  let sum = 1
  for (let n = 2; n <= 14; n++) {
    term *= x / n
    sum += term
  }
  return sum
}
