import type { Direction, ParameterRule } from '../types/index.ts'

/** What a change of one field does. Only `restrictsLoosening` is in force at once; everything else waits for the rule delay. */
export type RuleEffect =
  | 'restrictsLoosening'
  | 'freesLoosening'
  | 'restrictsTightening'
  | 'freesTightening'
  | 'movesDeadMan'
  | 'restrictsBoth'
  | 'freesBoth'

type Effects = { readonly up: RuleEffect; readonly down: RuleEffect }

const loosening: Effects = { up: 'freesLoosening', down: 'restrictsLoosening' }
const looseningDelay: Effects = { up: 'restrictsLoosening', down: 'freesLoosening' }
const tightening: Effects = { up: 'freesTightening', down: 'restrictsTightening' }
const tighteningDelay: Effects = { up: 'restrictsTightening', down: 'freesTightening' }
const deadMan: Effects = { up: 'movesDeadMan', down: 'movesDeadMan' }

const floorEffects: Readonly<Record<Direction, Effects>> = {
  up: { up: 'restrictsLoosening', down: 'freesLoosening' },
  down: { up: 'restrictsTightening', down: 'freesTightening' },
  twoSided: { up: 'restrictsBoth', down: 'freesBoth' },
}
const ceilingEffects: Readonly<Record<Direction, Effects>> = {
  up: { up: 'freesTightening', down: 'restrictsTightening' },
  down: { up: 'freesLoosening', down: 'restrictsLoosening' },
  twoSided: { up: 'freesBoth', down: 'restrictsBoth' },
}

/** One row per field, in the order of the struct; a field's position is its number in `RiskParameters_InvalidRule`. Mirrors the table of Rules.sol. */
export const ruleFields: readonly { readonly field: keyof ParameterRule; readonly effects: (direction: Direction) => Effects }[] = [
  { field: 'floor', effects: (direction) => floorEffects[direction] },
  { field: 'ceiling', effects: (direction) => ceilingEffects[direction] },
  { field: 'baseline', effects: () => deadMan },
  { field: 'tightenStepBps', effects: () => tightening },
  { field: 'tightenStepFloor', effects: () => tightening },
  { field: 'loosenStepBps', effects: () => loosening },
  { field: 'tightenCooldown', effects: () => tighteningDelay },
  { field: 'loosenCooldown', effects: () => looseningDelay },
  { field: 'tightenBudgetBps', effects: () => tightening },
  { field: 'loosenBudgetBps', effects: () => loosening },
  { field: 'loosenWindow', effects: () => looseningDelay },
  { field: 'vetoHours', effects: () => looseningDelay },
  { field: 'emergencyStepBps', effects: () => tightening },
  { field: 'emergencyCooldown', effects: () => tighteningDelay },
  { field: 'rampPerHour', effects: () => tightening },
]

/** One changed field of a rule and what the change does. */
export type RuleChange = { readonly field: keyof ParameterRule; readonly from: number; readonly to: number; readonly effect: RuleEffect }

/** Every difference between two rules, in the order of the struct. */
export function classifyRuleChange(current: ParameterRule, next: ParameterRule, direction: Direction): RuleChange[] {
  return ruleFields.flatMap(({ field, effects }) => {
    const from: number = current[field]
    const to: number = next[field]
    return from === to ? [] : [{ field, from, to, effect: effects(direction)[to > from ? 'up' : 'down'] }]
  })
}

/** Whether every difference restricts loosening; true when there is none. Mirrors `Rules.onlyRestrictsLoosening`. */
export function onlyRestrictsLoosening(current: ParameterRule, next: ParameterRule, direction: Direction): boolean {
  return classifyRuleChange(current, next, direction).every(({ effect }) => effect === 'restrictsLoosening')
}
