import { squareRootImpact } from '../../liquidity/index.ts'
import { assertInRange } from '../../math/index.ts'
import type { Fraction, Usd } from '../../types/index.ts'
import { assertScenario, type StressScenario } from './StressScenario.ts'
import type { BookValuer } from './valueBook.ts'

/** What closing an account costs in ordinary times. */
export type ClosingCosts = {
  /** Quoted spread over mid, in [0, 2). */
  readonly spread: Fraction
  /** USD that moves the price by 1 %, above 0. */
  readonly depthUsd: Usd
  /** USD of gas for one account, at least 0. */
  readonly gasUsd: Usd
}

/** What every account would leave unpaid in one scenario, USD, at least 0, in the book's order. */
export type ScenarioShortfalls = { readonly scenario: StressScenario; readonly shortfalls: Float64Array }

/**
 * Shortfall of every account in every scenario: max(0, cost of closing - stressed equity). Closing trades the net delta at half the spread and the square root impact
 * of its size on the stressed depth, and pays the stressed gas; the impact is at most the whole. Each account is closed on its own.
 *
 * @throws {InvalidInputError} A cost or a scenario is outside its domain.
 * @see risk-policy E1, E2; PFMI principle 4: losses beyond what the account itself has posted.
 */
export function stressedShortfalls(
  valuer: BookValuer,
  costs: ClosingCosts,
  scenarios: readonly StressScenario[],
): readonly ScenarioShortfalls[] {
  assertClosingCosts(costs)
  return scenarios.map((scenario) => {
    assertScenario(scenario)
    return { scenario, shortfalls: shortfallsIn(valuer, costs, scenario) }
  })
}

/** @throws {InvalidInputError} A cost is outside its range. */
export function assertClosingCosts({ spread, depthUsd, gasUsd }: ClosingCosts): void {
  assertInRange('spread', spread, 0, 2)
  assertInRange('depthUsd', depthUsd, 1e-9, 1e18)
  assertInRange('gasUsd', gasUsd, 0, 1e12)
}

/** As {@link stressedShortfalls} for one scenario, unguarded. */
export function shortfallsIn(valuer: BookValuer, costs: ClosingCosts, scenario: StressScenario): Float64Array {
  const { equity, netDelta } = valuer(scenario)
  return equity.map((value, account) => {
    if (value >= Math.abs(netDelta[account]!) + costs.gasUsd * scenario.gasMultiple) return 0
    return Math.max(0, closingCost(netDelta[account]!, costs, scenario) - value)
  })
}

/** Cost of closing a net delta in a scenario, USD; at most all of it and the gas. Unguarded. */
export function closingCost(netDelta: Usd, { spread, depthUsd, gasUsd }: ClosingCosts, scenario: StressScenario): Usd {
  const size = Math.abs(netDelta)
  const impact = size < 1e-9 ? 0 : Math.min(1, squareRootImpact(size, depthUsd / scenario.depthDivisor))
  return size * Math.min(1, spread / 2 + impact) + gasUsd * scenario.gasMultiple
}
