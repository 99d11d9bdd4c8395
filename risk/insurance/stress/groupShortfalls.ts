import { InvalidInputError } from '../../errors/index.ts'
import { assertScenario, type StressScenario } from './StressScenario.ts'
import { assertClosingCosts, type ClosingCosts, closingCost, type ScenarioShortfalls } from './stressedShortfalls.ts'
import type { BookValuer } from './valueBook.ts'

/** The accounts of a group in one underlying: all of them, in one order; what an account has beside positions is in one underlying alone. */
export type StressedMember = {
  readonly valuer: BookValuer
  readonly costs: ClosingCosts
  /** The same stresses for every member, in one order: what each does to this underlying. */
  readonly scenarios: readonly StressScenario[]
}

/**
 * As {@link stressedShortfalls} for accounts that hold several underlyings: max(0, cost of closing in each - equity over all). All fall, rise or stand still together.
 *
 * @throws {InvalidInputError} There is no member, scenarios differ in number, accounts differ in number, or a cost or a scenario is outside its domain.
 */
export function groupShortfalls(members: readonly StressedMember[]): readonly ScenarioShortfalls[] {
  const [first] = members
  if (first === undefined) throw new InvalidInputError({ argument: 'members', got: 'none', limit: 'one underlying or more' })
  for (const { costs, scenarios } of members) {
    assertClosingCosts(costs)
    assertSame('scenarios of a member', scenarios.length, first.scenarios.length)
    scenarios.forEach(assertScenario)
  }
  return first.scenarios.map((scenario, i) => {
    const lacking = members.map(({ valuer, costs, scenarios }) => {
      const { equity, netDelta } = valuer(scenarios[i]!)
      return equity.map((value, account) => closingCost(netDelta[account]!, costs, scenarios[i]!) - value)
    })
    const shortfalls = new Float64Array(lacking[0]!.length)
    for (const each of lacking) {
      assertSame('accounts of a member', each.length, shortfalls.length)
      each.forEach((value, account) => {
        shortfalls[account]! += value
      })
    }
    return { scenario, shortfalls: shortfalls.map((value) => Math.max(0, value)) }
  })
}

function assertSame(argument: string, got: number, limit: number): void {
  if (got !== limit) throw new InvalidInputError({ argument, got, limit: String(limit) })
}
