import { exp } from '../../math/index.ts'
import {
  arithmeticAverageOption,
  type Estimate,
  geometricAverageOption,
  type SimulationPlan,
  simulatePathOption,
} from '../monteCarlo/index.ts'
import { assertDiscreteAsianInputs, type DiscreteAsianInputs } from './asianInputs.ts'
import { fixingTimes } from './fixingTimes.ts'
import { geometricAsianValue } from './geometricAsian.ts'

/**
 * Arithmetic Asian option by simulation: Sobol points and Brownian bridge, with the geometric option on the fixings to come as control.
 *
 * @throws {InvalidInputError} A field is outside the domain of {@link DiscreteAsianInputs}, or the plan outside its own.
 * @see Kemna and Vorst, Journal of Banking and Finance 14 (1990), for the control.
 */
export function simulatedAsian(inputs: DiscreteAsianInputs, plan: SimulationPlan): Estimate {
  assertDiscreteAsianInputs(inputs)
  const { type, spot, strike, rate, dividendYield, vol, timeToExpiry, fixings, pastFixings, pastAverage } = inputs
  const times = fixingTimes(inputs)
  const today = times[0] === 0 ? 1 : 0
  const all = fixings + pastFixings
  const fixed = pastFixings * pastAverage + today * spot
  const ahead = Array.from(times).slice(today)
  const settle = exp(-rate * (timeToExpiry - times[fixings - 1]!))
  if (ahead.length === 0) {
    const average = fixed / all
    return {
      value: settle * Math.max(0, type === 'call' ? average - strike : strike - average),
      standardError: 0,
      paths: plan.paths * plan.scrambles,
    }
  }
  // The control: same type, on the geometric average to come, with the strike that is left for it where one is.
  const left = (all * strike - fixed) / ahead.length
  const controlStrike = left > 0 ? left : strike
  const control = {
    ...inputs,
    strike: controlStrike,
    fixings: ahead.length,
    firstFixing: ahead[0]!,
    pastFixings: 0,
    pastAverage: 0,
    timeToExpiry: times[fixings - 1]!,
  }
  const mean = geometricAsianValue(control) * exp(rate * times[fixings - 1]!)
  const option = { spot, rate, dividendYield, vol, times: ahead, payoff: arithmeticAverageOption(type, strike, all, fixed) }
  const estimate = simulatePathOption({ ...option, control: { payoff: geometricAverageOption(type, controlStrike, spot), mean } }, plan)
  return { ...estimate, value: settle * estimate.value, standardError: settle * estimate.standardError }
}
