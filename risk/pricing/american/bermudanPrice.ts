import { InvalidInputError } from '../../errors/index.ts'
import { expOfSum } from '../../math/exp.ts'
import { assertInRange, exp, gaussLegendreRule, log, normalCdf } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { type AmericanInputs, assertAmericanInputs } from './americanInputs.ts'
import { sureValue } from './sureValue.ts'
import { unitPut } from './unitPut.ts'

/** An option that may be exercised at `exerciseDates` equally spaced times, the last of them expiry; not today. */
export type BermudanInputs = AmericanInputs & { readonly exerciseDates: number }

const MOST_DATES = 1000
/** Standard deviations of one period covered by one panel of the integral, and of the whole life covered to either side. */
const PANEL = 4
const REACH = 9
const rule = gaussLegendreRule(16)
const ROOT_OF_TWO_PI = 2.5066282746310002

/**
 * Bermudan option by backward integration: at each date the value waiting is the payoff below the exercise price, in closed form, plus the
 * integral of the value above it, by Gauss-Legendre panels that start at that price, so that no panel holds a kink.
 *
 * @throws {InvalidInputError} An input is outside the domain of {@link AmericanInputs}; `exerciseDates` is not a whole number in [1, 1000].
 * @see Sullivan, Review of Financial Studies 13 (2000), for the recursion.
 */
export function bermudanPrice(inputs: BermudanInputs): Usd {
  const { exerciseDates, ...option } = inputs
  assertAmericanInputs(option)
  if (!Number.isInteger(exerciseDates))
    throw new InvalidInputError({ argument: 'exerciseDates', got: exerciseDates, limit: 'a whole number' })
  assertInRange('exerciseDates', exerciseDates, 1, MOST_DATES)
  if (option.vol === 0 || option.timeToExpiry === 0) return sureOnDates(inputs)
  const { carry, spot, unit } = unitPut(option)
  const period = carry.timeToExpiry / exerciseDates
  const deviation = carry.vol * Math.sqrt(period)
  const drift = (carry.rate - carry.dividendYield) * period - 0.5 * deviation * deviation
  // Spots that can be reached from today's, and a little more, so that the last date sees past the ends.
  const reach = REACH * (carry.vol * Math.sqrt(carry.timeToExpiry) + deviation) + Math.abs(drift) * exerciseDates
  const start = log(spot)
  const lowest = start - reach
  const panels = Math.ceil((2 * reach) / (PANEL * deviation))
  const size = panels * rule.nodes.length
  const offsets = new Float64Array(size)
  const weights = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const half = reach / panels
    offsets[i] = half * (2 * Math.floor(i / rule.nodes.length) + 1 + rule.nodes[i % rule.nodes.length]!)
    weights[i] = half * rule.weights[i % rule.nodes.length]!
  }
  const step: Period = {
    drift,
    deviation,
    discount: exp(-carry.rate * period),
    payout: exp(-carry.dividendYield * period),
    lowest,
    panelWidth: (2 * reach) / panels,
    offsets,
    weights,
  }

  // At expiry everything below the strike is exercised and nothing above is worth anything.
  let later: Holding = { price: 0, from: 0, values: new Float64Array(0) }
  for (let date = exerciseDates - 1; date >= 1; date--) {
    const price = exercisePrice(step, later)
    const from = Math.max(price, lowest)
    const values = new Float64Array(offsets.length)
    let count = 0
    while (count < size && from + offsets[count]! <= start + reach) {
      values[count] = waiting(step, later, from + offsets[count]!)
      count += 1
    }
    later = { price, from, values: values.subarray(0, count) }
  }
  return unit * waiting(step, later, start)
}

type Period = {
  readonly drift: number
  readonly deviation: number
  readonly discount: number
  readonly payout: number
  readonly lowest: number
  readonly panelWidth: number
  readonly offsets: Float64Array
  readonly weights: Float64Array
}

/** A unit put on one date: exercised where ln spot is at most `price`; its values held at `from` plus the offsets. */
type Holding = { readonly price: number; readonly from: number; readonly values: Float64Array }

/** Value at ln spot = x of a unit put held until the next date. */
function waiting(step: Period, { price, from, values }: Holding, x: number): number {
  const { drift, deviation, discount, payout, panelWidth, offsets, weights } = step
  const d = (price - x - drift) / deviation
  const exercised = discount * normalCdf(d) - payout * expOfSum(x, 0) * normalCdf(d - deviation)
  const centre = x + drift - from
  const first = Math.max(0, Math.floor((centre - REACH * deviation) / panelWidth)) * rule.nodes.length
  const end = Math.min(values.length, Math.max(0, Math.ceil((centre + REACH * deviation) / panelWidth)) * rule.nodes.length)
  let sum = 0
  for (let i = first; i < end; i++) {
    const z = (offsets[i]! - centre) / deviation
    sum += weights[i]! * values[i]! * expOfSum(-0.5 * z * z, 0)
  }
  return exercised + (discount * sum) / (ROOT_OF_TWO_PI * deviation)
}

/**
 * ln of the spot at which exercising a unit put and waiting are worth the same; somewhere below `lowest` when nothing in reach is
 * exercised.
 */
function exercisePrice(step: Period, later: Holding): number {
  const excess = (x: number): number => 1 - expOfSum(x, 0) - waiting(step, later, x)
  let held = 0
  let exercised = -step.deviation
  while (excess(exercised) < 0) {
    held = exercised
    exercised *= 2
    if (exercised < step.lowest) return exercised - REACH * step.deviation
  }
  for (let bisection = 0; bisection < 60 && held - exercised > 1e-12; bisection++) {
    const middle = 0.5 * (held + exercised)
    if (excess(middle) < 0) held = middle
    else exercised = middle
  }
  return 0.5 * (held + exercised)
}

/** Without risk: the best discounted payoff over the dates. */
function sureOnDates({ exerciseDates, ...option }: BermudanInputs): number {
  if (option.timeToExpiry === 0) return sureValue(option)
  const { type, spot, strike, rate, dividendYield, timeToExpiry } = option
  let best = 0
  for (let date = 1; date <= exerciseDates; date++) {
    const time = (timeToExpiry * date) / exerciseDates
    best = Math.max(best, (type === 'call' ? 1 : -1) * (spot * exp(-dividendYield * time) - strike * exp(-rate * time)))
  }
  return best
}
