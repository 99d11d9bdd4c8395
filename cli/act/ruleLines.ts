import { ruleFieldUnits } from '../../proposals/actions/parseRule.ts'
import { classifyRuleChange, type RuleChange } from '../../risk/rules/index.ts'
import type { ParameterRule, ParameterSpec } from '../../risk/types/index.ts'
import { formatDuration } from '../kit/time.ts'
import { humanAndRaw, humanValue } from '../kit/values.ts'

/** Every field in which two rules differ, in human units: `loosenCooldown: 1 d → 2 d`. */
export function ruleLines(current: ParameterRule, next: ParameterRule, spec: ParameterSpec): string[] {
  return classifyRuleChange(current, next, spec.direction).map((change) => ruleLine(change, spec))
}

/** One changed field, as drafts call it. */
export function ruleLine({ field, from, to }: RuleChange, { unit }: ParameterSpec): string {
  const [name, [, kind]] = Object.entries(ruleFieldUnits).find(([, [stored]]) => stored === field) ?? [field, [field, 'own'] as const]
  const shown = (value: number): string => {
    switch (kind) {
      case 'own':
        return humanAndRaw(value, unit)
      case 'bps':
        return humanValue(value, 'bps')
      case 'minutes':
        return formatDuration(value * 60)
      case 'hours':
        return formatDuration(value * 3_600)
    }
  }
  return `${name}: ${shown(from)} → ${shown(to)}`
}
