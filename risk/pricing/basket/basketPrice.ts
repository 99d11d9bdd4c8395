import { expOfSum } from '../../math/exp.ts'
import { exp } from '../../math/index.ts'
import type { Usd } from '../../types/index.ts'
import { type SimulationPlan, simulate } from '../monteCarlo/index.ts'
import { type BasketFactors, basketFactors } from './basketFactors.ts'
import { assertBasketInputs, type BasketInputs } from './basketInputs.ts'
import { conditionalValue } from './conditionalValue.ts'
import { hermiteRule } from './hermiteRule.ts'

/** A price with a bound on its error: what the last refinement of a quadrature changed, or four standard errors of a simulation. */
export type BasketValue = {
  readonly value: Usd
  readonly error: Usd
  /** Present where the price is simulated. */
  readonly standardError?: Usd
  /** dV/dS of each asset. */
  readonly deltas: readonly number[]
}

/** Factors beside the first that the trapezoidal rule takes. */
const MOST_GRID_FACTORS = 2
const REACH = 8.5
/** Change of the trapezoidal rule, as a share of the basket, that is good enough, and its spacings, for one and two factors. */
const GRID_SETTLED = [0, 1e-12, 1e-9]
const GRID_POINTS = [[], [32, 64, 128, 256, 512, 1024, 2048], [24, 36, 54, 80, 120, 180]]
/** The same for the product rule; the most points it may take; and what is still good enough when they are used up. */
const PRODUCT_SETTLED = 1e-6
const MOST_PRODUCT_POINTS = 40_000
const PRODUCT_TOLERATED = 1e-4
const MOST_NODES = 64
const ROOT_OF_TWO_PI = 2.5066282746310002
const PLAN: SimulationPlan = { paths: 2048, scrambles: 16, seed: 0 }

/**
 * Option on a basket. The factor in which the basket moves is integrated in closed form, which leaves a smooth function of the others. Up
 * to two of them are integrated by the trapezoidal rule, refined until it settles, which makes two and three assets exact; more by products
 * of Gauss-Hermite rules, with more points for factors that move more; where those do not settle within 40,000 points, by scrambled Sobol
 * points.
 *
 * @param plan - Size of the simulation, where one is needed.
 * @throws {InvalidInputError} An input is outside the domain of {@link BasketInputs}.
 * @see Choi, Journal of Futures Markets 38 (2018).
 */
export function basketPrice(inputs: BasketInputs, plan: SimulationPlan = PLAN): BasketValue {
  assertBasketInputs(inputs)
  const factors = basketFactors(inputs)
  const discount = exp(-inputs.rate * inputs.timeToExpiry)
  const sign = inputs.type === 'call' ? discount : -discount
  const { value, error, standardError, exercised } =
    factors.rank <= MOST_GRID_FACTORS ? onGrid(inputs, factors) : (onProduct(inputs, factors) ?? simulated(inputs, factors, plan))
  return {
    value: discount * value,
    error: discount * error,
    ...(standardError === undefined ? {} : { standardError: discount * standardError }),
    deltas: Array.from(exercised, (amount, k) => (sign * amount) / inputs.spots[k]!),
  }
}

type Integral = {
  readonly value: number
  readonly error: number
  readonly standardError?: number
  /** Expected weight x price of each asset while the option is exercised. */
  readonly exercised: Float64Array
}

/** The option given the other factors, as a function of them. */
function conditional({ type, strike }: BasketInputs, { assets, sizes, lead, rank, rest, restVariances }: BasketFactors) {
  const c = new Float64Array(assets)
  return (y: Float64Array, share: number, exercised: Float64Array): number => {
    for (let k = 0; k < assets; k++) {
      let move = -0.5 * restVariances[k]!
      for (let j = 0; j < rank; j++) move += rest[k * rank + j]! * y[j]!
      c[k] = sizes[k]! * expOfSum(move, 0)
    }
    return conditionalValue(type, c, lead, strike, share, exercised)
  }
}

/** Trapezoidal rule over a disc, with closer points until the value settles. */
function onGrid(inputs: BasketInputs, factors: BasketFactors): Integral {
  const { rank, assets, sizes } = factors
  const valueAt = conditional(inputs, factors)
  const y = new Float64Array(rank)
  if (rank === 0) {
    const exercised = new Float64Array(assets)
    return { value: valueAt(y, 1, exercised), error: 0, exercised }
  }
  const withPoints = (points: number): Integral => {
    const h = (2 * REACH) / points
    const exercised = new Float64Array(assets)
    let value = 0
    const count = rank === 1 ? points + 1 : (points + 1) * (points + 1)
    for (let index = 0; index < count; index++) {
      let square = 0
      for (let j = 0; j < rank; j++) {
        const place = j === 0 ? index % (points + 1) : Math.floor(index / (points + 1))
        y[j] = -REACH + place * h
        square += y[j]! * y[j]!
      }
      if (square > REACH * REACH) continue
      let weight = expOfSum(-0.5 * square, 0)
      for (let j = 0; j < rank; j++) weight *= h / ROOT_OF_TWO_PI
      value += weight * valueAt(y, weight, exercised)
    }
    return { value, error: Number.POSITIVE_INFINITY, exercised }
  }
  let last = withPoints(GRID_POINTS[rank]![0]!)
  for (const points of GRID_POINTS[rank]!.slice(1)) {
    const now = withPoints(points)
    last = { ...now, error: Math.abs(now.value - last.value) }
    if (last.error <= GRID_SETTLED[rank]! * sumOf(sizes)) break
  }
  return last
}

/** Product of Gauss-Hermite rules, refined until it settles; null where that would take too many points. */
function onProduct(inputs: BasketInputs, factors: BasketFactors): Integral | null {
  const { rank, assets, sizes, rest } = factors
  const valueAt = conditional(inputs, factors)
  const y = new Float64Array(rank)
  const place = new Int32Array(rank)
  /** How far each factor moves the assets at most, in logarithms. */
  const moves = Float64Array.from({ length: rank }, (_, j) => Math.max(...sizes.map((_, k) => Math.abs(rest[k * rank + j]!))))
  const withNodes = (nodes: readonly number[]): Integral => {
    const rules = nodes.map(hermiteRule)
    const exercised = new Float64Array(assets)
    const count = nodes.reduce((a, b) => a * b)
    let value = 0
    place.fill(0)
    for (let index = 0; index < count; index++) {
      let weight = 1
      for (const [j, rule] of rules.entries()) {
        y[j] = rule.nodes[place[j]!]!
        weight *= rule.weights[place[j]!]!
      }
      value += weight * valueAt(y, weight, exercised)
      for (let j = 0; j < rank; j++) {
        place[j] = place[j]! + 1
        if (place[j]! < nodes[j]!) break
        place[j] = 0
      }
    }
    return { value, error: Number.POSITIVE_INFINITY, exercised }
  }
  let last: Integral | null = null
  for (let level = 1; ; level++) {
    const nodes = Array.from(moves, (move) => Math.min(MOST_NODES, 1 + level + Math.ceil(4 * level * move)))
    if (nodes.reduce((a, b) => a * b) > MOST_PRODUCT_POINTS)
      return last !== null && last.error <= PRODUCT_TOLERATED * sumOf(sizes) ? last : null
    const now = withNodes(nodes)
    last = { ...now, error: last === null ? Number.POSITIVE_INFINITY : Math.abs(now.value - last.value) }
    if (last.error <= PRODUCT_SETTLED * sumOf(sizes)) return last
  }
}

function sumOf(values: Float64Array): number {
  return values.reduce((a, b) => a + b)
}

function simulated(inputs: BasketInputs, factors: BasketFactors, plan: SimulationPlan): Integral {
  const valueAt = conditional(inputs, factors)
  const exercised = new Float64Array(factors.assets)
  const share = 1 / (plan.paths * plan.scrambles)
  const { value, standardError } = simulate(
    {
      dimensions: factors.rank,
      controlMean: 0,
      evaluate: (normals, out) => {
        out[0] = valueAt(normals, share, exercised)
        out[1] = 0
      },
    },
    plan,
  )
  return { value, error: 4 * standardError, standardError, exercised }
}
