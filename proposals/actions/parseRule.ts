import type { ParameterRule, ParameterSpec } from '../../risk/types/index.ts'
import type { RuleFields } from '../draft/draftSchema.ts'
import { parseDuration, parseQuantity } from '../draft/parseQuantity.ts'

type Kind = 'own' | 'bps' | 'minutes' | 'hours'

/** How a field of a draft is called in the stored rule, and in which unit people write it. */
export const ruleFieldUnits: Readonly<Record<Exclude<keyof RuleFields, 'value'>, readonly [field: keyof ParameterRule, kind: Kind]>> = {
  floor: ['floor', 'own'],
  ceiling: ['ceiling', 'own'],
  baseline: ['baseline', 'own'],
  tightenStep: ['tightenStepBps', 'bps'],
  tightenStepFloor: ['tightenStepFloor', 'own'],
  loosenStep: ['loosenStepBps', 'bps'],
  tightenCooldown: ['tightenCooldown', 'minutes'],
  loosenCooldown: ['loosenCooldown', 'minutes'],
  tightenBudget: ['tightenBudgetBps', 'bps'],
  loosenBudget: ['loosenBudgetBps', 'bps'],
  loosenWindow: ['loosenWindow', 'hours'],
  veto: ['vetoHours', 'hours'],
  emergencyStep: ['emergencyStepBps', 'bps'],
  emergencyCooldown: ['emergencyCooldown', 'minutes'],
  rampPerHour: ['rampPerHour', 'own'],
}

/**
 * The rule in force with the fields that a draft names.
 *
 * @throws {InvalidInputError} A field has another unit.
 */
export function parseRule(fields: RuleFields, live: ParameterRule, spec: ParameterSpec): ParameterRule {
  const rule: Record<string, number> = { ...live }
  for (const [name, [field, kind]] of Object.entries(ruleFieldUnits)) {
    const text = fields[name as keyof typeof ruleFieldUnits]
    if (text !== undefined) rule[field] = parseField(text, kind, spec, name)
  }
  return rule as unknown as ParameterRule
}

function parseField(text: string, kind: Kind, spec: ParameterSpec, name: string): number {
  const argument = `${name} of ${spec.id}`
  switch (kind) {
    case 'own':
      return parseQuantity(text, spec.unit, argument)
    case 'bps':
      return parseQuantity(text, 'bps', argument)
    case 'minutes':
      return parseDuration(text, 60, argument)
    case 'hours':
      return parseDuration(text, 3_600, argument)
  }
}
