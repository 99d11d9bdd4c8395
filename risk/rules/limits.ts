import type { ParameterRule, Writer } from '../types/index.ts'
import { shareOf } from './arithmetic.ts'

/**
 * Largest tightening of `writer` in one step, own unit, rounded down: the share of the live value, or the step floor if that is more.
 * A zero emergency step is no emergency path. Mirrors `Judge._tightenStep`.
 */
export function largestTightening(value: number, rule: ParameterRule, writer: Writer): number {
  const steward = writer === 'steward'
  if (steward && rule.emergencyStepBps === 0) return 0
  return Math.max(shareOf(value, steward ? rule.emergencyStepBps : rule.tightenStepBps), rule.tightenStepFloor)
}

/** Largest loosening in one step, own unit, rounded down but at least one unit. Mirrors `Judge._judgeLoosening`. */
export function largestLoosening(value: number, rule: ParameterRule): number {
  return Math.max(shareOf(value, rule.loosenStepBps), 1)
}

/** Gross tightening allowed in 24 h, own unit, of the value at the start of the window, rounded down. */
export function tightenBudget(base: number, rule: ParameterRule): number {
  return shareOf(base, rule.tightenBudgetBps)
}
