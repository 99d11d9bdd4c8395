import { InvalidInputError } from '../../errors/index.ts'
import { expOfSum } from '../../math/exp.ts'
import { assertInRange, assertPositive, cholesky, exp, solveCholesky } from '../../math/index.ts'
import type { Fraction, Usd, Vol, Years } from '../../types/index.ts'
import { brownianBridge } from './brownianBridge.ts'
import type { Estimate } from './estimateOf.ts'
import { gaussianOf } from './gaussianOf.ts'
import { MOST_DIMENSIONS } from './joeKuoNumbers.ts'
import { assertSimulationPlan, type SimulationPlan } from './SimulationPlan.ts'
import { simulate } from './simulate.ts'
import { sobolSequence } from './sobolSequence.ts'

/** An option on lognormal assets that may be exercised at equally spaced dates, the last of them expiry. */
export type BermudanOption = {
  /** Each in [1e-9, 1e15]; lists have one entry per asset. */
  readonly spots: readonly Usd[]
  /** Each in [1e-6, 10]. */
  readonly vols: readonly Vol[]
  /** Each in [-1, 1]. */
  readonly dividendYields: readonly Fraction[]
  /** Symmetric, 1 on the diagonal, positive definite. */
  readonly correlations: readonly (readonly number[])[]
  /** Continuously compounded, in [-1, 1]. */
  readonly rate: Fraction
  /** In (0, 100]. */
  readonly timeToExpiry: Years
  /** Whole number; dates x assets at most 512. */
  readonly exerciseDates: number
  /** What exercising pays at these prices, 0 where it is not worth it. */
  readonly payoff: (prices: Float64Array) => Usd
  /** Writes functions of the prices, about 1 in size, from which the value of waiting is guessed; `features` of them. */
  readonly describe: (prices: Float64Array, out: Float64Array) => void
  /** Whole number in [1, 50]. */
  readonly features: number
}

/** Most prices kept in memory for the fit: 160 MB. */
const MOST_PRICES = 20_000_000
const MOST_FEATURES = 50
/** Paths of the fit per path of one scramble. */
const FIT_SHARE = 4
/** Fewer paths in the money than this do not settle a coefficient. */
const PATHS_PER_FEATURE = 10
/** Share of its diagonal added to the normal equations, against features that coincide. */
const RIDGE = 1e-9
/** The rule is fitted on the points of another seed than those that price it. */
const FIT_SEED = 0x51ed270b

/**
 * Lower bound of a Bermudan option, close to it where the features fit the value of waiting: least squares on one set of paths gives a rule
 * of exercise, which a second, independent set follows.
 *
 * @param plan - The fit uses four times the paths of one scramble, the price all of them. At most 5e6 paths x assets x dates per scramble.
 * @throws {InvalidInputError} A field or the plan is outside its domain.
 * @see Longstaff and Schwartz, Review of Financial Studies 14 (2001); fit and price on separate paths: Glasserman (2004), section 8.6.
 */
export function simulateBermudan(option: BermudanOption, plan: SimulationPlan): Estimate {
  const lower = assertBermudanOption(option)
  assertSimulationPlan(plan)
  const { spots, rate, exerciseDates, timeToExpiry, payoff, describe, features } = option
  const assets = spots.length
  const dimensions = assets * exerciseDates
  assertInRange('paths x assets x exerciseDates', plan.paths * dimensions, 0, MOST_PRICES / FIT_SHARE)
  const walk = pathsOf(option, lower)
  const discount = exp((-rate * timeToExpiry) / exerciseDates)
  const rules = fitRules(option, plan, walk, discount)

  const prices = new Float64Array(dimensions)
  const seen = new Float64Array(features)
  const evaluate = (normals: Float64Array, out: Float64Array): void => {
    walk(normals, prices)
    out[0] = 0
    out[1] = 0
    let worth = 1
    for (let date = 0; date < exerciseDates; date++) {
      worth *= discount
      const now = prices.subarray(date * assets, (date + 1) * assets)
      const paid = payoff(now)
      if (paid > 0 && isExercised(date === exerciseDates - 1 ? 'expiry' : rules[date]!, paid, now)) {
        out[0] = worth * paid
        return
      }
    }
  }
  const isExercised = (rule: Rule | 'expiry', paid: number, now: Float64Array): boolean => {
    if (rule === 'expiry') return true
    if (rule === 'wait') return false
    describe(now, seen)
    return paid >= product(rule, seen)
  }
  return simulate({ dimensions, controlMean: 0, evaluate }, plan)
}

/** Coefficients of the guessed value of waiting, or none where too few paths were in the money to fit them. */
type Rule = Float64Array | 'wait'

type Walk = (normals: Float64Array, prices: Float64Array) => void

/** Prices of all assets, date after date, from standard normals: the first of them settle the ends of the paths. */
function pathsOf({ spots, vols, dividendYields, rate, timeToExpiry, exerciseDates }: BermudanOption, lower: readonly Float64Array[]): Walk {
  const assets = spots.length
  const times = Float64Array.from({ length: exerciseDates }, (_, i) => (timeToExpiry * (i + 1)) / exerciseDates)
  const { build } = brownianBridge(times)
  const own = new Float64Array(exerciseDates)
  const motions = spots.map(() => new Float64Array(exerciseDates))
  return (normals, prices) => {
    for (let a = 0; a < assets; a++) {
      for (let i = 0; i < exerciseDates; i++) own[i] = normals[i * assets + a]!
      build(own, motions[a]!)
    }
    for (let i = 0; i < exerciseDates; i++) {
      for (let a = 0; a < assets; a++) {
        let motion = 0
        for (let b = 0; b <= a; b++) motion += lower[a]![b]! * motions[b]![i]!
        const drift = rate - dividendYields[a]! - 0.5 * vols[a]! * vols[a]!
        prices[i * assets + a] = spots[a]! * expOfSum(drift * times[i]! + vols[a]! * motion, 0)
      }
    }
  }
}

/**
 * The rule of each date but the last, from the last to the first: least squares of what following the later rules pays, on the paths that
 * are in the money.
 */
function fitRules(option: BermudanOption, plan: SimulationPlan, walk: Walk, discount: number): Rule[] {
  const { spots, exerciseDates, payoff, describe, features } = option
  const assets = spots.length
  const dimensions = assets * exerciseDates
  const paths = FIT_SHARE * plan.paths
  const stored = new Float64Array(paths * dimensions)
  const sequence = sobolSequence(dimensions, (plan.seed ^ FIT_SEED) >>> 0)
  sequence.seek(0)
  const normals = new Float64Array(dimensions)
  for (let path = 0; path < paths; path++) {
    sequence.next(normals)
    for (let d = 0; d < dimensions; d++) normals[d] = gaussianOf(normals[d]!)
    walk(normals, stored.subarray(path * dimensions, (path + 1) * dimensions))
  }
  const pricesAt = (path: number, date: number): Float64Array =>
    stored.subarray(path * dimensions + date * assets, path * dimensions + (date + 1) * assets)

  const later = new Float64Array(paths)
  for (let path = 0; path < paths; path++) later[path] = payoff(pricesAt(path, exerciseDates - 1))
  const rules = new Array<Rule>(exerciseDates - 1)
  const seen = new Float64Array(features)
  for (let date = exerciseDates - 2; date >= 0; date--) {
    const squares = Array.from({ length: features }, () => new Float64Array(features))
    const right = new Float64Array(features)
    let count = 0
    for (let path = 0; path < paths; path++) {
      later[path] = later[path]! * discount
      const now = pricesAt(path, date)
      if (payoff(now) <= 0) continue
      count += 1
      describe(now, seen)
      for (let f = 0; f < features; f++) {
        const row = squares[f]!
        for (let g = 0; g <= f; g++) row[g] = row[g]! + seen[f]! * seen[g]!
        right[f] = right[f]! + seen[f]! * later[path]!
      }
    }
    for (let f = 0; f < features; f++) squares[f]![f] = squares[f]![f]! * (1 + RIDGE)
    const lower = count < PATHS_PER_FEATURE * features ? null : cholesky(squares)
    const rule: Rule = lower === null ? 'wait' : solveCholesky(lower, right)
    rules[date] = rule
    if (rule === 'wait') continue
    for (let path = 0; path < paths; path++) {
      const now = pricesAt(path, date)
      const paid = payoff(now)
      if (paid <= 0) continue
      describe(now, seen)
      if (paid >= product(rule, seen)) later[path] = paid
    }
  }
  return rules
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** @returns The triangle of the correlations. */
function assertBermudanOption(option: BermudanOption): Float64Array[] {
  const { spots, vols, dividendYields, correlations, rate, timeToExpiry, exerciseDates } = option
  const assets = spots.length
  assertInRange('number of spots', assets, 1, MOST_DIMENSIONS)
  for (const [name, list] of Object.entries({ vols, dividendYields, correlations })) {
    if (list.length !== assets)
      throw new InvalidInputError({ argument: name, got: `${list.length} entries`, limit: `${assets}, one per spot` })
  }
  assertInRange('rate', rate, -1, 1)
  assertPositive('timeToExpiry', timeToExpiry)
  assertInRange('timeToExpiry', timeToExpiry, 0, 100)
  if (!Number.isInteger(exerciseDates))
    throw new InvalidInputError({ argument: 'exerciseDates', got: exerciseDates, limit: 'a whole number' })
  assertInRange('exerciseDates', exerciseDates, 1, MOST_DIMENSIONS)
  if (!Number.isInteger(option.features))
    throw new InvalidInputError({ argument: 'features', got: option.features, limit: 'a whole number' })
  assertInRange('features', option.features, 1, MOST_FEATURES)
  assertInRange('exerciseDates x assets', exerciseDates * assets, 1, MOST_DIMENSIONS)
  for (let a = 0; a < assets; a++) {
    assertInRange(`spots[${a}]`, spots[a]!, 1e-9, 1e15)
    assertInRange(`vols[${a}]`, vols[a]!, 1e-6, 10)
    assertInRange(`vols[${a}] sqrt(timeToExpiry)`, vols[a]! * Math.sqrt(timeToExpiry), 0, 10)
    assertInRange(`dividendYields[${a}]`, dividendYields[a]!, -1, 1)
    const row = correlations[a]!
    if (row.length !== assets)
      throw new InvalidInputError({ argument: `correlations[${a}]`, got: `${row.length} entries`, limit: `${assets}, one per spot` })
    for (let b = 0; b < assets; b++) {
      assertInRange(`correlations[${a}][${b}]`, row[b]!, a === b ? 1 : -1, 1)
      if (row[b] !== correlations[b]![a])
        throw new InvalidInputError({ argument: `correlations[${a}][${b}]`, got: row[b], limit: `its mirror image ${correlations[b]![a]}` })
    }
  }
  const lower = cholesky(correlations)
  if (lower === null)
    throw new InvalidInputError({ argument: 'correlations', got: 'an eigenvalue of 0 or below', limit: 'positive definite' })
  return lower
}
