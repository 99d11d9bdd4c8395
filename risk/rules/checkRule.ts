import type { ParameterRule, ParameterSpec } from '../types/index.ts'
import { shareOf } from './arithmetic.ts'
import { ruleFields } from './classifyRule.ts'

/** A field that is outside its rails or contradicts another: its number in the struct, what was given and the limit it broke. */
export type RuleFault = { readonly field: number; readonly name: keyof ParameterRule; readonly value: number; readonly limit: number }

/** Shortest loosen window, in hours: a budget over a shorter one limits nothing, and no rail bounds the window. */
const MIN_LOOSEN_WINDOW = 24
const MAX_RAMP = 281_474_976_710_655

/** All faults of a rule, in the order in which the contract looks; it reverts with the first. Mirrors `Rules.check`. */
export function ruleFaults(spec: ParameterSpec, rule: ParameterRule): RuleFault[] {
  const { rails } = spec
  const faults: RuleFault[] = []
  const check = (name: keyof ParameterRule, holds: boolean, limit: number): void => {
    if (!holds) faults.push({ field: ruleFields.findIndex(({ field }) => field === name), name, value: rule[name], limit })
  }
  const atLeast = (name: keyof ParameterRule, limit: number): void => check(name, rule[name] >= limit, limit)
  const atMost = (name: keyof ParameterRule, limit: number): void => check(name, rule[name] <= limit, limit)
  atLeast('floor', rails.floor)
  atMost('floor', rule.ceiling)
  atMost('ceiling', rails.ceiling)
  atLeast('baseline', rule.floor)
  atMost('baseline', rule.ceiling)
  atMost('tightenStepBps', rails.maxTightenStepBps)
  // The step floor is for small values; it never allows more than the rail's step at the baseline, or one unit.
  atMost('tightenStepFloor', Math.max(1, shareOf(rule.baseline, rails.maxTightenStepBps)))
  atMost('loosenStepBps', rails.maxLoosenStepBps)
  atLeast('loosenCooldown', rails.minLoosenCooldownMinutes)
  atMost('tightenBudgetBps', rails.maxTightenBudgetBps)
  atMost('loosenBudgetBps', rails.maxLoosenBudgetBps)
  atLeast('loosenWindow', MIN_LOOSEN_WINDOW)
  atLeast('vetoHours', rails.minVetoHours)
  atMost('emergencyStepBps', spec.class === 'risk' ? rails.maxTightenStepBps : 0)
  if (spec.ramped) atLeast('rampPerHour', 1)
  atMost('rampPerHour', spec.ramped ? MAX_RAMP : 0)
  return faults
}
