import { classifyRuleChange, moveOf } from '../../risk/rules/index.ts'
import { formatQuantity } from '../draft/formatQuantity.ts'
import { findStored, type StoredParameter } from '../state/index.ts'
import { type Check, unitOf } from './Check.ts'

/** Names everything that gives risk more room: values that loosen, rule fields that widen, powers that grow. */
export const widening: Check = {
  name: 'widening',
  title: 'What widens is named.',
  check: ({ state, simulation }) => {
    const after = simulation.after[0]?.state
    if (after === undefined) return { info: [], warnings: [], errors: ['There is no state after the proposal to compare with.'] }
    const warnings: string[] = []
    const info: string[] = []
    for (const { scope, parameters } of after.scopes) {
      for (const next of parameters) {
        const spec = state.catalogue.parameters.find(({ id }) => id === next.id)
        const live = findStored(simulation.before[0]?.state ?? state, scope, next.id)
        if (spec === undefined || live === undefined) continue
        const shown = (value: number): string => formatQuantity(value, unitOf(state, next.id))
        if (next.value !== live.value) {
          const words = `${scope} ${next.id} from ${shown(live.value)} to ${shown(next.value)}`
          if (moveOf(spec.direction, next.value, live.value) === 'tighten') info.push(`Tightens: ${words}.`)
          else warnings.push(`Loosens: ${words}${spec.direction === 'twoSided' ? ' (two-sided: every move counts as a loosening)' : ''}.`)
        }
        const rule = newRule(live, next)
        if (rule === null) continue
        for (const { field, from, to, effect } of classifyRuleChange(live.rule, rule.rule, spec.direction)) {
          const words = `${scope} ${next.id}: ${field} from ${from} to ${to} ${effects[effect]}${rule.waits ? `, after the rule delay of ${state.ruleDelay / 3600} h` : ''}`
          if (effect === 'restrictsLoosening' || effect === 'restrictsBoth') info.push(`${words}.`)
          else warnings.push(`${words}.`)
        }
      }
    }
    return { info, warnings, errors: [] }
  },
}

const effects = {
  restrictsLoosening: 'restricts loosening',
  freesLoosening: 'frees loosening',
  restrictsTightening: 'restricts tightening',
  freesTightening: 'frees tightening',
  movesDeadMan: 'moves where the dead-man walks to',
  restrictsBoth: 'restricts both directions',
  freesBoth: 'frees both directions',
} as const

function newRule(live: StoredParameter, next: StoredParameter): { readonly rule: StoredParameter['rule']; readonly waits: boolean } | null {
  if (next.pendingRule !== null && JSON.stringify(next.pendingRule.rule) !== JSON.stringify(live.pendingRule?.rule))
    return { rule: next.pendingRule.rule, waits: true }
  return JSON.stringify(next.rule) === JSON.stringify(live.rule) ? null : { rule: next.rule, waits: false }
}
