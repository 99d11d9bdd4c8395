import { firstBrokenInvariant } from '../../risk/rules/index.ts'
import type { Check } from './Check.ts'

/** The invariants between parameters hold in every scope after the proposal, and also once the rules that then wait are in force. */
export const jointInvariants: Check = {
  name: 'joint-invariants',
  title: 'Joint invariants hold, also when waiting rules come into force.',
  check: ({ simulation, expectation, state }) => {
    const errors: string[] = []
    const { invariants } = state.catalogue
    let judged = 0
    for (const { state: after, prefix } of simulation.after) {
      for (const { scope, parameters } of after.scopes) {
        const own = invariants.filter(
          ({ left, right }) => parameters.some(({ id }) => id === left) && parameters.some(({ id }) => id === right),
        )
        for (const later of [false, true]) {
          const values = new Map(parameters.map((each) => [each.id, jointValues(each, later)]))
          const broken = firstBrokenInvariant(own, new Set(values.keys()), (id) => values.get(id) ?? { value: 0, baseline: 0 })
          judged += own.length
          if (broken === null) continue
          const joint = own[broken.invariant]
          errors.push(
            `${prefix}${scope}: ${joint?.left} (${broken.left}) may not exceed ${joint?.right} (${broken.right})${later ? ' once the waiting rules are in force' : ''}.`,
          )
        }
      }
    }
    const failed = simulation.failure?.errorName === 'RiskParameters_JointInvariant'
    return {
      info: [`${judged} comparisons over ${expectation.changes.length} expected changes.`],
      warnings: [],
      errors: failed ? [...errors, simulation.failure?.sentence ?? ''] : [...new Set(errors)],
    }
  },
}

type Stored = CheckState['scopes'][number]['parameters'][number]
type CheckState = Parameters<Check['check']>[0]['state']

function jointValues({ value, rule, pendingRule }: Stored, later: boolean): { readonly value: number; readonly baseline: number } {
  if (!later || pendingRule === null) return { value, baseline: rule.baseline }
  const clamped = Math.min(Math.max(value, pendingRule.rule.floor), pendingRule.rule.ceiling)
  return { value: clamped, baseline: pendingRule.rule.baseline }
}
